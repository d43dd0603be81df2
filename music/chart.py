"""Waveform and mel image of a track, reduced to what a page can draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inference.mel import hz_to_mel, mel_to_hz
from music.audio import SAMPLE_RATE, Excerpts
from music.spectrum import FLOOR_DB, HOP, MELS, Spectrum

BANDS = MELS // 2
_FRAMES = 4
FRAME_SECONDS = _FRAMES * HOP / SAMPLE_RATE
_WAVEFORM_POINTS = 1200
_MEL_COLUMNS = 600


@dataclass(frozen=True)
class TrackChart:
    """What a page draws of a track. In a long track, nothing lies between the excerpts."""

    waveform: np.ndarray
    """(points, 2): lowest and highest sample of each stretch."""
    waveform_seconds: np.ndarray
    mel: np.ndarray
    """(BANDS, columns): decibels from -80 to 0, low tones first."""
    mel_seconds: np.ndarray
    mel_hertz: np.ndarray
    """Centre of each band."""


def mel_image(spectrum: Spectrum) -> np.ndarray:
    """(BANDS, frames of 93 ms) in decibels: the analysis' own mel spectrogram, coarser."""
    fine = spectrum.mel_db[: len(spectrum.mel_db) // _FRAMES * _FRAMES]
    return fine.reshape(len(fine) // _FRAMES, _FRAMES, BANDS, -1).mean((1, 3)).T


def band_hertz() -> np.ndarray:
    """The centre of each row of a mel image."""
    edges = np.linspace(hz_to_mel(0.0), hz_to_mel(SAMPLE_RATE / 2), MELS + 2)
    return mel_to_hz(edges[1:-1].reshape(-1, 2).mean(1))


def chart(track: Excerpts, spectra: Sequence[Spectrum]) -> TrackChart:
    waveform, waveform_seconds, mel, mel_seconds = [], [], [], []
    for start, wave, spectrum in zip(track.starts, track.waves, spectra, strict=True):
        edges = _edges(wave.size, _WAVEFORM_POINTS, len(spectra))
        waveform.append(np.stack([np.minimum.reduceat(wave, edges), np.maximum.reduceat(wave, edges)], axis=1))
        waveform_seconds.append(start + edges / SAMPLE_RATE)
        image = mel_image(spectrum)
        edges = _edges(image.shape[1], _MEL_COLUMNS, len(spectra))
        mel.append(np.maximum.reduceat(image, edges, axis=1))
        mel_seconds.append(start + edges * FRAME_SECONDS)
    return TrackChart(
        waveform=np.concatenate(waveform),
        waveform_seconds=np.concatenate(waveform_seconds),
        mel=np.clip(np.concatenate(mel, axis=1), -FLOOR_DB, 0.0),
        mel_seconds=np.concatenate(mel_seconds),
        mel_hertz=band_hertz(),
    )


def _edges(size: int, points: int, excerpts: int) -> np.ndarray:
    """Where each of an excerpt's points begins."""
    count = min(max(1, points // excerpts), size)
    return np.linspace(0, size, count + 1).astype(int)[:-1]
