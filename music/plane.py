"""Places a track on the valence/arousal plane, by weighted sums of its measured features.

`training.music.train` fits the weights (ridge) on listeners' votes; MODEL_CARD.md says how good they are. A place is
relative: 0 is the middle of the rated tracks, and about two thirds of them lie within ±0.46 on either axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

import settings
from inference import shipped, weights
from inference.custom_weights import own_weights
from music.features import standardise
from music.place import AXES, Place

WEIGHTS = settings.ASSETS / "weights" / "music" / "plane.safetensors"


@dataclass(frozen=True)
class Plane:
    """A linear model of valence and arousal, with the statistics of its training tracks."""

    names: tuple[str, ...]
    """The features that it needs."""
    mean: np.ndarray
    std: np.ndarray
    weights: np.ndarray
    """(2, features), for standardised features."""
    centre: np.ndarray
    """(2): the mean place of the rated tracks."""
    spread: np.ndarray
    """(2): standard deviation of the sums over tracks that they were not fitted on."""
    version: str

    def place(self, features: Mapping[str, float]) -> Place:
        sums = self.weights @ standardise(features, self.names, self.mean, self.std)
        valence, arousal = np.tanh(sums / (2 * self.spread))
        return Place(float(valence), float(arousal))


def load(path: Path | None = None) -> Plane:
    """Reads a file; without a path, the operator's own weights (`HARU_WEIGHTS`) if they hold a plane, or the shipped
    ones."""
    if path is None:
        own = own_weights("music")
        path = own if own and "plane" in weights.read_meta(own) else shipped.usable(WEIGHTS)
    return _load(path)


@lru_cache(maxsize=2)
def _load(path: Path) -> Plane:
    state, meta = weights.load(path)
    # Own weights hold the plane and the four moods in one file.
    described, prefix = (meta["plane"], "plane.") if "plane" in meta else (meta, "")
    axes = described.get("axes", meta["labels"])
    if tuple(axes) != AXES:
        raise weights.WeightsError(f"{path} has the axes {axes}, not {', '.join(AXES)}; train it again.")
    arrays = {
        name.removeprefix(prefix): tensor.double().numpy() for name, tensor in state.items() if name.startswith(prefix)
    }
    return Plane(names=tuple(described["features"]), version=f"{meta['name']} {meta['version']}", **arrays)
