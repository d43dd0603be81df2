"""Measures whether a recording holds a voice good enough to read; one without a voice is refused, not "neutral"."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from reading import Refusal
from ser.audio import SAMPLE_RATE, SILENCE_DB

LEAST_VOICE = 0.5
"""Seconds of voice. With less, every model guesses."""
QUIETEST_DB = -70.0
"""The loudest frame of a recorded voice lies far above this, at any microphone gain."""
MOST_CLIPPED = 0.05
"""Share of clipped samples. The models were trained with up to this much; more distorts the whole spectrum."""
LEAST_VOICED = 0.12
"""Share of sounding frames with a pitch: 0.5 to 0.95 in the five corpora, under 0.1 for fans, rain and typing."""
LEAST_SNR = 3.0
"""Decibels between voice and background; the training augmented its clips down to this."""

_FRAME, _HOP = 512, 256
_PITCH = (70.0, 500.0)
"""Hertz: the lowest and highest pitch of a voice."""
_PERIODIC = 0.5
"""From this periodicity on a frame counts as voiced."""
_CHUNK = 4096
"""Frames analysed at once, which bounds the memory."""


@dataclass(frozen=True)
class VoiceQuality:
    """Measured facts about one trimmed recording."""

    seconds: float
    voice_seconds: float
    level_db: float
    """The loudest frame, relative to full scale."""
    snr_db: float
    voiced: float
    """Share of sounding frames with a pitch."""
    clipped: float
    weight: float
    """The weight in the fusion with face and words, 0 to 1."""

    def as_dict(self) -> dict[str, float]:
        return {name: round(value, 4) for name, value in asdict(self).items()}


def measure(wave: np.ndarray) -> VoiceQuality:
    """Measures a trimmed wave."""
    levels, periodic, pitch = _frames(wave)
    if not levels.size:
        return VoiceQuality(0.0, 0.0, -120.0, 0.0, 0.0, 0.0, 0.0)
    sounding = levels > levels.max() - SILENCE_DB
    voiced = sounding & (periodic > _PERIODIC)
    if _is_tone(voiced, sounding, levels, pitch):
        voiced[:] = False
    # Every sounding frame within 0.2 s of a pitch counts: consonants belong to the voice around them.
    reach = round(0.2 * SAMPLE_RATE / _HOP)
    near = np.convolve(voiced, np.ones(2 * reach + 1), "same")[: voiced.size] > 0.5
    voice_seconds = float((sounding & near).sum() * _HOP / SAMPLE_RATE)
    share = float(voiced.sum() / max(1, sounding.sum()))
    snr = float(np.median(levels[voiced]) - np.percentile(levels, 5)) if voiced.any() else 0.0
    clipped = clipped_share(wave)
    weight = (
        _ramp(voice_seconds, LEAST_VOICE / 2, 2.0) * _ramp(snr, 0.0, 15.0) * (1 - _ramp(clipped, 0.0, MOST_CLIPPED))
    )
    return VoiceQuality(wave.size / SAMPLE_RATE, voice_seconds, float(levels.max()), snr, share, clipped, weight)


def refuse(quality: VoiceQuality) -> Refusal | None:
    """The reason not to read such a recording, or None."""
    facts = quality.as_dict()
    if quality.level_db < QUIETEST_DB:
        return Refusal("too_quiet", "There is only silence in the clip; check the microphone and speak up.", facts)
    if quality.seconds < LEAST_VOICE:
        return Refusal("too_short", f"There is less than {LEAST_VOICE} s of sound; speak a sentence or two.", facts)
    if quality.clipped > MOST_CLIPPED:
        return Refusal("clipped", "The recording is overdriven; move away from the microphone.", facts)
    # A held vowel has no pause to measure the background in, but a pitch throughout.
    is_noisy = quality.snr_db < LEAST_SNR and quality.voiced < 0.5
    if quality.voiced < LEAST_VOICED or is_noisy:
        return Refusal("mostly_noise", "No voice stands out from the noise; try a quieter place.", facts)
    if quality.voice_seconds < LEAST_VOICE:
        return Refusal("too_short", f"There is less than {LEAST_VOICE} s of voice; speak a sentence or two.", facts)
    return None


def clipped_share(wave: np.ndarray) -> float:
    """Share of clipped samples: three or more in a row at the clip's own maximum."""
    peak = float(np.abs(wave).max(initial=0.0))
    if peak <= 0:
        return 0.0
    at_top = np.abs(wave) >= 0.99 * peak
    # A slow wave also stays near its peak; only a clipped one is constant there.
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
    levels, periodic, pitch = (np.concatenate(column) for column in zip(*parts, strict=True))
    return levels, periodic, pitch


def _analyse(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    level = 10 * np.log10(np.mean((frames - frames.mean(1, keepdims=True)) ** 2, 1) + 1e-12)
    strength, lag = _periodicity(frames)
    # Slow rumble resembles a deep voice, but only a voice stays periodic in the difference of neighbouring samples.
    sharp, _ = _periodicity(np.diff(frames, axis=1, append=frames[:, -1:]))
    return level, np.where(sharp > _PERIODIC / 2, strength, 0.0), SAMPLE_RATE / lag


def _periodicity(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How well each frame repeats itself (0 to 1), and after how many samples."""
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
    """Whether the sound is a hum or a beep: constant pitch at a constant level."""
    if voiced.sum() < 0.9 * sounding.sum() or voiced.sum() < 10:
        return False
    return bool(np.std(np.log2(pitch[voiced])) < 0.02 and np.std(levels[voiced]) < 1.5)


def _ramp(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))
