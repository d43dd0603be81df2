"""The models that compete for the four moods: each is fitted on some tracks and scores others. Never in the app."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from inference.calibration import softmax
from inference.metrics import macro_f1
from music.emotion_groups import FOUR, four_labels, four_shares
from training.music import cnn, ridge
from training.music.cache import Cached

Contender = Callable[[Cached, np.ndarray, np.ndarray, int], np.ndarray]
"""Cached tracks, rows to learn from, rows to score, a seed → (rows, four) scores that sum to one."""


def majority(cached: Cached, train: np.ndarray, test: np.ndarray, seed: int) -> np.ndarray:
    counts = np.bincount(four_labels(cached.shares)[train], minlength=len(FOUR))
    return np.tile(counts / counts.sum(), (len(test), 1))


def linear(cached: Cached, train: np.ndarray, test: np.ndarray, seed: int) -> np.ndarray:
    """Softmax regression on the measured features, taught each track's strongest group."""
    wanted = np.eye(len(FOUR))[four_labels(cached.shares)]
    fitted = ridge.fit_softmax(cached.features[train], wanted[train], cached.artists[train])
    return softmax(fitted(cached.features[test]))


def linear_listeners(cached: Cached, train: np.ndarray, test: np.ndarray, seed: int) -> np.ndarray:
    """The same, taught what share of the listeners felt each group: a track that divides them teaches that it does."""
    fitted = ridge.fit_softmax(cached.features[train], four_shares(cached.shares)[train], cached.artists[train])
    return softmax(fitted(cached.features[test]))


def _network(name: str) -> Contender:
    def contender(cached: Cached, train: np.ndarray, test: np.ndarray, seed: int) -> np.ndarray:
        network = cnn.train(cached, train, cnn.RECIPES[name], seed)
        learnt = cnn.log_scores(network, cached, train).argmax(1)
        fits = macro_f1(four_labels(cached.shares)[train], learnt, len(FOUR))
        print(f"{name}, seed {seed}: macro-F1 {fits:.2f} on the tracks it learnt from", flush=True)
        return softmax(cnn.log_scores(network, cached, test))

    return contender


ALONE: dict[str, Contender] = {
    "majority": majority,
    "linear": linear,
    "linear_listeners": linear_listeners,
    **{name: _network(name) for name in cnn.RECIPES},
}
TOGETHER = {"linear_and_cnn": ("linear_listeners", "cnn_regularised")}
"""Means of the log-scores of others, half and half: nothing is fitted."""


def together(scores: list[np.ndarray]) -> np.ndarray:
    return softmax(np.mean([np.log(np.maximum(one, 1e-9)) for one in scores], axis=0))
