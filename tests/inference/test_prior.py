"""The diarist's prior: what is divided out, what is multiplied in, and whose scores it concerns."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from emotions import EMOTIONS
from inference import prior
from inference.prior import DIARIES, PRIOR, Adaptation

EVEN = (1 / len(EMOTIONS),) * len(EMOTIONS)
FERPLUS = (0.25, 0.12, 0.37, 0.02, 0.01, 0.09, 0.14)


def test_the_prior_is_halfway_between_diaries_and_equal_shares() -> None:
    diaries = np.array([DIARIES[mood] for mood in EMOTIONS])
    even = np.array(EVEN)
    assert PRIOR.sum() == pytest.approx(1)
    assert (np.argsort(PRIOR) == np.argsort(diaries)).all(), "the order of the moods stays"

    def apart(other: np.ndarray) -> float:
        return float(np.sum(PRIOR * np.log(PRIOR / other)))

    assert apart(even) == pytest.approx(apart(diaries / diaries.sum()), abs=0.04)


def test_scores_that_only_repeat_the_class_shares_become_the_prior() -> None:
    assert Adaptation(FERPLUS).apply(FERPLUS) == pytest.approx(PRIOR)


def test_class_shares_are_divided_out() -> None:
    """A classifier by Bayes' rule, trained where neutral is frequent, answers as one trained on diaries would."""
    likelihood = np.random.default_rng(0).random((50, len(EMOTIONS)))

    def posterior(shares: np.ndarray) -> np.ndarray:
        scores = likelihood * shares
        return scores / scores.sum(1, keepdims=True)

    assert Adaptation(FERPLUS).apply(posterior(np.array(FERPLUS))) == pytest.approx(posterior(PRIOR))


def test_nothing_fitted_changes_nothing() -> None:
    scores = np.random.default_rng(1).dirichlet(np.ones(len(EMOTIONS)), 20)
    assert Adaptation().apply(scores) == pytest.approx(scores)


def test_a_higher_temperature_moves_scores_towards_the_prior() -> None:
    certain = np.eye(len(EMOTIONS))[3] * 0.93 + 0.01
    mild, strong = (Adaptation(EVEN, temperature).apply(certain) for temperature in (1.5, 4.0))
    assert Adaptation(EVEN).apply(certain)[3] > mild[3] > strong[3] > PRIOR[3]


def test_a_text_in_two_languages_lies_between_both() -> None:
    english, korean = Adaptation(FERPLUS, 1.0), Adaptation(EVEN, 2.0)
    assert english.mixed(korean, 0.0).apply(FERPLUS) == pytest.approx(english.apply(FERPLUS))
    assert english.mixed(korean, 1.0).apply(FERPLUS) == pytest.approx(korean.apply(FERPLUS))
    assert english.mixed(korean, 0.5).temperature == 1.5


def test_what_was_fitted_for_other_weights_is_not_used(tmp_path: Path) -> None:
    fitted = {
        "model": "haru-face 1",
        "version": "1",
        "adaptations": {"all": {"shares": dict(zip(EMOTIONS, FERPLUS, strict=True)), "temperature": 1.2}},
        "margins": {"all": 0.4},
    }
    file = tmp_path / "prior.json"
    file.write_text(json.dumps({"face": fitted}))
    found = prior.of("face", "haru-face 1", file)
    assert found is not None
    assert found.adaptations["all"] == Adaptation(FERPLUS, 1.2)
    assert found.named("haru-face 1") == "haru-face 1 + prior 1"
    assert prior.of("face", "haru-face 2", file) is None
    assert prior.of("words", "haru-words 1", file) is None
    assert prior.of("face", "haru-face 1", tmp_path / "nowhere.json") is None
