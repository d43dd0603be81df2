"""Where a track lies on the plane of moods, by weighted sums of its measured features.

The weights were fitted (ridge) on what listeners ticked for the rated tracks; `training.music.train` writes them,
MODEL_CARD.md
says how well they do. A place is relative: 0 is the middle of the rated tracks, and about two thirds of them lie within
±0.46 on either axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from inference import weights
from inference.custom_weights import own_weights
from music.place import AXES, Place

WEIGHTS = Path(__file__).resolve().parents[1] / "assets" / "weights" / "music" / "plane.safetensors"
FURTHEST = 3.0
"""Standard deviations. Stranger features than any the weights were fitted on count as this strange."""


@dataclass(frozen=True)
class Plane:
    """Fitted weighted sums, with the statistics of the tracks they were fitted on."""

    names: tuple[str, ...]
    mean: np.ndarray
    std: np.ndarray
    weights: np.ndarray
    """(2, features), for standardised features."""
    centre: np.ndarray
    """(2): what the sum is moved by; the rated tracks' mean."""
    spread: np.ndarray
    """(2): standard deviation of the sums over tracks they were not fitted on."""
    version: str

    def standardised(self, features: Mapping[str, float]) -> np.ndarray:
        """The features as the rated tracks' statistics see them, in the order of `names`."""
        missing = [name for name in self.names if name not in features]
        if missing:
            raise ValueError(f"the plane needs the features {', '.join(missing)}; measure with music.features")
        values = np.array([features[name] for name in self.names])
        return np.clip((values - self.mean) / self.std, -FURTHEST, FURTHEST)

    def place(self, features: Mapping[str, float]) -> Place:
        valence, arousal = np.tanh(self.weights @ self.standardised(features) / (2 * self.spread))
        return Place(float(valence), float(arousal))


def load(path: Path | None = None) -> Plane:
    """Of a file; without any, the operator's own (`HARU_WEIGHTS`) where it holds a plane, or the shipped one."""
    if path is None:
        own = own_weights("music")
        path = own if own and "plane" in weights.read_meta(own) else WEIGHTS
    return _load(path)


@lru_cache(maxsize=2)
def _load(path: Path) -> Plane:
    state, meta = weights.load(path)
    # Somebody's own lies beside their moods, in one file.
    facts, inside = (meta["plane"], "plane.") if "plane" in meta else (meta, "")
    axes = facts.get("axes", meta["labels"])
    if tuple(axes) != AXES:
        raise weights.WeightsError(f"{path} has the axes {axes}, not {', '.join(AXES)}; train it again.")
    arrays = {
        name.removeprefix(inside): tensor.double().numpy() for name, tensor in state.items() if name.startswith(inside)
    }
    return Plane(names=tuple(facts["features"]), version=f"{meta['name']} {meta['version']}", **arrays)
