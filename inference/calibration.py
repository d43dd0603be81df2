"""Calibration: softmax scores with a temperature, and the margin from which a reading is sure.

Trainings fit both on people whom the model was not trained on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

_TEMPERATURES = np.geomspace(0.05, 20.0, 600)

LEAST_SURE = 0.6
"""No reading is sure of a mood that has a lower score, however far the others are behind: "sure" must not mean 36 %."""


def softmax(logits: ArrayLike, temperature: float = 1.0) -> np.ndarray:
    """Scores over the last axis; large logits do not overflow."""
    scaled = np.asarray(logits, np.float64) / temperature
    exponentials = np.exp(scaled - scaled.max(-1, keepdims=True))
    return exponentials / exponentials.sum(-1, keepdims=True)


def negative_log_likelihood(
    logits: ArrayLike, truth: ArrayLike, temperature: float = 1.0, weights: ArrayLike | None = None
) -> float:
    """The mean over all rows. `truth` has one label per row, or one distribution per row (votes, for example)."""
    scaled = np.asarray(logits, np.float64) / temperature
    top = scaled.max(1, keepdims=True)
    log_scores = scaled - top - np.log(np.exp(scaled - top).sum(1, keepdims=True))
    truth = np.asarray(truth)
    each = -log_scores[np.arange(len(truth)), truth] if truth.ndim == 1 else -(truth * log_scores).sum(1)
    return float(np.average(each, weights=None if weights is None else np.asarray(weights)))


def fit_temperature(logits: ArrayLike, truth: ArrayLike, weights: ArrayLike | None = None) -> float:
    """The temperature with the smallest negative log-likelihood, by ternary search on a grid.

    One parameter changes no verdict and cannot overfit a small set. The loss is convex in the inverse of the
    temperature, so the search finds its only minimum; it can neither diverge nor leave the grid.
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
    """True where the best score is at least `LEAST_SURE` and leads the second by at least `margin`.

    Elsewhere the diary asks the person.
    """
    ordered = np.sort(np.asarray(scores, np.float64), axis=-1)
    return (ordered[..., -1] >= LEAST_SURE) & (ordered[..., -1] - ordered[..., -2] >= margin)


def fit_margin(scores: ArrayLike, truth: ArrayLike, wanted: float, weights: ArrayLike | None = None) -> float:
    """The smallest margin with which at least the share `wanted` of sure verdicts is right; 1 where there is none.

    `truth` has one label per row, or one row of shares, where every mood with a share counts as right.
    """
    scores, truth = np.asarray(scores, np.float64), np.asarray(truth)
    weight = np.ones(len(scores)) if weights is None else np.asarray(weights, np.float64)
    ordered, best = np.sort(scores, axis=1), scores.argmax(1)
    right = best == truth if truth.ndim == 1 else truth[np.arange(len(truth)), best] > 0
    lead = np.where(ordered[:, -1] >= LEAST_SURE, ordered[:, -1] - ordered[:, -2], -1.0)
    order = np.argsort(-lead, kind="stable")
    lead, right, weight = lead[order], right[order], weight[order]
    share_right = np.cumsum(weight * right) / np.maximum(np.cumsum(weight), 1e-12)
    # A margin lets all rows with the same lead be sure, so only the last of them counts.
    is_last = np.append(lead[1:] < lead[:-1], True)
    good = np.flatnonzero((share_right >= wanted) & (lead >= 0) & is_last)
    return float(lead[good[-1]]) if good.size else 1.0
