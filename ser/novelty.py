"""Measures how far a recording is from the training data, and how much softer its scores must be.

On new people in known kinds of recordings the scores are calibrated. On an unknown kind (another language, room,
microphone, way of acting) they are too high, and nothing in the scores shows it. The statistics inside the speech
transformer do: training clips lie close to a few dozen directions, and novelty is the distance from these.
`python -m training.voice.fit_novelty` measures how far the temperature must grow with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from inference import weights
from reading import Reading

FILE = "strangeness.safetensors"
NEW = "novelty"
"""The key in a reading's `quality` for how unlike the training data the recording is, from 0 to 1."""
NEW_VOICE = 0.5
"""From this novelty on a voice is called new: 1 in 10 clips of known kinds, 9 in 10 of corpora never trained on."""
NUMBERS = ("usual", "strange", "growth", "ease")
"""The keys of the numbers in the metadata, and their attributes here."""


@dataclass(frozen=True)
class Novelty:
    """The subspace of the training clips, and the growth of the temperature with the distance from it."""

    middle: np.ndarray
    """(features): the mean of the training clips."""
    directions: np.ndarray
    """(few, features), orthonormal: the directions in which the training clips differ."""
    usual: float
    """Up to this distance the temperature does not grow: new people in known kinds of recordings."""
    strange: float
    """From this distance on it grows no further: unknown kinds of recordings."""
    growth: float
    """The logarithm of how much the temperature grows between the two."""
    ease: float = 1.0
    """Factor of the temperature for usual clips, which may have sharper scores than all clips together."""

    def distance(self, standard: np.ndarray) -> np.ndarray:
        """(clips, features), as the heads standardise them → the distance of each clip, 0 to about 1."""
        apart = standard - self.middle
        outside = (apart**2).sum(1) - ((apart @ self.directions.T) ** 2).sum(1)
        return np.sqrt(np.maximum(outside, 0) / apart.shape[1])

    def strangeness(self, distance: np.ndarray | float) -> np.ndarray:
        """From 0 (like the training data) to 1 (an unknown kind of recording)."""
        return np.clip((distance - self.usual) / (self.strange - self.usual), 0, 1)

    def temperature_factor(self, distance: np.ndarray | float) -> np.ndarray:
        """The factor of the temperature at this distance."""
        return self.ease * np.exp(self.growth * self.strangeness(distance))


def is_new_voice(reading: Reading) -> bool:
    """Whether the recording sounds unlike the training data, so that its reading counts only a little."""
    return reading.quality.get(NEW, 0.0) >= NEW_VOICE


def save(novelty: Novelty, path: Path, meta: dict[str, object]) -> None:
    """Writes the arrays as weights, the numbers into the metadata."""
    tensors = {name: torch.from_numpy(getattr(novelty, name).astype(np.float32)) for name in ("middle", "directions")}
    numbers = {name: round(float(getattr(novelty, name)), 4) for name in NUMBERS}
    weights.save(path, tensors, {**meta, **numbers}, "fp16")


def load(path: Path) -> Novelty:
    """Reads what `save` wrote."""
    tensors, meta = weights.load(path)
    numbers = {name: float(meta[name]) for name in NUMBERS}
    return Novelty(middle=tensors["middle"].numpy(), directions=tensors["directions"].numpy(), **numbers)
