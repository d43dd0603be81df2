"""Scores four moods of a track: joy, sadness, neutral and anger.

The shipped model is a softmax regression on the measured features. `training.music.evaluate` compares it with
convolutional networks, and `training.music.train` writes its weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch
from torch import Tensor

import settings
from inference import shipped, weights
from inference.calibration import softmax
from inference.custom_weights import own_weights
from music.emotion_groups import FOUR
from music.features import standardise

WEIGHTS = settings.ASSETS / "weights" / "music" / "moods.safetensors"
_ARRAYS = ("mean", "std", "weights", "bias")


@dataclass(frozen=True)
class MoodModel:
    """A softmax regression on the standardised features, for the four moods."""

    names: tuple[str, ...]
    """The features that it needs."""
    mean: np.ndarray
    std: np.ndarray
    weights: np.ndarray
    """(four, features)."""
    bias: np.ndarray
    temperature: float
    version: str

    def logits(self, features: Mapping[str, float]) -> np.ndarray:
        return self.weights @ standardise(features, self.names, self.mean, self.std) + self.bias

    def scores(self, features: Mapping[str, float]) -> dict[str, float]:
        """Calibrated scores of a track's features; they sum to one."""
        return dict(zip(FOUR, softmax(self.logits(features), self.temperature).tolist(), strict=True))


def save(
    model: MoodModel, path: Path, meta: Mapping[str, object], extra: Mapping[str, Tensor] = MappingProxyType({})
) -> None:
    """Writes the model. `extra` holds further tensors of the same file, such as a plane (`music.plane.load`)."""
    state = {f"linear.{name}": torch.from_numpy(getattr(model, name)) for name in _ARRAYS}
    # Earlier versions could mix the regression with networks, and read both keys.
    described = {"features": list(model.names), "temperature": model.temperature, "share": 1.0, "networks": []}
    weights.save(path, {**extra, **state}, {**meta, **described}, storage="fp32")


def load(path: Path | None = None) -> MoodModel:
    """Reads a file; without a path, the operator's own weights (`HARU_WEIGHTS`) or the shipped ones."""
    return _load(path or weights_in_use())


def weights_in_use() -> Path:
    """The operator's own weights (`HARU_WEIGHTS`), or the shipped ones; NotFreeError under HARU_FREE_WEIGHTS."""
    return own_weights("music") or shipped.usable(WEIGHTS)


@lru_cache(maxsize=2)
def _load(path: Path) -> MoodModel:
    state, meta = weights.load(path)
    if tuple(meta["labels"]) != FOUR:
        raise weights.WeightsError(f"{path} scores {meta['labels']}, not {', '.join(FOUR)}; restore it from git.")
    if "features" not in meta or meta.get("networks"):
        raise weights.WeightsError(f"{path} holds a network; this version reads linear models only. Train it again.")
    arrays = {name: state[f"linear.{name}"].double().numpy() for name in _ARRAYS}
    return MoodModel(
        tuple(meta["features"]), **arrays, temperature=meta["temperature"], version=f"{meta['name']} {meta['version']}"
    )
