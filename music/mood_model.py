"""Which of four moods a track sounds like: joy, sadness, neutral or anger.

Two kinds of model stand here. `FourConvolutions` is the seed system's: four convolution layers with batch
norm and dropout on standardised mel spectrograms. The linear model works on the measured features. `music.evaluate`
compares them on artists neither has heard, `music.train` ships what wins, and `load` opens whichever that was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from learning import weights
from learning.calibration import softmax
from learning.mel import hz_to_mel, mel_to_hz
from music.audio import SAMPLE_RATE
from music.groups import FOUR
from music.spectrum import HOP, MELS, Spectrum

WEIGHTS = Path(__file__).resolve().parents[1] / "assets" / "weights" / "music" / "moods.safetensors"
BANDS = MELS // 2
_FRAMES = 4
FRAME_SECONDS = _FRAMES * HOP / SAMPLE_RATE
CROP = 215
"""Frames (20 s) that the network sees at once; the scores of a track are the mean over its crops."""


def image(spectrum: Spectrum) -> np.ndarray:
    """(64 mels, frames of 93 ms) in decibels: the analysis' own mel image, coarser."""
    fine = spectrum.mel_db[: len(spectrum.mel_db) // _FRAMES * _FRAMES]
    return fine.reshape(len(fine) // _FRAMES, _FRAMES, BANDS, -1).mean((1, 3)).T


def band_hertz() -> np.ndarray:
    """The centre of each row of an image."""
    edges = np.linspace(hz_to_mel(0.0), hz_to_mel(SAMPLE_RATE / 2), MELS + 2)
    return mel_to_hz(edges[1:-1].reshape(-1, 2).mean(1))


class FourConvolutions(nn.Module):
    """Four times convolution, batch norm, ReLU, pooling and dropout; then the mean over time and one linear layer."""

    def __init__(self, widths: Sequence[int] = (12, 24, 32, 48), dropout: float = 0.3) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in zip((1, *widths), widths, strict=False):
            layers += [
                nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True),
                nn.MaxPool2d(2), nn.Dropout(dropout),
            ]  # fmt: skip
        self.layers = nn.Sequential(*layers)
        self.head = nn.Linear(2 * widths[-1], len(FOUR))

    def forward(self, images: Tensor) -> Tensor:
        """(batch, mels, frames), standardised → (batch, four) logits."""
        seen = self.layers(images.unsqueeze(1))
        return self.head(torch.cat([seen.mean((2, 3)), seen.amax((2, 3))], dim=1))


def crops(picture: np.ndarray) -> np.ndarray:
    """(crops, mels, CROP): one after the other; what is shorter begins again until it fills one."""
    if picture.shape[1] < CROP:
        picture = np.resize(picture.T, (CROP, len(picture))).T
    count = picture.shape[1] // CROP
    return picture[:, : count * CROP].reshape(len(picture), count, CROP).transpose(1, 0, 2)
