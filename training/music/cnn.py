"""A convolutional network on mel images, for comparison with the linear models. The app does not ship it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from music.chart import BANDS
from music.emotion_groups import FOUR, four_labels, four_shares
from training.music.cache import MeasuredTracks

CROP = 107
"""Frames (10 s) of one input; the scores of a track are the mean over its crops."""


@dataclass(frozen=True)
class CnnSettings:
    """How a network is trained. All of it was fixed before any test fold was read; no early stopping."""

    optimiser: str = "sgd"
    epochs: int = 60
    batch: int = 16
    widths: tuple[int, ...] = (12, 24, 32, 48)
    dropout: float = 0.3
    """Before the linear layer."""
    light: float = 0.1
    """Dropout in the blocks. More of it before a batch norm would spoil the variances that the norm learns."""
    listeners: bool = False
    """Learn the listeners' shares of the four groups instead of the strongest group alone."""
    masks: bool = False
    """Hide stretches of time and of bands in every image (SpecAugment)."""
    decay: float = 0.0


SETTINGS = {
    "cnn_sgd": CnnSettings("sgd"),
    # A rate of 1e-4 needs more steps.
    "cnn_adam": CnnSettings("adam", epochs=120),
    "cnn_regularised": CnnSettings(
        "adamw", batch=32, widths=(8, 16, 24, 32), light=0.0, listeners=True, masks=True, decay=0.01
    ),
    # cnn_regularised fits its training tracks no better than others: this one has more capacity.
    "cnn_long": CnnSettings("adamw", epochs=200, batch=32, light=0.0, listeners=True, masks=True, decay=0.01),
}


class FourConvolutions(nn.Module):
    """Four blocks of convolution, pooling, batch norm and ReLU; then mean and maximum, and one linear layer."""

    def __init__(self, settings: CnnSettings) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for number, (before, after) in enumerate(pairwise((1, *settings.widths))):
            layers += [
                nn.Conv2d(before, after, 3, padding=1, bias=False),
                # Pooling first changes the result little and halves the time.
                nn.MaxPool2d((2, 2) if number else (2, 4)),
                nn.BatchNorm2d(after),
                nn.ReLU(inplace=True),
                nn.Dropout(settings.light),
            ]
        self.layers = nn.Sequential(*layers)
        self.dropout = nn.Dropout(settings.dropout)
        self.head = nn.Linear(2 * settings.widths[-1], len(FOUR))

    def forward(self, images: Tensor) -> Tensor:
        """(batch, bands, frames), standardised → (batch, four) logits."""
        blocks = self.layers(images.unsqueeze(1))
        return self.head(self.dropout(torch.cat([blocks.mean((2, 3)), blocks.amax((2, 3))], dim=1)))


@dataclass(frozen=True)
class TrainedCnn:
    """A trained network, with the statistics of its training images."""

    net: FourConvolutions
    mean: Tensor
    std: Tensor

    @torch.inference_mode()
    def log_scores(self, image: np.ndarray) -> np.ndarray:
        """The mel image of one track → (four): the mean of the log-scores of its crops."""
        return self.net((_tensor(crops(image)) - self.mean) / self.std).log_softmax(1).mean(0).numpy()


def crops(image: np.ndarray) -> np.ndarray:
    """(crops, bands, CROP), one after the other; a shorter image is repeated until it fills one crop."""
    if image.shape[1] < CROP:
        image = np.resize(image.T, (CROP, len(image))).T
    count = image.shape[1] // CROP
    return image[:, : count * CROP].reshape(len(image), count, CROP).transpose(1, 0, 2)


def train(tracks: MeasuredTracks, rows: np.ndarray, settings: CnnSettings, seed: int) -> TrainedCnn:
    """Trains on these tracks alone; varied copies fill up the smaller classes."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    labels = four_labels(tracks.shares)
    targets = four_shares(tracks.shares) if settings.listeners else np.eye(len(FOUR))[labels]
    chosen = tracks.images[rows].astype(np.float32)
    mean, std = chosen.mean((0, 2), keepdims=True)[0], chosen.std((0, 2), keepdims=True)[0]
    net = FourConvolutions(settings).train()
    net.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]: the stub lacks this overload
    per_epoch = int(np.bincount(labels[rows]).max()) * len(FOUR)
    steps = settings.epochs * -(-per_epoch // settings.batch)
    optimiser, schedule = _optimiser(net, settings, steps)
    for _ in range(settings.epochs):
        sources = _balanced(tracks, rows, labels, rng)
        images = (_random_crops([image for image, _ in sources], rng) - mean) / std
        wanted = targets[[row for _, row in sources]]
        if settings.masks:
            _mask(images, rng)
        for part in np.array_split(rng.permutation(len(images)), -(-len(images) // settings.batch)):
            loss = functional.cross_entropy(net(_tensor(images[part])), _tensor(wanted[part]))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if schedule and schedule.last_epoch < steps:
                schedule.step()
    net.eval().to(memory_format=torch.contiguous_format)  # pyright: ignore[reportCallIssue]: as above
    return TrainedCnn(net, _tensor(mean), _tensor(std))


def _optimiser(
    net: nn.Module, settings: CnnSettings, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler | None]:
    if settings.optimiser == "sgd":
        return torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9), None
    if settings.optimiser == "adam":
        return torch.optim.Adam(net.parameters(), lr=1e-4), None
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=settings.decay)
    return optimiser, torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=steps)


def _balanced(
    tracks: MeasuredTracks, rows: np.ndarray, labels: np.ndarray, rng: np.random.Generator
) -> list[tuple[np.ndarray, int]]:
    """Images and the tracks they show. Varied copies, then repeats, bring each class to the size of the largest."""
    sizes = np.bincount(labels[rows], minlength=len(FOUR))
    copies = np.flatnonzero(np.isin(tracks.copy_of, rows))
    sources = [(tracks.images[row], row) for row in rows]
    for label in range(len(FOUR)):
        lacking = int(sizes.max() - sizes[label])
        own = [copy for copy in copies if labels[tracks.copy_of[copy]] == label]
        varied = rng.permutation(own)[:lacking] if own else []
        sources += [(tracks.copies[copy], tracks.copy_of[copy]) for copy in varied]
        repeated = rng.choice(rows[labels[rows] == label], lacking - len(varied))
        sources += [(tracks.images[row], row) for row in repeated]
    return sources


def _random_crops(images: Sequence[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    starts = rng.integers(0, images[0].shape[1] - CROP + 1, len(images))
    return np.stack([image[:, at : at + CROP] for image, at in zip(images, starts, strict=True)]).astype(np.float32)


def _mask(images: np.ndarray, rng: np.random.Generator) -> None:
    """In place: twice up to 20 frames and up to 12 bands of each standardised image become its mean, 0."""
    for image in np.repeat(np.arange(len(images)), 2):
        width, height = rng.integers(0, 21), rng.integers(0, 13)
        start, low = rng.integers(0, CROP - width + 1), rng.integers(0, BANDS - height + 1)
        images[image, :, start : start + width] = 0.0
        images[image, low : low + height] = 0.0


def log_scores(trained: TrainedCnn, tracks: MeasuredTracks, rows: np.ndarray) -> np.ndarray:
    return np.stack([trained.log_scores(tracks.images[row]) for row in rows])


def _tensor(array: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array, np.float32))
