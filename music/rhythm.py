"""Onsets, tempo and pulse."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from music.spectrum import FRAMES_PER_SECOND, HOP, Spectrum

SLOWEST, FASTEST = 40.0, 220.0
"""Beats a minute, for the pulse clarity and the octave of the tempo."""
_WINDOW = 384
"""Frames (8.9 s) of one autocorrelation; librosa's default."""
_WINDOW_STEP = 4
_MODULATION = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Edges in hertz of the ranges of loudness modulation."""


def onset_envelope(spectrum: Spectrum) -> np.ndarray:
    """The rise of the mel bands from frame to frame, as librosa.onset.onset_strength computes it."""
    rises = np.maximum(np.diff(spectrum.mel_db, axis=0), 0.0).mean(1)
    # Half of the first frames is padding: librosa moves the envelope by as much.
    delay = 2048 // (2 * HOP)
    return np.concatenate([np.zeros(1 + delay, np.float32), rises])[: len(spectrum.mel_db)]


def onsets(envelope: np.ndarray) -> np.ndarray:
    """Frames of the onsets, by the rules and numbers of librosa.onset.onset_detect."""
    if not envelope.size or envelope.max() - envelope.min() <= 1e-9:
        return np.zeros(0, np.int64)
    level = (envelope - envelope.min()) / (envelope.max() - envelope.min())
    before, around = round(0.03 * FRAMES_PER_SECOND), int(0.10 * FRAMES_PER_SECOND)
    highest = _sliding(level, before, 0, np.max, fill=-np.inf)
    usual = _sliding(level, around, around, np.nanmean, fill=np.nan)
    candidates = np.flatnonzero((level == highest) & (level >= usual + 0.07) & (level > 0))
    chosen, last = [], -before - 1
    for frame in candidates:
        if frame > last + before:
            chosen.append(frame)
            last = frame
    return np.array(chosen, np.int64)


def _sliding(
    values: np.ndarray, before: int, after: int, measure: Callable[..., np.ndarray], fill: float
) -> np.ndarray:
    padded = np.pad(values.astype(np.float64), (before, after), constant_values=fill)
    return measure(np.lib.stride_tricks.sliding_window_view(padded, before + after + 1), axis=1)


def autocorrelation(envelope: np.ndarray) -> np.ndarray:
    """Of the onset envelope by lag in frames, 1 at lag 0: librosa's tempogram, averaged over time."""
    padded = np.pad(envelope.astype(np.float64), _WINDOW // 2, mode="linear_ramp")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_WINDOW_STEP] * _HANN
    spectrum = np.fft.rfft(windows, 2 * _WINDOW)
    similarity = np.fft.irfft(np.abs(spectrum) ** 2)[:, :_WINDOW]
    strongest = np.abs(similarity).max(1, keepdims=True)
    return np.divide(similarity, strongest, out=np.zeros_like(similarity), where=strongest > 1e-12).mean(0)


# Periodic, as librosa's windows are.
_HANN = np.hanning(_WINDOW + 1)[:-1]


def tempo(similarity: np.ndarray) -> float:
    """Beats a minute, as librosa.feature.tempo: the strongest lag, weighted towards two beats a second."""
    lags = np.arange(1, _WINDOW)
    beats = 60.0 * FRAMES_PER_SECOND / lags
    preference = -0.5 * np.log2(beats / 120.0) ** 2
    preference[beats >= 320.0] = -np.inf
    return float(beats[np.argmax(np.log1p(1e6 * np.maximum(similarity[1:], 0.0)) + preference)])


def folded(beats: float, onset_rate: float) -> float:
    """The tempo with its octave corrected by the number of onsets a second.

    Tempo estimates err by factors of two: slow piano pieces come out at 150. The onset rate separates slow from fast
    far better.
    """
    while beats / 60.0 > 1.25 * onset_rate and beats / 2 >= SLOWEST:
        beats /= 2
    while beats / 60.0 < onset_rate / 5.0 and beats * 2 <= FASTEST:
        beats *= 2
    return beats


def pulse_clarity(similarity: np.ndarray) -> float:
    """0 where nothing repeats, towards 1 for a drum machine."""
    fastest, slowest = int(60 * FRAMES_PER_SECOND / FASTEST), int(60 * FRAMES_PER_SECOND / SLOWEST)
    return float(similarity[fastest : slowest + 1].max())


def modulation(spectrum: Spectrum, bands: int = 4) -> np.ndarray:
    """(bands, ranges): the power in decibels of each band's loudness modulation in each range."""
    loudness = spectrum.mel_db.reshape(len(spectrum.mel_db), bands, -1).mean(2)
    power = np.abs(np.fft.rfft(loudness - loudness.mean(0), axis=0)) ** 2 / len(loudness)
    hertz = np.fft.rfftfreq(len(loudness), 1 / FRAMES_PER_SECOND)
    ranges = [(hertz >= low) & (hertz < high) for low, high in pairwise(_MODULATION)]
    return 10 * np.log10(np.stack([power[chosen].mean(0) for chosen in ranges], axis=1) + 1e-3)


def features(spectrum: Spectrum) -> dict[str, float]:
    """Tempo, pulse, onsets and loudness modulation."""
    envelope = onset_envelope(spectrum)
    frames = onsets(envelope)
    similarity = autocorrelation(envelope)
    rate = len(frames) / spectrum.seconds
    beats = folded(tempo(similarity), rate)
    gaps = np.diff(frames) / FRAMES_PER_SECOND
    spread = envelope.std() + 1e-9
    found = {
        "tempo": beats,
        "onset_rate": rate,
        "pulse_clarity": pulse_clarity(similarity),
        "onset_strength": float(envelope.mean()),
        "onset_spread": float(spread),
        "onset_peaks": float((((envelope - envelope.mean()) / spread) ** 3).mean()),
        "onset_of_peaks": float(envelope[frames].mean()) if len(frames) else 0.0,
        "gap_spread": float(gaps.std() / gaps.mean()) if len(gaps) > 1 else 0.0,
    }
    for band, row in enumerate(modulation(spectrum)):
        found |= {f"modulation_{band}_{low:g}": float(value) for low, value in zip(_MODULATION, row, strict=False)}
    return found
