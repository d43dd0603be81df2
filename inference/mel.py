"""The mel scale and its filter bank, for every model that takes a spectrogram."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor


def hz_to_mel(hz: np.ndarray | float) -> np.ndarray:
    """Slaney's mel scale: linear below 1 kHz, logarithmic above."""
    hz = np.asarray(hz, np.float64)
    linear = hz / (200.0 / 3)
    return np.where(hz < 1000.0, linear, 15.0 + np.log(np.maximum(hz, 1e-9) / 1000.0) / (np.log(6.4) / 27.0))


def mel_to_hz(mel: np.ndarray | float) -> np.ndarray:
    """The inverse of `hz_to_mel`."""
    mel = np.asarray(mel, np.float64)
    return np.where(mel < 15.0, mel * (200.0 / 3), 1000.0 * np.exp((np.log(6.4) / 27.0) * (mel - 15.0)))


@lru_cache(maxsize=8)
def filter_bank(sample_rate: int, n_fft: int, mels: int, low: float, high: float) -> Tensor:
    """(n_fft / 2 + 1, mels): triangles of equal area; librosa.filters.mel, transposed."""
    bins = np.fft.rfftfreq(n_fft, 1 / sample_rate)
    edges = mel_to_hz(np.linspace(hz_to_mel(low), hz_to_mel(high), mels + 2))
    width = np.diff(edges)
    slopes = edges[:, None] - bins[None]
    rising, falling = -slopes[:-2] / width[:-1, None], slopes[2:] / width[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling)) * (2.0 / (edges[2:] - edges[:-2]))[:, None]
    return torch.from_numpy(triangles.T.astype(np.float32).copy())
