"""Mixes the scores of the ensemble's members: a weight and a temperature for each.

    log-scores of a member = log softmax(logits / its temperature)
    mixed scores           = softmax(sharpness · Σ weight · log-scores + lift)

Where members agree, `sharpness` lets the mix be surer than each of them. Their training counts rare classes more than
they occur; the `lift`, one number for each class, corrects for that. training/face/fit_ensemble.py fits all of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from inference import calibration

Logits = Mapping[str, np.ndarray]
"""(faces, eight) of each member."""


@dataclass(frozen=True)
class Mix:
    """The weight and temperature of each member, and the sharpness and lift of the mixture."""

    weights: Mapping[str, float]
    temperatures: Mapping[str, float]
    sharpness: float
    lift: tuple[float, ...]

    def __post_init__(self) -> None:
        if set(self.weights) != set(self.temperatures):
            raise ValueError("every member needs a weight and a temperature")
        if min(self.weights.values()) < 0 or abs(sum(self.weights.values()) - 1) > 1e-6:
            raise ValueError(f"weights are shares that sum to one, got {dict(self.weights)}")

    def scores(self, logits: Logits) -> np.ndarray:
        """(faces, eight), each row a distribution."""
        mixed = sum(weight * log_scores(logits[name], self.temperatures[name]) for name, weight in self.weights.items())
        return calibration.softmax(self.sharpness * mixed + np.array(self.lift))

    def scores_of(self, name: str, logits: np.ndarray) -> np.ndarray:
        """(faces, eight): the scores of one member alone."""
        alone = Mix({name: 1.0}, {name: self.temperatures[name]}, 1.0, self.lift)
        return alone.scores({name: logits})

    def as_dict(self) -> dict[str, Any]:
        """The content of ensemble.json."""
        return {
            "weights": dict(self.weights),
            "temperatures": dict(self.temperatures),
            "sharpness": self.sharpness,
            "lift": list(self.lift),
        }

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Mix:
        """The mix that `as_dict` wrote."""
        return cls(facts["weights"], facts["temperatures"], float(facts["sharpness"]), tuple(facts["lift"]))


def log_scores(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Logarithms of calibrated scores, bounded below so that no member vetoes a class."""
    return np.log(np.maximum(calibration.softmax(logits, temperature), 1e-6))
