"""Metrics of a classifier, with bootstrap intervals.

Throughout, `truth` and `guess` are integer labels; `scores` is (examples, classes) and each row sums to one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


def confusion(truth: ArrayLike, guess: ArrayLike, classes: int) -> np.ndarray:
    """Counts: one row for each true class, one column for each guessed class."""
    truth, guess = _labels(truth), _labels(guess)
    if truth.shape != guess.shape:
        raise ValueError(f"{truth.size} true labels, but {guess.size} guesses")
    table = np.zeros((classes, classes), np.int64)
    np.add.at(table, (truth, guess), 1)
    return table


def accuracy(truth: ArrayLike, guess: ArrayLike) -> float:
    """The share of guesses that are right."""
    return float(np.mean(_labels(truth) == _labels(guess)))


def recall(truth: ArrayLike, guess: ArrayLike, classes: int) -> np.ndarray:
    """For each class, the share of its examples that was found; NaN for a class that does not occur."""
    table = confusion(truth, guess, classes)
    with np.errstate(invalid="ignore"):
        return table.diagonal() / table.sum(1)


def precision(truth: ArrayLike, guess: ArrayLike, classes: int) -> np.ndarray:
    """For each class, the share of its guesses that was right; NaN for a class never guessed."""
    table = confusion(truth, guess, classes)
    with np.errstate(invalid="ignore"):
        return table.diagonal() / table.sum(0)


def uar(truth: ArrayLike, guess: ArrayLike, classes: int) -> float:
    """Unweighted average recall over the classes that occur; chance is 1 / classes in unbalanced data too."""
    return float(np.nanmean(recall(truth, guess, classes)))


def f1(truth: ArrayLike, guess: ArrayLike, classes: int) -> np.ndarray:
    """F1 of each class: 0 where it occurs and is never found, NaN where it neither occurs nor is guessed."""
    table = confusion(truth, guess, classes)
    with np.errstate(invalid="ignore"):
        return 2 * table.diagonal() / (table.sum(0) + table.sum(1))


def macro_f1(truth: ArrayLike, guess: ArrayLike, classes: int) -> float:
    """Mean F1 of the classes that occur."""
    present = np.bincount(_labels(truth), minlength=classes) > 0
    return float(np.mean(f1(truth, guess, classes)[present]))


def concordance(truth: ArrayLike, guess: ArrayLike) -> float:
    """Lin's concordance correlation coefficient (CCC): 1 where all numbers agree, 0 where they are unrelated."""
    truth, guess = np.asarray(truth, np.float64), np.asarray(guess, np.float64)
    spread = truth.var() + guess.var() + (truth.mean() - guess.mean()) ** 2
    return float(2 * np.mean((truth - truth.mean()) * (guess - guess.mean())) / spread) if spread else 1.0


@dataclass(frozen=True)
class Reliability:
    """A reliability diagram: the top score beside the share that was right, in bins of equal width."""

    edges: np.ndarray
    promised: np.ndarray
    """Mean top score of each bin; NaN in an empty bin."""
    kept: np.ndarray
    """Share of each bin that was right."""
    counts: np.ndarray

    @property
    def ece(self) -> float:
        """Expected calibration error: the mean gap between the two, weighted by the counts."""
        filled = self.counts > 0
        gaps = np.abs(self.promised[filled] - self.kept[filled])
        return float(np.average(gaps, weights=self.counts[filled])) if filled.any() else 0.0


def reliability(truth: ArrayLike, scores: ArrayLike, bins: int = 15) -> Reliability:
    """The diagram of the top scores."""
    truth, scores = _labels(truth), np.asarray(scores, np.float64)
    top, right = scores.max(1), scores.argmax(1) == truth
    edges = np.linspace(0, 1, bins + 1)
    bin_of = np.clip(np.digitize(top, edges[1:-1], right=True), 0, bins - 1)
    counts = np.bincount(bin_of, minlength=bins)
    with np.errstate(invalid="ignore", divide="ignore"):
        promised = np.bincount(bin_of, top, bins) / counts
        kept = np.bincount(bin_of, right, bins) / counts
    return Reliability(edges, promised, kept, counts)


def ece(truth: ArrayLike, scores: ArrayLike, bins: int = 15) -> float:
    """Expected calibration error of the top score: 0 where 70 % means right seven times in ten."""
    return reliability(truth, scores, bins).ece


@dataclass(frozen=True)
class Interval:
    """A measured value with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.1%} [{self.low:.1%}, {self.high:.1%}]"


def bootstrap(
    measure: Callable[[np.ndarray], float], groups: Sequence[object], rounds: int = 1000, seed: int = 0
) -> Interval:
    """95 % interval of `measure(indices)`; draws whole groups (speakers, people) with replacement.

    Clips of one speaker are alike, so drawing single clips would make the interval far too narrow.
    """
    _, member = np.unique(np.asarray([str(group) for group in groups]), return_inverse=True)
    of_group = [np.flatnonzero(member == group) for group in range(member.max() + 1)]
    rng = np.random.default_rng(seed)
    draws = [
        measure(np.concatenate([of_group[g] for g in rng.integers(0, len(of_group), len(of_group))]))
        for _ in range(rounds)
    ]
    low, high = np.nanpercentile(draws, [2.5, 97.5])
    return Interval(measure(np.arange(member.size)), float(low), float(high))


def _labels(values: ArrayLike) -> np.ndarray:
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"labels are a flat list of whole numbers, got shape {array.shape}")
    return array.astype(np.int64)
