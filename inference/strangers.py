"""How far one person's scores lie from those of most people, measured on people whom a model does not know.

A stranger's voice moves all scores of a recording in one direction: somebody's calm may sound sad every time. From
recordings whose mood the person confirmed, the most likely difference is a mean, pulled towards none as strongly as
people differ little and recordings vary much. All three are covariances of log-scores, which
`python -m training.voice.fit_strangers` measures and writes into assets/weights/strangers.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import settings

FILE = settings.ASSETS / "weights" / "strangers.json"
MATRICES = ("centres", "between", "within")
_RIDGE = 1e-6
"""Log-scores are compared without their mean, so one direction of each covariance is empty."""


@dataclass(frozen=True)
class Strangers:
    """What was measured for one model."""

    model: str
    """As readings store it."""
    centres: np.ndarray
    """(mood, score): the mean log-scores of recordings of each mood."""
    between: np.ndarray
    """(score, score): how people differ."""
    within: np.ndarray
    """(score, score): how the recordings of one person in one mood differ."""

    def difference(self, logs: np.ndarray, moods: np.ndarray) -> np.ndarray:
        """How this person's log-scores differ, by recordings (rows) whose moods (numbers) the person confirmed."""
        return self._pulled(len(logs)) @ self._apart(logs, moods).mean(0)

    def differences_without_one(self, logs: np.ndarray, moods: np.ndarray) -> np.ndarray:
        """For each recording, the difference by all the others."""
        apart, others = self._apart(logs, moods), len(logs) - 1
        return (apart.sum(0) - apart) / others @ self._pulled(others).T

    def _apart(self, logs: np.ndarray, moods: np.ndarray) -> np.ndarray:
        return without_mean(logs) - self.centres[moods]

    def _pulled(self, count: int) -> np.ndarray:
        """The matrix that pulls the mean of so many recordings towards no difference."""
        noise = self.within / count + _RIDGE * np.eye(len(self.within))
        return np.linalg.solve(self.between + noise, self.between).T


def without_mean(logs: np.ndarray) -> np.ndarray:
    """Log-scores of which only the differences say something."""
    return logs - logs.mean(-1, keepdims=True)


def of(source: str, model: str, file: Path | None = None) -> Strangers | None:
    """What was measured for these weights; None for others."""
    found = read(file or FILE).get(source)
    if found is None or found["model"] != model:
        return None
    return Strangers(model, *(np.array(found[name]) for name in MATRICES))


@cache
def read(file: Path) -> Mapping[str, Mapping]:
    """The file, by source; empty where there is none."""
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
