"""Gaussian kernel ridge regression: a track lies where similar rated tracks lie. For comparison with `ridge`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.music.folds import folds, splits
from training.music.ridge import Standardiser

GAMMAS = (0.1, 0.2, 0.4, 0.8)
"""The kernel is exp(-gamma × the mean squared difference of the standardised features)."""
STRENGTHS = tuple(np.geomspace(0.05, 1.6, 6))


@dataclass(frozen=True)
class KernelFit:
    """The training tracks, and for each target the weight of the kernel with each of them."""

    standardiser: Standardiser
    rows: np.ndarray
    """(tracks, features), standardised."""
    weights: np.ndarray
    """(targets, tracks)."""
    gammas: np.ndarray
    """(targets)."""
    centre: np.ndarray
    """(targets): the place of a track that is similar to none."""
    strengths: tuple[float, ...]

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        apart = differences(self.standardiser(rows), self.rows)
        columns = [np.exp(-gamma * apart) @ weights for gamma, weights in zip(self.gammas, self.weights, strict=True)]
        return np.stack(columns, axis=1) + self.centre


def differences(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(rows, others): the mean squared difference over the features."""
    squares = (rows**2).mean(1)[:, None] + (others**2).mean(1)
    return np.maximum(squares - 2 * rows @ others.T / rows.shape[1], 0.0)


def fit(
    rows: np.ndarray,
    targets: np.ndarray,
    artists: np.ndarray,
    gammas: Sequence[float] = GAMMAS,
    strengths: Sequence[float] = STRENGTHS,
) -> KernelFit:
    """Each target gets its own gamma and strength, chosen by five folds by artist within these tracks."""
    errors = np.zeros((len(gammas), len(strengths), targets.shape[1]))
    for train, test in splits(folds(np.zeros(len(rows)), artists, seed=0)):
        standardiser, centre = Standardiser.of(rows[train]), targets[train].mean(0)
        known, test_rows = standardiser(rows[train]), standardiser(rows[test])
        train_differences, test_differences = differences(known, known), differences(test_rows, known)
        for which, gamma in enumerate(gammas):
            weights = _weights(np.exp(-gamma * train_differences), targets[train] - centre, strengths)
            guesses = np.exp(-gamma * test_differences) @ weights + centre  # (strengths, tracks, targets)
            errors[which] += ((guesses - targets[test]) ** 2).sum(1)
    flat = errors.reshape(-1, targets.shape[1]).argmin(0)
    best = [divmod(int(place), len(strengths)) for place in flat]
    standardiser, centre = Standardiser.of(rows), targets.mean(0)
    known = standardiser(rows)
    train_differences = differences(known, known)
    weights = [
        _weights(np.exp(-gammas[gamma] * train_differences), targets - centre, [strengths[strength]])[0, :, at]
        for at, (gamma, strength) in enumerate(best)
    ]
    return KernelFit(
        standardiser, known, np.stack(weights), np.array([gammas[gamma] for gamma, _ in best]), centre,
        tuple(float(strengths[strength]) for _, strength in best),
    )  # fmt: skip


def _weights(kernel: np.ndarray, targets: np.ndarray, strengths: Sequence[float]) -> np.ndarray:
    """(strengths, tracks, targets): the weights at every strength from one decomposition."""
    size, basis = np.linalg.eigh(kernel)
    projected = basis.T @ targets
    return np.stack([basis @ (projected / (size + strength)[:, None]) for strength in strengths])
