"""Linear models for a few hundred tracks: ridge regression in closed form, and how strong the ridge should be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

STRENGTHS = tuple(np.geomspace(3, 3000, 13))


@dataclass(frozen=True)
class Standard:
    """Mean and standard deviation of the tracks something is fitted on."""

    mean: np.ndarray
    std: np.ndarray

    @classmethod
    def of(cls, rows: np.ndarray) -> Standard:
        return cls(rows.mean(0), np.maximum(rows.std(0), 1e-9))

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        return np.clip((rows - self.mean) / self.std, -3, 3)


def ridge(rows: np.ndarray, targets: np.ndarray, strength: float, counts: np.ndarray | None = None) -> np.ndarray:
    """(targets, features) for standardised rows and centred targets; `counts` weighs tracks by their listeners."""
    root = np.ones(len(rows)) if counts is None else np.sqrt(counts / counts.mean())
    rows, targets = rows * root[:, None], targets * root[:, None]
    # The smaller of the two equivalent systems.
    if rows.shape[1] <= rows.shape[0]:
        return np.linalg.solve(rows.T @ rows + strength * np.eye(rows.shape[1]), rows.T @ targets).T
    return (rows.T @ np.linalg.solve(rows @ rows.T + strength * np.eye(len(rows)), targets)).T


def folds(
    labels: Sequence[object], artists: np.ndarray, seed: int, parts: int = 5
) -> Iterable[tuple[np.ndarray, np.ndarray]]:
    """Training and test rows: stratified by label, an artist's tracks always on one side."""
    splitter = StratifiedGroupKFold(parts, shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(artists)), np.asarray(labels), artists))


def fit(
    rows: np.ndarray, targets: np.ndarray, artists: np.ndarray, strengths: Sequence[float] = STRENGTHS
) -> tuple[Standard, np.ndarray, np.ndarray, np.ndarray]:
    """Standard, weights, centre and the strengths, one for each target, chosen by folds within these very rows."""
    errors = np.zeros((len(strengths), targets.shape[1]))
    for train, test in folds(np.zeros(len(rows), int), artists, seed=0):
        standard, centre = Standard.of(rows[train]), targets[train].mean(0)
        inside, outside = standard(rows[train]), standard(rows[test])
        for at, strength in enumerate(strengths):
            guess = outside @ ridge(inside, targets[train] - centre, strength).T + centre
            errors[at] += ((guess - targets[test]) ** 2).sum(0)
    best = np.array(strengths)[errors.argmin(0)]
    standard, centre = Standard.of(rows), targets.mean(0)
    inside = standard(rows)
    weights = np.stack(
        [ridge(inside, targets[:, [at]] - centre[at], best[at])[0] for at in range(targets.shape[1])]
    )
    return standard, weights, centre, best
