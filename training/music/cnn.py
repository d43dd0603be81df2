"""Trains the four-convolution network on mel images. Never imported by the app."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from music.emotion_groups import FOUR, four_labels, four_shares
from music.mood_model import BANDS, CROP, FourConvolutions, Network, crops
from training.music.cache import Cached


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. Everything is fixed before a test fold is seen: there is no early stopping on one."""

    optimiser: str = "sgd"
    epochs: int = 60
    batch: int = 16
    widths: tuple[int, ...] = (12, 24, 32, 48)
    dropout: float = 0.3
    light: float = 0.1
    listeners: bool = False
    """Learn the listeners' shares of the four groups instead of the strongest group alone."""
    masks: bool = False
    """Hide stretches of time and of tones in every image (SpecAugment)."""
    decay: float = 0.0


RECIPES = {
    "cnn_sgd": Recipe("sgd"),
    # A rate of 1e-4 needs its steps.
    "cnn_adam": Recipe("adam", epochs=120),
    "cnn_regularised": Recipe(
        "adamw", batch=32, widths=(8, 16, 24, 32), light=0.0, listeners=True, masks=True, decay=0.01
    ),
    # The one before fits its own tracks no better than others: room to learn more.
    "cnn_long": Recipe("adamw", epochs=200, batch=32, light=0.0, listeners=True, masks=True, decay=0.01),
}


def _optimiser(net: FourConvolutions, recipe: Recipe, steps: int):
    if recipe.optimiser == "sgd":
        return torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9), None
    if recipe.optimiser == "adam":
        return torch.optim.Adam(net.parameters(), lr=1e-4), None
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=recipe.decay)
    return optimiser, torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=steps)


def train(cached: Cached, rows: np.ndarray, recipe: Recipe, seed: int) -> Network:
    """A network trained on these tracks alone; the smaller classes are filled up with their varied copies."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    labels = four_labels(cached.shares)
    wanted = four_shares(cached.shares) if recipe.listeners else np.eye(len(FOUR))[labels]
    chosen = cached.images[rows].astype(np.float32)
    mean, std = chosen.mean((0, 2), keepdims=True)[0], chosen.std((0, 2), keepdims=True)[0]
    copies = np.flatnonzero(np.isin(cached.copy_of, rows))
    net = FourConvolutions(recipe.widths, recipe.dropout, recipe.light).train().to(memory_format=torch.channels_last)
    per_epoch = int(np.bincount(labels[rows]).max()) * len(FOUR)
    steps = recipe.epochs * -(-per_epoch // recipe.batch)
    optimiser, schedule = _optimiser(net, recipe, steps)
    for _ in range(recipe.epochs):
        images, targets = _epoch(cached, rows, copies, labels, wanted, rng)
        images = (images - mean) / std
        if recipe.masks:
            _mask(images, rng)
        for part in np.array_split(rng.permutation(len(images)), -(-len(images) // recipe.batch)):
            loss = functional.cross_entropy(net(_tensor(images[part])), _tensor(targets[part]))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if schedule and schedule.last_epoch < steps:
                schedule.step()
    return Network(net.eval().to(memory_format=torch.contiguous_format), _tensor(mean), _tensor(std))


def _epoch(
    cached: Cached,
    rows: np.ndarray,
    copies: np.ndarray,
    labels: np.ndarray,
    wanted: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """A random crop of every track; varied copies (first) and repeats bring each class to the size of the largest."""
    sizes = np.bincount(labels[rows], minlength=len(FOUR))
    sources = [(cached.images, row, row) for row in rows]
    for label in range(len(FOUR)):
        lacking = int(sizes.max() - sizes[label])
        own = [copy for copy in copies if labels[cached.copy_of[copy]] == label]
        varied = rng.permutation(own)[:lacking] if own else []
        sources += [(cached.copies, copy, cached.copy_of[copy]) for copy in varied]
        again = rng.choice(rows[labels[rows] == label], lacking - len(varied))
        sources += [(cached.images, row, row) for row in again]
    starts = rng.integers(0, cached.images.shape[2] - CROP + 1, len(sources))
    images = np.stack(
        [store[row, :, start : start + CROP] for (store, row, _), start in zip(sources, starts, strict=True)]
    )
    return images.astype(np.float32), wanted[[track for _, _, track in sources]].astype(np.float32)


def _mask(images: np.ndarray, rng: np.random.Generator) -> None:
    """In place: twice up to 20 frames and up to 12 bands of each standardised image become its mean, 0."""
    for picture in np.repeat(np.arange(len(images)), 2):
        width, height = rng.integers(0, 21), rng.integers(0, 13)
        start, low = rng.integers(0, CROP - width + 1), rng.integers(0, BANDS - height + 1)
        images[picture, :, start : start + width] = 0.0
        images[picture, low : low + height] = 0.0


def log_scores(network: Network, cached: Cached, rows: np.ndarray) -> np.ndarray:
    return np.stack([network.logits(crops(cached.images[row])) for row in rows])


def _tensor(array: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array, np.float32))
