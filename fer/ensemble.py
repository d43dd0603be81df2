"""Four opinions, one answer: a weight and a temperature for each member, fitted on faces none of them has learned.

    opinion of a member = log softmax(logits / its temperature)
    mixed scores        = softmax(sharpness · Σ weight · opinion + lift)

Opinions are averaged as logarithms: where members agree the mix may be surer than each of them, by as much as
`sharpness` says. The members are taught with rare classes counting more than they occur; the `lift`, one number a
class, takes that back as far as plausible probabilities ask for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inference import calibration, metrics

GIVEN: dict[str, float] = {"resnet50": 0.30, "vgg16": 0.25, "xception": 0.20, "alexnet": 0.25}
"""The weights that were asked for; what was measured against them stands in the model card."""

Logits = Mapping[str, np.ndarray]
"""(faces, eight) of each member."""


@dataclass(frozen=True)
class Mix:
    """How much each member says, and how sure of itself it may be."""

    weights: Mapping[str, float]
    temperatures: Mapping[str, float]
    sharpness: float
    lift: tuple[float, ...]

    def __post_init__(self) -> None:
        if set(self.weights) != set(self.temperatures):
            raise ValueError("every member needs a weight and a temperature")
        if min(self.weights.values()) < 0 or abs(sum(self.weights.values()) - 1) > 1e-6:
            raise ValueError(f"weights are shares that sum to one, got {dict(self.weights)}")

    def scores(self, logits: Logits) -> np.ndarray:
        """(faces, eight), each row a distribution."""
        mixed = sum(weight * opinion(logits[name], self.temperatures[name]) for name, weight in self.weights.items())
        return calibration.softmax(self.sharpness * mixed + np.array(self.lift))

    def scores_of(self, name: str, logits: np.ndarray) -> np.ndarray:
        """What one member says on its own."""
        alone = Mix({name: 1.0}, {name: self.temperatures[name]}, 1.0, self.lift)
        return alone.scores({name: logits})

    def as_dict(self) -> dict[str, object]:
        return {
            "weights": dict(self.weights),
            "temperatures": dict(self.temperatures),
            "sharpness": self.sharpness,
            "lift": list(self.lift),
        }

    @classmethod
    def from_dict(cls, facts: Mapping[str, object]) -> Mix:
        return cls(facts["weights"], facts["temperatures"], float(facts["sharpness"]), tuple(facts["lift"]))


def opinion(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Logarithms of calibrated scores, none of them quite impossible."""
    return np.log(np.maximum(calibration.softmax(logits, temperature), 1e-6))


def loss(scores: np.ndarray, truth: np.ndarray) -> float:
    """Mean surprise; `truth` is labels or distributions."""
    return calibration.negative_log_likelihood(np.log(np.maximum(scores, 1e-12)), truth)


def plain(weights: Mapping[str, float], classes: int) -> Mix:
    """Fixed weights, nothing calibrated."""
    return Mix(dict(weights), dict.fromkeys(weights, 1.0), 1.0, (0.0,) * classes)


def weightings(names: Sequence[str]) -> dict[str, Mapping[str, float] | None]:
    """The ways to weigh members among which the best is shipped; None stands for fitted weights."""
    equal = {name: 1 / len(names) for name in names}
    given = {"given weights": GIVEN} if set(names) == set(GIVEN) else {}
    return {**given, "equal weights": equal, "fitted weights": None}


def fit(
    logits: Logits, truth: np.ndarray, lift_strength: float = 1.0, weights: Mapping[str, float] | None = None
) -> Mix:
    """The mix under which `truth` surprises least, by Nelder–Mead; fixed `weights` leave only the rest to be fitted.

    Weights are the softmax of free numbers, so every step of the search lies on the simplex. Each member's temperature
    is the best for it alone. `lift_strength` 0 leaves the classes as the members were taught, 1 takes their balancing
    back entirely.
    """
    from scipy.optimize import minimize  # only training needs scipy

    names, classes = list(weights or logits), next(iter(logits.values())).shape[1]
    own = {name: calibration.fit_temperature(logits[name], truth) for name in names}
    opinions = np.stack([opinion(logits[name], own[name]) for name in names])

    def shares(point: np.ndarray) -> np.ndarray:
        return calibration.softmax(np.append(point[1:], 0.0)) if weights is None else np.array([*weights.values()])

    def mixed(point: np.ndarray) -> np.ndarray:
        return float(np.exp(point[0])) * np.tensordot(shares(point), opinions, 1)

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
    weighing = dict(zip(names, shares(best).tolist(), strict=True))
    return Mix(weighing, own, float(np.exp(best[0])), tuple(lift.tolist()))


def _fit_lift(scores: np.ndarray, truth: np.ndarray, rounds: int = 60) -> np.ndarray:
    """Lifts under which each class is promised as often as it comes: the optimum of the likelihood in the lifts.

    Ten made-up faces spread over all classes keep a class with few examples from running away.
    """
    classes = scores.shape[1]
    wanted = np.eye(classes)[truth].sum(0) if truth.ndim == 1 else truth.sum(0)
    wanted = (wanted + 10 / classes) / (wanted.sum() + 10)
    lift = np.zeros(classes)
    for _ in range(rounds):
        lifted = scores * np.exp(lift)
        promised = (lifted / lifted.sum(1, keepdims=True)).mean(0)
        promised = (promised * len(scores) + 10 / classes) / (len(scores) + 10)
        lift += 0.5 * np.log(wanted / promised)
    return lift - lift.max()


@dataclass(frozen=True)
class Row:
    """One way of mixing, measured."""

    name: str
    loss: float
    accuracy: float
    uar: float
    ece: float


def measure(name: str, scores: np.ndarray, truth: np.ndarray, vote_shares: np.ndarray | None = None) -> Row:
    """Of scores of the eight; UAR over the seven, without faces whose majority is contempt."""
    among = truth < 7
    return Row(
        name,
        loss(scores, truth if vote_shares is None else vote_shares),
        metrics.accuracy(truth, scores.argmax(1)),
        metrics.uar(truth[among], scores[among, :7].argmax(1), 7),
        metrics.ece(truth, scores),
    )


def compare(
    fitting: Logits, fit_truth: np.ndarray, unseen: Logits, lift_strength: float = 1.0
) -> dict[str, np.ndarray]:
    """Scores of unseen faces by every way of mixing: each member alone, the given, equal and fitted weights, and the
    fitted ones without each member. All are calibrated alike on the other faces, so that only the weights differ."""
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
    """As `compare`, each face scored by what was fitted on the other folds."""
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
