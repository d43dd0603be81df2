"""Describes how a voice sounds in four numbers that a person understands: loudness, speed, pitch, and how it varies.

The models do not use them. They say in words how a recording differs from others (ser/usual.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ser.audio import SAMPLE_RATE

MEASURES = ("loudness_db", "syllables", "pitch_hz", "pitch_range")
"""The names of the numbers, as a reading stores them in its quality."""

_FRAME, _HOP = 640, 160
"""Samples: 40 milliseconds hold at least two periods of the lowest pitch; a new frame every 10."""
_FFT = 1024
_CHUNK = 4096
"""Frames analysed at once, which bounds the memory."""
_PITCH = (70.0, 500.0)
"""Hertz: the lowest and highest pitch of a voice."""
_PERIODIC = 0.5
"""From this periodicity on a frame counts as voiced."""
_HALF_PITCH_COST = 0.05
"""Periodicity that a period loses with each doubling: twice the true period repeats as well as the true one."""
_OCTAVES = 0.8
"""A pitch this far from the median is an error of the method more often than an expression."""
_VOWELS = (300.0, 3000.0)
"""Hertz: the band in which vowels are loud."""
_SOFTEST_DB = 25.0
"""Softer frames, against the loudest, belong to the background."""
_DIP_DB = 2.5
"""How far the band must fall between two syllables."""
_SMOOTHING = 9
"""Frames over which the band is smoothed: shorter than a syllable."""
_SHORTEST_PAUSE = 25
"""Frames without sound that are a pause of the speaker, not the closure of a consonant."""
_LEAST_VOICED = 25
"""Voiced frames, a quarter of a second, without which the numbers would mean nothing."""
_LEAST_VOICED_PART = 10
"""The same for a part of a recording, which is compared only with the rest of it."""


@dataclass(frozen=True)
class VoiceDescription:
    """How a voice sounds in one recording."""

    loudness_db: float
    """The median level of voiced frames, relative to full scale; it also depends on microphone and distance."""
    syllables: float
    """Beats like syllables, for each second of speech without its pauses."""
    pitch_hz: float
    """The median pitch."""
    pitch_range: float
    """Semitones between the 10th and the 90th percentile of the pitch."""

    def as_dict(self) -> dict[str, float]:
        return {name: round(getattr(self, name), 2) for name in MEASURES}


def describe(wave: np.ndarray) -> VoiceDescription | None:
    """Describes a wave (mono, 16 kHz); None where there is too little voice in it."""
    found = _analysed(wave)
    return found and _described(found, np.ones(found.levels.size, bool), _LEAST_VOICED)


def describe_part(
    wave: np.ndarray, start: float, end: float
) -> tuple[VoiceDescription | None, VoiceDescription | None]:
    """Describes the seconds from `start` to `end`, and the rest; None where there is too little voice."""
    found = _analysed(wave)
    if found is None:
        return None, None
    inside = _between(found, start, end)
    return _described(found, inside, _LEAST_VOICED_PART), _described(found, ~inside, _LEAST_VOICED_PART)


def voiced_share(wave: np.ndarray, start: float, end: float) -> float:
    """The share of the frames from `start` to `end` (seconds) that have a voice with a pitch."""
    found = _analysed(wave)
    if found is None or not (inside := _between(found, start, end)).any():
        return 0.0
    return float(found.voiced[inside].mean())


def _between(found: _Analysed, start: float, end: float) -> np.ndarray:
    middles = (np.arange(found.levels.size) * _HOP + _FRAME / 2) / SAMPLE_RATE
    return (middles >= start) & (middles < end)


@dataclass(frozen=True)
class _Analysed:
    """What the frames of one recording hold."""

    levels: np.ndarray
    sounding: np.ndarray
    voiced: np.ndarray
    octaves: np.ndarray
    """The logarithm of the pitch; it means something in voiced frames only."""
    usable: np.ndarray
    """Voiced frames whose pitch is near the median of the recording."""
    beats: np.ndarray


def _analysed(wave: np.ndarray) -> _Analysed | None:
    levels, vowels, periodic, pitch = _frames(wave)
    if not levels.size:
        return None
    sounding = levels > max(levels.max() - _SOFTEST_DB, -90.0)
    voiced = sounding & (periodic > _PERIODIC)
    if not voiced.any():
        return None
    octaves = np.log2(pitch)
    usable = voiced & (np.abs(octaves - np.median(octaves[voiced])) < _OCTAVES)
    beats = [beat for beat in _peaks(_smooth(vowels)) if sounding[beat] and voiced[max(0, beat - 3) : beat + 4].any()]
    is_beat = np.zeros(levels.size, bool)
    is_beat[beats] = True
    return _Analysed(levels, sounding, voiced, octaves, usable, is_beat)


def _described(found: _Analysed, chosen: np.ndarray, least_voiced: int) -> VoiceDescription | None:
    """Describes the `chosen` frames."""
    voiced, usable = found.voiced & chosen, found.usable & chosen
    if voiced.sum() < least_voiced or not usable.any():
        return None
    low, middle, high = np.percentile(found.octaves[usable], (10, 50, 90))
    return VoiceDescription(
        loudness_db=float(np.median(found.levels[voiced])),
        syllables=int((found.beats & chosen).sum()) / (_without_pauses(found.sounding[chosen]) * _HOP / SAMPLE_RATE),
        pitch_hz=float(2**middle),
        pitch_range=float(12 * (high - low)),
    )


def _frames(wave: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of every frame: level and level of the vowels' band in decibels, periodicity in 0…1, pitch in hertz."""
    if wave.size < _FRAME:
        return np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0)
    every = np.lib.stride_tricks.sliding_window_view(np.asarray(wave, np.float32), _FRAME)[::_HOP]
    parts = [_analyse(every[start : start + _CHUNK]) for start in range(0, len(every), _CHUNK)]
    levels, vowels, periodic, pitch = (np.concatenate(column) for column in zip(*parts, strict=True))
    return levels, vowels, periodic, pitch


