"""Splits that keep an artist's tracks on one side and give every fold its share of each class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def folds(
    labels: Sequence[object] | np.ndarray, artists: Sequence[str] | np.ndarray, seed: int, parts: int = 5
) -> np.ndarray:
    """For every track the number of the fold in which it is tested.

    Each artist, those with the most tracks first, goes to the fold that lacks their labels most. An album sounds
    alike: a model that knows half of it would do too well on the other half.
    """
    _, label = np.unique([str(each) for each in labels], return_inverse=True)
    _, artist = np.unique([str(each) for each in artists], return_inverse=True)
    table = np.zeros((artist.max() + 1, label.max() + 1))
    np.add.at(table, (artist, label), 1)
    goal = table.sum(0) / parts
    filled = np.zeros((parts, label.max() + 1))
    fold_of = np.zeros(len(table), np.int64)
    rng = np.random.default_rng(seed)
    for row in sorted(rng.permutation(len(table)), key=lambda row: -table[row].sum()):
        # Squares: a fold that lacks much comes before two that lack a little.
        gain = (((filled + table[row] - goal) / np.sqrt(goal)) ** 2 - ((filled - goal) / np.sqrt(goal)) ** 2).sum(1)
        fold_of[row] = rng.choice(np.flatnonzero(gain <= gain.min() + 1e-9))
        filled[fold_of[row]] += table[row]
    return fold_of[artist]


def splits(fold_of: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Rows to train on and rows to test on, fold by fold."""
    return [(np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)) for fold in np.unique(fold_of)]
