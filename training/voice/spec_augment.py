"""Augments mel images in training: masks, shifts, erased patches, mixup; each can be switched off."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor

KINDS = ("time_masks", "frequency_masks", "shifts", "erasing", "mixup")


def disturb(images: Tensor, rng: np.random.Generator, without: Iterable[str] = (), silence: float = 0.0) -> Tensor:
    """Masks, shifts and erasing on a batch (batch, 1, mels, frames); `silence` is the value of a black pixel."""
    off = set(without)
    out = images.clone()
    _, _, mels, frames = out.shape
    for image in out[:, 0]:
        if "shifts" not in off and rng.random() < 0.5:
            by = (int(rng.integers(-mels // 50, mels // 50 + 1)), int(rng.integers(-frames // 50, frames // 50 + 1)))
            image.copy_(_shifted(image, by, silence))
        # SpecAugment: two masks each, filled with the mean (0 after normalisation).
        for _ in range(2):
            if "time_masks" not in off:
                _mask(image, 1, int(rng.integers(0, max(1, frames // 8))), rng)
            if "frequency_masks" not in off:
                _mask(image, 0, int(rng.integers(0, max(1, mels // 8))), rng)
        if "erasing" not in off and rng.random() < 0.25:
            _erase(image, rng, silence)
    return out


def _shifted(image: Tensor, by: tuple[int, int], silence: float) -> Tensor:
    moved = torch.roll(image, by, (0, 1))
    for axis, step in enumerate(by):
        if step:
            edge = slice(0, step) if step > 0 else slice(step, None)
            moved[(edge, slice(None)) if axis == 0 else (slice(None), edge)] = silence
    return moved


def _mask(image: Tensor, axis: int, width: int, rng: np.random.Generator) -> None:
    start = int(rng.integers(0, image.shape[axis] - width + 1))
    image.narrow(axis, start, width).zero_()


def _erase(image: Tensor, rng: np.random.Generator, silence: float) -> None:
    """A rectangle of 2 to 8 % of the image falls silent."""
    mels, frames = image.shape
    area, aspect = rng.uniform(0.02, 0.08) * mels * frames, np.exp(rng.uniform(-1.2, 1.2))
    height = int(np.clip(round(np.sqrt(area * aspect)), 1, mels))
    width = int(np.clip(round(np.sqrt(area / aspect)), 1, frames))
    top, left = int(rng.integers(0, mels - height + 1)), int(rng.integers(0, frames - width + 1))
    image[top : top + height, left : left + width] = silence


def mix(count: int, rng: np.random.Generator, without: Iterable[str] = (), alpha: float = 0.3) -> tuple[Tensor, Tensor]:
    """Mixup for a quarter of the batches: the partner of each clip, and the clip's own share."""
    if "mixup" in set(without) or rng.random() < 0.75:
        return torch.arange(count), torch.ones(count)
    share = rng.beta(alpha, alpha, count).astype(np.float32)
    return torch.from_numpy(rng.permutation(count)), torch.from_numpy(np.maximum(share, 1 - share))
