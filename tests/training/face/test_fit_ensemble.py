from __future__ import annotations

import numpy as np
import pytest

from fer.ensemble import Mix
from training.face import fit_ensemble
from training.face.fit_ensemble import GIVEN


def opinions(count: int = 3000, seed: int = 0) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Four members: a good one, one as good that errs elsewhere, an overconfident one, and noise."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(8, count, p=[0.3, 0.1, 0.3, 0.05, 0.05, 0.1, 0.05, 0.05])
    right = np.eye(8)[truth]
    return {
        "resnet50": 2.0 * right + rng.normal(size=(count, 8)),
        "vgg16": 2.0 * right + rng.normal(size=(count, 8)),
        "xception": 6 * (1.2 * right + rng.normal(size=(count, 8))),
        "alexnet": rng.normal(size=(count, 8)),
    }, truth


@pytest.fixture(scope="module")
def fitted() -> Mix:
    return fit_ensemble.fit(*opinions())


def test_weights_lie_on_the_simplex(fitted: Mix) -> None:
    assert sum(fitted.weights.values()) == pytest.approx(1)
    assert min(fitted.weights.values()) >= 0


def test_good_members_get_the_say_and_loud_ones_are_calmed(fitted: Mix) -> None:
    say = {name: weight / fitted.temperatures[name] for name, weight in fitted.weights.items()}
    assert say["alexnet"] < 0.1 * min(say["resnet50"], say["vgg16"])
    assert fitted.temperatures["xception"] > 2 * fitted.temperatures["resnet50"]


def test_fitting_helps_on_faces_not_fitted_on(fitted: Mix) -> None:
    logits, truth = opinions(seed=1)
    losses = {
        "fitted": fit_ensemble.loss(fitted.scores(logits), truth),
        "given": fit_ensemble.loss(Mix(GIVEN, dict.fromkeys(GIVEN, 1.0), 1.0, (0.0,) * 8).scores(logits), truth),
        "single": fit_ensemble.loss(fit_ensemble.fit({"vgg16": logits["vgg16"]}, truth).scores(logits), truth),
    }
    assert losses["fitted"] == min(losses.values())
    assert fit_ensemble.measure("fitted", fitted.scores(logits), truth).ece < 0.06


def test_fixed_weights_stay(fitted: Mix) -> None:
    logits, truth = opinions()
    assert fit_ensemble.fit(logits, truth, weights=GIVEN).weights == GIVEN


def test_lift_takes_balancing_back() -> None:
    """Members trained on balanced classes predict rare ones too often; the lift corrects exactly that."""
    rng = np.random.default_rng(0)
    truth = rng.choice(8, 4000, p=[0.5, 0.3, *[0.2 / 6] * 6])
    logits = {"vgg16": 1.5 * np.eye(8)[truth] + rng.normal(size=(4000, 8))}
    plain, lifted = (fit_ensemble.fit(logits, truth, strength) for strength in (0.0, 1.0))
    assert plain.lift == (0.0,) * 8
    promised = lifted.scores(logits).mean(0)
    assert promised == pytest.approx(np.bincount(truth) / 4000, abs=0.01)
    assert fit_ensemble.loss(lifted.scores(logits), truth) < fit_ensemble.loss(plain.scores(logits), truth)


def test_comparison_names_every_way_and_scores_each_face_unseen() -> None:
    logits, truth = opinions(200)
    ways = fit_ensemble.cross_compare(logits, truth, folds=2)
    assert {"given weights", "equal weights", "fitted weights", "vgg16 alone", "fitted, without vgg16"} <= set(ways)
    assert all(scores.sum(1) == pytest.approx(1) for scores in ways.values())


def test_a_mix_survives_being_written_down(fitted: Mix) -> None:
    assert Mix.from_dict(fitted.as_dict()) == fitted
