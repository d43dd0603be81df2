"""The models that compete for the four moods; each is fitted on some tracks and scores others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from inference.calibration import softmax
from inference.metrics import macro_f1
from music.emotion_groups import FOUR, four_labels, four_shares
from training.music import cnn, ridge
from training.music.cache import MeasuredTracks

Candidate = Callable[[MeasuredTracks, np.ndarray, np.ndarray, int], np.ndarray]
"""Tracks, rows to train on, rows to score, a seed → (rows, four) scores that sum to one."""


def majority(tracks: MeasuredTracks, train: np.ndarray, test: np.ndarray, seed: int) -> np.ndarray:
    counts = np.bincount(four_labels(tracks.shares)[train], minlength=len(FOUR))
    return np.tile(counts / counts.sum(), (len(test), 1))


def linear(tracks: MeasuredTracks, train: np.ndarray, test: np.ndarray, seed: int) -> np.ndarray:
    """Softmax regression on the measured features; the target is each track's strongest group."""
    targets = np.eye(len(FOUR))[four_labels(tracks.shares)]
    fitted = ridge.fit_softmax(tracks.features[train], targets[train], tracks.artists[train])
    return softmax(fitted(tracks.features[test]))


def linear_listeners(tracks: MeasuredTracks, train: np.ndarray, test: np.ndarray, seed: int) -> np.ndarray:
    """The same; the targets are the shares of the listeners who felt each group."""
    fitted = ridge.fit_softmax(tracks.features[train], four_shares(tracks.shares)[train], tracks.artists[train])
    return softmax(fitted(tracks.features[test]))


def _network(name: str) -> Candidate:
    def candidate(tracks: MeasuredTracks, train: np.ndarray, test: np.ndarray, seed: int) -> np.ndarray:
        network = cnn.train(tracks, train, cnn.SETTINGS[name], seed)
        guess = cnn.log_scores(network, tracks, train).argmax(1)
        score = macro_f1(four_labels(tracks.shares)[train], guess, len(FOUR))
        print(f"{name}, seed {seed}: macro-F1 {score:.2f} on its training tracks", flush=True)
        return softmax(cnn.log_scores(network, tracks, test))

    return candidate


SINGLE: dict[str, Candidate] = {
    "majority": majority,
    "linear": linear,
    "linear_listeners": linear_listeners,
    **{name: _network(name) for name in cnn.SETTINGS},
}
ENSEMBLES = {"linear_and_cnn": ("linear_listeners", "cnn_regularised")}
"""Means of the log-scores of others; nothing is fitted."""


def mean_of_logs(scores: list[np.ndarray]) -> np.ndarray:
    return softmax(np.mean([np.log(np.maximum(each, 1e-9)) for each in scores], axis=0))
