"""Splits in which an artist's tracks are always on one side, and every side has its share of each class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def folds(labels: Sequence[object], artists: Sequence[str], seed: int, parts: int = 5) -> np.ndarray:
    """For every track the number of the fold in which it is tested.

    Artists in order of how many tracks they have (equals by chance), each to the fold that lacks their labels most: an
    album sounds alike, so a model that has heard half of it knows the other half without knowing music.
    """
    _, label = np.unique([str(one) for one in labels], return_inverse=True)
    _, artist = np.unique([str(one) for one in artists], return_inverse=True)
    table = np.zeros((artist.max() + 1, label.max() + 1))
    np.add.at(table, (artist, label), 1)
    goal = table.sum(0) / parts
    held = np.zeros((parts, label.max() + 1))
    fold_of = np.zeros(len(table), np.int64)
    rng = np.random.default_rng(seed)
    for one in sorted(rng.permutation(len(table)), key=lambda one: -table[one].sum()):
        # Squares: a fold that is far behind comes before two that are a little behind.
        gain = (((held + table[one] - goal) / np.sqrt(goal)) ** 2 - ((held - goal) / np.sqrt(goal)) ** 2).sum(1)
        fold_of[one] = rng.choice(np.flatnonzero(gain <= gain.min() + 1e-9))
        held[fold_of[one]] += table[one]
    return fold_of[artist]


def splits(fold_of: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Rows to train on and rows to test on, fold by fold."""
    return [(np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)) for fold in np.unique(fold_of)]
