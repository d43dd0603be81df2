"""Fixtures for fer/: made-up faces, and a member small enough to train in a test."""

from __future__ import annotations

import numpy as np
import pytest
from torch import nn

from fer import model
from fer.labels import EIGHT
from training.face.corpora import Faces


class TinyBody(nn.Sequential):
    """Two convolutions where VGG16 has thirteen."""

    def __init__(self) -> None:
        super().__init__(nn.Conv2d(1, 8, 5, 2, 2), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU())


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a tiny member, registered like the four."""
    kind = model.Architecture(48, 16, lambda pretrained: TinyBody(), upper_half="3", explained="4")
    monkeypatch.setitem(model.ARCHITECTURES, "tiny", kind)
    return "tiny"


def drawn_faces(count: int, seed: int = 0) -> Faces:
    """Grey pictures in which the class can be seen: stripes, lying or standing, narrow or wide."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, len(EIGHT), count)
    pixels = rng.normal(128, 10, (count, 48, 48))
    for face, label in zip(pixels, labels, strict=True):
        lying, width = divmod(int(label), 4)
        stripes = 60 * np.sign(np.sin(np.arange(48) * np.pi / (1 + width * 1.5) + rng.uniform(0, 6)))
        face += stripes[:, None] if lying else stripes
    votes = np.zeros((count, len(EIGHT)), np.int64)
    votes[np.arange(count), labels] = 8
    votes[np.arange(count), (labels + 1) % len(EIGHT)] += 2
    return Faces(
        pixels=pixels.clip(0, 255).astype(np.uint8),
        votes=votes,
        majority=labels,
        clear=np.ones(count, bool),
        split=np.array(["train", "train", "train", "valid"])[np.arange(count) % 4],
        duplicate=np.zeros(count, bool),
    )
