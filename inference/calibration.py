"""Scores that mean what they say: one temperature, fitted on people the model has never met."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

_TEMPERATURES = np.geomspace(0.05, 20.0, 600)


def softmax(logits: ArrayLike, temperature: float = 1.0) -> np.ndarray:
    scaled = np.asarray(logits, np.float64) / temperature
    grown = np.exp(scaled - scaled.max(-1, keepdims=True))
    return grown / grown.sum(-1, keepdims=True)


def negative_log_likelihood(
    logits: ArrayLike, truth: ArrayLike, temperature: float = 1.0, weights: ArrayLike | None = None
) -> float:
    """Mean surprise at the true label. `truth` is labels, or a distribution a row (votes, say)."""
    scaled = np.asarray(logits, np.float64) / temperature
    top = scaled.max(1, keepdims=True)
    log_scores = scaled - top - np.log(np.exp(scaled - top).sum(1, keepdims=True))
    truth = np.asarray(truth)
    each = -log_scores[np.arange(len(truth)), truth] if truth.ndim == 1 else -(truth * log_scores).sum(1)
    return float(np.average(each, weights=weights))


def fit_temperature(logits: ArrayLike, truth: ArrayLike, weights: ArrayLike | None = None) -> float:
    """The one number to divide logits by. One parameter cannot change which class wins, nor overfit a small set.

    The likelihood is convex in the inverse of the temperature, so it has one valley: thirds of a grid that hold no
    minimum are dropped until one temperature is left. It can neither diverge nor leave the grid.
    """

    def loss(index: int) -> float:
        return negative_log_likelihood(logits, truth, float(_TEMPERATURES[index]), weights)

    low, high = 0, len(_TEMPERATURES) - 1
    while high - low > 2:
        third = (high - low) // 3
        if loss(low + third) <= loss(high - third):
            high -= third
        else:
            low += third
    return float(_TEMPERATURES[min(range(low, high + 1), key=loss)])


def is_sure(scores: ArrayLike, margin: float) -> np.ndarray:
    """True where the best score leads the second by at least `margin`; elsewhere ask, do not decide."""
    ordered = np.sort(np.asarray(scores, np.float64), axis=-1)
    return ordered[..., -1] - ordered[..., -2] >= margin


def fit_margin(scores: ArrayLike, truth: ArrayLike, wanted: float) -> float:
    """The smallest lead of the best score at which verdicts are right at least `wanted` of the time (1 if none is)."""
    scores, truth = np.asarray(scores, np.float64), np.asarray(truth)
    ordered = np.sort(scores, axis=1)
    lead, right = ordered[:, -1] - ordered[:, -2], scores.argmax(1) == truth
    order = np.argsort(-lead, kind="stable")
    kept = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(kept >= wanted)
    return float(lead[order][good[-1]]) if good.size else 1.0