def _analyse(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    window = np.hanning(_FRAME).astype(np.float32)
    frames = frames - frames.mean(1, keepdims=True)
    power = np.abs(np.fft.rfft(frames * window, _FFT)) ** 2
    hertz = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE)
    band = power[:, (hertz >= _VOWELS[0]) & (hertz <= _VOWELS[1])].sum(1)
    periodic, pitch = _pitch(np.fft.irfft(power), window)
    return _decibels((frames**2).mean(1)), _decibels(band / _FFT), periodic, pitch


def _pitch(correlation: np.ndarray, window: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Periodicity and pitch by the autocorrelation, freed from the window's (Boersma 1993)."""
    shortest, longest = int(SAMPLE_RATE / _PITCH[1]), int(SAMPLE_RATE / _PITCH[0])
    lags = np.arange(shortest, longest + 1)
    of_window = np.fft.irfft(np.abs(np.fft.rfft(window, _FFT)) ** 2)
    found = correlation[:, lags] / np.maximum(correlation[:, :1], 1e-12) * (of_window[0] / of_window[lags])
    best = (found - _HALF_PITCH_COST * np.log2(lags / shortest)).argmax(1)
    row = np.arange(len(found))
    # A parabola through three lags: at a high pitch one lag is more than a semitone.
    inside = np.clip(best, 1, len(lags) - 2)
    before, at, after = (found[row, inside + step] for step in (-1, 0, 1))
    bend = before - 2 * at + after
    shift = np.where(bend < 0, 0.5 * (before - after) / np.minimum(bend, -1e-9), 0.0)
    return found[row, best], SAMPLE_RATE / (lags[inside] + np.clip(shift, -0.5, 0.5))


def _decibels(power: np.ndarray) -> np.ndarray:
    return 10 * np.log10(power + 1e-12)


def _smooth(levels: np.ndarray) -> np.ndarray:
    window = np.hanning(_SMOOTHING + 2)[1:-1]
    return np.convolve(np.pad(levels, _SMOOTHING // 2, "edge"), window / window.sum(), "valid")


def _peaks(levels: np.ndarray) -> list[int]:
    """The peaks between which the level falls by `_DIP_DB`."""
    found, rising = [], True
    top = bottom = float(levels[0])
    place = 0
    for frame, level in enumerate(levels.tolist()):
        if rising:
            if level > top:
                top, place = level, frame
            elif level < top - _DIP_DB:
                found.append(place)
                rising, bottom = False, level
        elif level < bottom:
            bottom = level
        elif level > bottom + _DIP_DB:
            rising, top, place = True, level, frame
    return [*found, place] if rising else found


def _without_pauses(sounding: np.ndarray) -> int:
    """The frames of speech: all between the first and the last sound, without longer gaps."""
    places = np.flatnonzero(sounding)
    gaps = np.diff(places) - 1
    return int(places[-1] - places[0] + 1 - gaps[gaps >= _SHORTEST_PAUSE].sum())
