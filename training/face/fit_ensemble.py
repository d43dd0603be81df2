"""Fits the mix of the face ensemble on held-out faces, and compares ways of mixing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from fer.ensemble import Logits, Mix, log_scores
from inference import calibration, metrics

GIVEN: dict[str, float] = {"resnet50": 0.30, "vgg16": 0.25, "xception": 0.20, "alexnet": 0.25}
"""A fixed weighting to compare the fitted one with; the model card has the results."""


def loss(scores: np.ndarray, truth: np.ndarray) -> float:
    """The negative log-likelihood; `truth` is labels or distributions."""
    return calibration.negative_log_likelihood(np.log(np.maximum(scores, 1e-12)), truth)


def weightings(names: Sequence[str]) -> dict[str, Mapping[str, float] | None]:
    """The weightings to compare, by name; None stands for fitted weights."""
    equal = {name: 1 / len(names) for name in names}
    given = {"given weights": GIVEN} if set(names) == set(GIVEN) else {}
    return {**given, "equal weights": equal, "fitted weights": None}


def fit(
    logits: Logits, truth: np.ndarray, lift_strength: float = 1.0, weights: Mapping[str, float] | None = None
) -> Mix:
    """The mix with the smallest loss, by Nelder-Mead; given `weights` stay fixed.

    Weights are the softmax of free numbers, so every step of the search lies on the simplex. Each member's temperature
    is the best for it alone. `lift_strength` 0 keeps the class balance of the training, 1 removes it entirely.
    """
    names, classes = list(weights or logits), next(iter(logits.values())).shape[1]
    temperatures = {name: calibration.fit_temperature(logits[name], truth) for name in names}
    members = np.stack([log_scores(logits[name], temperatures[name]) for name in names])

    def shares(point: np.ndarray) -> np.ndarray:
        return calibration.softmax(np.append(point[1:], 0.0)) if weights is None else np.array([*weights.values()])

    def mixed(point: np.ndarray) -> np.ndarray:
        return float(np.exp(point[0])) * np.tensordot(shares(point), members, 1)

    best = np.zeros(len(names) if weights is None else 1)
    lift = np.zeros(classes)
    for _ in range(3 if lift_strength else 1):  # the mix, then the lift, then the mix again under that lift …
        best = minimize(
            lambda point, lift=lift: calibration.negative_log_likelihood(mixed(point) + lift, truth),
            best,
            method="Nelder-Mead",
            options={"maxiter": 400 * best.size, "xatol": 1e-3, "fatol": 1e-6, "adaptive": True},
        ).x
        if lift_strength:
            lift = lift_strength * _fit_lift(calibration.softmax(mixed(best)), truth)
    fitted = dict(zip(names, shares(best).tolist(), strict=True))
    return Mix(fitted, temperatures, float(np.exp(best[0])), tuple(lift.tolist()))


def _fit_lift(scores: np.ndarray, truth: np.ndarray, rounds: int = 60) -> np.ndarray:
    """The lift of each class under which its mean score equals its frequency: the optimum of the likelihood.

    Ten pseudo-faces, spread over all classes, keep the lift of a rare class finite.
    """
    classes = scores.shape[1]
    frequency = np.eye(classes)[truth].sum(0) if truth.ndim == 1 else truth.sum(0)
    frequency = (frequency + 10 / classes) / (frequency.sum() + 10)
    lift = np.zeros(classes)
    for _ in range(rounds):
        lifted = scores * np.exp(lift)
        mean_score = (lifted / lifted.sum(1, keepdims=True)).mean(0)
        mean_score = (mean_score * len(scores) + 10 / classes) / (len(scores) + 10)
        lift += 0.5 * np.log(frequency / mean_score)
    return lift - lift.max()


@dataclass(frozen=True)
class MixResult:
    """The results of one way of mixing."""

    name: str
    loss: float
    accuracy: float
    uar: float
    ece: float


def measure(name: str, scores: np.ndarray, truth: np.ndarray, vote_shares: np.ndarray | None = None) -> MixResult:
    """Results from scores of the eight; the UAR is over the seven, without faces whose majority is contempt."""
    among = truth < 7
    return MixResult(
        name,
        loss(scores, truth if vote_shares is None else vote_shares),
        metrics.accuracy(truth, scores.argmax(1)),
        metrics.uar(truth[among], scores[among, :7].argmax(1), 7),
        metrics.ece(truth, scores),
    )


def compare(
    fitting: Logits, fit_truth: np.ndarray, unseen: Logits, lift_strength: float = 1.0
) -> dict[str, np.ndarray]:
    """Scores of unseen faces by every way of mixing: each member alone, given, equal and fitted weights, and fitted
    weights without each member in turn. All are calibrated on the same faces, so that only the weights differ.
    """
    names = list(fitting)

    def mixed(chosen: Sequence[str], weights: Mapping[str, float] | None = None) -> np.ndarray:
        mix = fit({name: fitting[name] for name in chosen}, fit_truth, lift_strength, weights)
        return mix.scores({name: unseen[name] for name in chosen})

    ways = {f"{name} alone": mixed([name]) for name in names}
    ways |= {way: mixed(names, weights) for way, weights in weightings(names).items()}
    if len(names) > 2:
        for left_out in names:
            ways[f"fitted, without {left_out}"] = mixed([name for name in names if name != left_out])
    return ways


def cross_compare(
    logits: Logits, truth: np.ndarray, folds: int = 5, seed: int = 0, lift_strength: float = 1.0
) -> dict[str, np.ndarray]:
    """As `compare`, with each face scored by a mix that was fitted on the other folds."""
    fold = np.random.default_rng(seed).permutation(len(truth)) % folds
    out: dict[str, np.ndarray] = {}
    for number in range(folds):
        held = fold == number
        ways = compare(
            {name: each[~held] for name, each in logits.items()},
            truth[~held],
            {name: each[held] for name, each in logits.items()},
            lift_strength,
        )
        for way, scores in ways.items():
            out.setdefault(way, np.zeros((len(truth), scores.shape[1])))[held] = scores
    return out
