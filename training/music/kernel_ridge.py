"""Regression on likeness (kernel ridge): a track lies where the rated tracks that resemble it lie.

Never imported by the app.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.music.folds import folds, splits
from training.music.ridge import Standard

REACHES = (0.1, 0.2, 0.4, 0.8)
"""How fast likeness fades with the mean squared difference of the standardised features: exp(-reach × difference)."""
STRENGTHS = tuple(np.geomspace(0.05, 1.6, 6))


@dataclass(frozen=True)
class Likeness:
    """The tracks that were learnt from, and for each target how much likeness to each of them weighs."""

    standard: Standard
    rows: np.ndarray
    """(tracks, features), standardised."""
    weights: np.ndarray
    """(targets, tracks)."""
    reaches: np.ndarray
    """(targets)."""
    centre: np.ndarray
    """(targets): where a track lies that resembles none."""
    strengths: tuple[float, ...]

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        apart = differences(self.standard(rows), self.rows)
        return np.stack(
            [np.exp(-reach * apart) @ one for reach, one in zip(self.reaches, self.weights, strict=True)], 1
        ) + (self.centre)


def differences(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(rows, others): the mean squared difference over the features."""
    squares = (rows**2).mean(1)[:, None] + (others**2).mean(1)
    return np.maximum(squares - 2 * rows @ others.T / rows.shape[1], 0.0)


def fit(
    rows: np.ndarray,
    targets: np.ndarray,
    artists: np.ndarray,
    reaches: Sequence[float] = REACHES,
    strengths: Sequence[float] = STRENGTHS,
) -> Likeness:
    """Each target with its own reach and strength, chosen by five folds by artist within these very tracks."""
    errors = np.zeros((len(reaches), len(strengths), targets.shape[1]))
    for train, test in splits(folds(np.zeros(len(rows)), artists, seed=0)):
        standard, centre = Standard.of(rows[train]), targets[train].mean(0)
        known, asked = standard(rows[train]), standard(rows[test])
        within, across = differences(known, known), differences(asked, known)
        for which, reach in enumerate(reaches):
            weights = _weights(np.exp(-reach * within), targets[train] - centre, strengths)
            guesses = np.exp(-reach * across) @ weights + centre  # (strengths, tracks, targets)
            errors[which] += ((guesses - targets[test]) ** 2).sum(1)
    flat = errors.reshape(-1, targets.shape[1]).argmin(0)
    best = [divmod(int(one), len(strengths)) for one in flat]
    standard, centre = Standard.of(rows), targets.mean(0)
    known = standard(rows)
    within = differences(known, known)
    weights = [
        _weights(np.exp(-reaches[reach] * within), targets - centre, [strengths[strength]])[0, :, at]
        for at, (reach, strength) in enumerate(best)
    ]
    return Likeness(
        standard, known, np.stack(weights), np.array([reaches[reach] for reach, _ in best]), centre,
        tuple(float(strengths[strength]) for _, strength in best),
    )  # fmt: skip


def _weights(alike: np.ndarray, targets: np.ndarray, strengths: Sequence[float]) -> np.ndarray:
    """(strengths, tracks, targets): at every strength, for the price of one decomposition."""
    size, basis = np.linalg.eigh(alike)
    projected = basis.T @ targets
    return np.stack([basis @ (projected / (size + strength)[:, None]) for strength in strengths])
