"""Is there a voice in it? Measured before any verdict: a clip without one gets a named reason, never "neutral"."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from reading import Refusal
from ser.audio import SAMPLE_RATE, SILENCE_DB

LEAST_VOICE = 0.5
"""Seconds. Below it every model guesses."""
QUIETEST_DB = -70.0
"""The loudest moment of a recording with somebody in it lies far above this, at any microphone gain."""
MOST_CLIPPED = 0.05
"""Share of samples cut off flat. Up to there the models were trained with it; beyond, the spectrum is the clipper's."""
LEAST_VOICED = 0.12
"""Share of sounding frames with a pitch: 0.5 to 0.95 in the five corpora; fans, rain and typing under 0.1."""
LEAST_SNR = 3.0
"""Decibels between voice and background; the augmentation that the models were trained with ends there too."""

_FRAME, _HOP = 512, 256
_PITCH = (70.0, 500.0)
_PERIODIC = 0.5
_CHUNK = 4096


@dataclass(frozen=True)
class Quality:
    """Measured facts about one trimmed clip."""

    seconds: float
    voice_seconds: float
    level_db: float
    """Of the loudest moment, relative to full scale."""
    snr_db: float
    voiced: float
    """Share of the sounding frames that have a pitch."""
    clipped: float
    weight: float
    """What the clip is worth beside a face or a line: 0…1."""

    def as_dict(self) -> dict[str, float]:
        return {name: round(value, 4) for name, value in asdict(self).items()}


def measure(wave: np.ndarray) -> Quality:
    levels, periodic, pitch = _frames(wave)
    if not levels.size:
        return Quality(0.0, 0.0, -120.0, 0.0, 0.0, 0.0, 0.0)
    sounding = levels > levels.max() - SILENCE_DB
    voiced = sounding & (periodic > _PERIODIC)
    if _is_tone(voiced, sounding, levels, pitch):
        voiced[:] = False
    # Consonants belong to the voice around them: every sounding frame within 0.2 s of a pitch.
    reach = round(0.2 * SAMPLE_RATE / _HOP)
    near = np.convolve(voiced, np.ones(2 * reach + 1), "same")[: voiced.size] > 0.5
    voice_seconds = float((sounding & near).sum() * _HOP / SAMPLE_RATE)
    share = float(voiced.sum() / max(1, sounding.sum()))
    snr = float(np.median(levels[voiced]) - np.percentile(levels, 5)) if voiced.any() else 0.0
    clipped = clipped_share(wave)
    weight = (
        _ramp(voice_seconds, LEAST_VOICE / 2, 2.0) * _ramp(snr, 0.0, 15.0) * (1 - _ramp(clipped, 0.0, MOST_CLIPPED))
    )
    return Quality(wave.size / SAMPLE_RATE, voice_seconds, float(levels.max()), snr, share, clipped, weight)


def refuse(quality: Quality) -> Refusal | None:
    """The reason why nothing should be read from such a clip, or None."""
    facts = quality.as_dict()
    if quality.level_db < QUIETEST_DB:
        return Refusal("too_quiet", "There is only silence in the clip; check the microphone and speak up.", facts)
    if quality.seconds < LEAST_VOICE:
        return Refusal("too_short", f"There is less than {LEAST_VOICE} s of sound; speak a sentence or two.", facts)
    if quality.clipped > MOST_CLIPPED:
        return Refusal("clipped", "The recording is overdriven; move away from the microphone.", facts)
    # A held "aah" has no pause to measure the background in, but all of it has a pitch.
    drowned = quality.snr_db < LEAST_SNR and quality.voiced < 0.5
    if quality.voiced < LEAST_VOICED or drowned:
        return Refusal("mostly_noise", "No voice stands out from the noise; try a quieter place.", facts)
    if quality.voice_seconds < LEAST_VOICE:
        return Refusal("too_short", f"There is less than {LEAST_VOICE} s of voice; speak a sentence or two.", facts)
    return None


def clipped_share(wave: np.ndarray) -> float:
    """Share of samples in flat tops: three or more in a row that stay at the clip's own extreme."""
    peak = float(np.abs(wave).max(initial=0.0))
    if peak <= 0:
        return 0.0
    at_top = np.abs(wave) >= 0.99 * peak
    # A slow wave lingers at its top too; a cut-off one stays there without moving.
    flat = at_top[1:-1] & at_top[:-2] & at_top[2:] & (np.abs(np.diff(wave, 2)) < 0.01 * peak)
    return float(flat.mean()) if flat.size else 0.0


def _frames(wave: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Level in decibels, periodicity in 0…1 and pitch in hertz of every 32 ms frame."""
    if wave.size < _FRAME:
        wave = np.pad(wave, (0, _FRAME - wave.size)) if wave.size else wave
    if not wave.size:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    every = np.lib.stride_tricks.sliding_window_view(wave, _FRAME)[::_HOP]
    parts = [_analyse(every[start : start + _CHUNK]) for start in range(0, len(every), _CHUNK)]
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def _analyse(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    level = 10 * np.log10(np.mean((frames - frames.mean(1, keepdims=True)) ** 2, 1) + 1e-12)
    strength, lag = _periodicity(frames)
    # Rumble's slow waves pass for a deep voice; a real one still shows its pitch in the difference of neighbours.
    sharp, _ = _periodicity(np.diff(frames, axis=1, append=frames[:, -1:]))
    return level, np.where(sharp > _PERIODIC / 2, strength, 0.0), SAMPLE_RATE / lag


def _periodicity(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How well each frame repeats itself (0…1), and after how many samples."""
    window = np.hanning(_FRAME).astype(np.float32)
    correlation = _autocorrelation(frames * window) / np.maximum(_autocorrelation(window[None]), 1e-3)
    short, long = int(SAMPLE_RATE / _PITCH[1]), int(SAMPLE_RATE / _PITCH[0])
    lags = correlation[:, short : long + 1] / np.maximum(correlation[:, :1], 1e-12)
    best = lags.argmax(1)
    return lags[np.arange(len(lags)), best], short + best


def _autocorrelation(frames: np.ndarray) -> np.ndarray:
    spectrum = np.fft.rfft(frames, 2 * _FRAME)
    return np.fft.irfft(np.abs(spectrum) ** 2)[:, : _FRAME // 2]


def _is_tone(voiced: np.ndarray, sounding: np.ndarray, levels: np.ndarray, pitch: np.ndarray) -> bool:
    """A hum or a beep has a pitch too, but one that never moves, at a level that never moves."""
    if voiced.sum() < 0.9 * sounding.sum() or voiced.sum() < 10:
        return False
    return bool(np.std(np.log2(pitch[voiced])) < 0.02 and np.std(levels[voiced]) < 1.5)


def _ramp(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))
