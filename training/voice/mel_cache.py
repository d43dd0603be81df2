"""Precomputes mel spectrograms of every augmented copy and serves batches."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ser.features import MelSettings, mel_image
from training.voice.cache import AugmentedCopy


class MelImages:
    """The images of one copy, as 16-bit decibels in one memory-mapped file."""

    def __init__(self, folder: Path, copy: AugmentedCopy, settings: MelSettings) -> None:
        self.settings = settings
        name = f"mel-{settings.key()}"
        pixels, lengths = folder / f"{name}.f16", folder / f"{name}.npy"
        if not lengths.exists():
            _compute(copy, settings, pixels, lengths)
        self._ends = np.cumsum(np.load(lengths))
        self._pixels = np.memmap(pixels, np.float16, "r").reshape(-1, settings.mels)

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: int) -> np.ndarray:
        """(frames, mels)."""
        start = int(self._ends[index - 1]) if index else 0
        return self._pixels[start : int(self._ends[index])]

    def statistics(self, clips: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of each mel band over these clips (the training fold, never more)."""
        total, squares, frames = np.zeros(self.settings.mels), np.zeros(self.settings.mels), 0
        for index in clips:
            image = self[int(index)].astype(np.float64)
            total += image.sum(0)
            squares += (image**2).sum(0)
            frames += len(image)
        mean = total / frames
        return mean.astype(np.float32), np.sqrt(squares / frames - mean**2).astype(np.float32)


def _compute(copy: AugmentedCopy, settings: MelSettings, pixels: Path, lengths: Path) -> None:
    def image(index: int) -> np.ndarray:
        return mel_image(torch.from_numpy(copy.wave(index)), settings).T.numpy().astype(np.float16)

    frames = []
    with ThreadPoolExecutor(2) as pool, pixels.open("wb") as file:
        for one in pool.map(image, range(len(copy.wave_ends))):
            file.write(np.ascontiguousarray(one).tobytes())
            frames.append(len(one))
    np.save(lengths, frames)


def image_batch(
    copies: Sequence[MelImages],
    chosen: np.ndarray,
    of_copy: np.ndarray,
    mean: np.ndarray,
    std: np.ndarray,
    width: int | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[Tensor, Tensor]:
    """Normalised images (batch, 1, mels, width) and the frames of sound in each.

    Longer clips are cut at a random place (in the middle without `rng`); shorter ones are padded with silence.
    """
    pieces = [copies[int(copy)][int(index)] for copy, index in zip(of_copy, chosen, strict=True)]
    width = width or max(map(len, pieces))
    floor = copies[0].settings.floor_db
    out = np.full((len(pieces), width, mean.size), floor, np.float32)
    frames = np.zeros(len(pieces), np.int64)
    for row, piece in enumerate(pieces):
        extra = len(piece) - width
        if extra > 0:
            start = int(rng.integers(extra + 1)) if rng else extra // 2
            piece = piece[start : start + width]
        out[row, : len(piece)] = piece
        frames[row] = len(piece)
    normal = (out - mean) / std
    return torch.from_numpy(normal.transpose(0, 2, 1)[:, None].copy()), torch.from_numpy(frames)
