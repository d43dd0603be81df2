"""Shares are found in the scores that contain them, and halves of lines never meet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from emotions import EMOTIONS
from inference.calibration import softmax
from inference.prior import PRIOR, Adaptation
from training.fusion import fit_prior, measure
from training.fusion.held_out import HeldOut, by_class
from training.fusion.measure import Inputs
from training.words import first_person
from understanding import fusion

pytestmark = pytest.mark.training

SHARES = np.array([0.35, 0.1, 0.3, 0.05, 0.03, 0.1, 0.07])


def readings(shares: np.ndarray, count: int = 6000, clear: float = 1.5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Log-likelihoods and moods of inputs whose moods have these shares."""
    rng = np.random.default_rng(seed)
    moods = rng.choice(len(EMOTIONS), count, p=shares)
    seen = clear * np.eye(len(EMOTIONS))[moods] + rng.standard_normal((count, len(EMOTIONS)))
    return clear * seen, np.eye(len(EMOTIONS))[moods]


def held(scores: np.ndarray, truth: np.ndarray, kind: str = "known") -> HeldOut:
    return HeldOut.of(scores, truth, np.full(len(scores), kind), np.ones(len(scores), bool))


def test_the_class_shares_in_scores_are_found() -> None:
    likelihoods, truth = readings(SHARES)
    found, temperature = fit_prior.shares_in(softmax(likelihoods + np.log(SHARES)), truth)
    assert found == pytest.approx(SHARES, abs=0.03)
    assert temperature == pytest.approx(1, abs=0.1)
    # Scores of a balanced training on the same inputs contain equal shares.
    found, _ = fit_prior.shares_in(softmax(likelihoods), truth)
    assert found == pytest.approx(np.full(7, 1 / 7), abs=0.03)


def test_all_shares_of_a_perfect_classifier_are_divided_out_and_its_temperature_stays() -> None:
    likelihoods, truth = readings(PRIOR, seed=1)
    one = held(softmax(likelihoods + np.log(SHARES)), truth)
    found = fit_prior.best_adaptations({"all": (one, SHARES)}, lambda part: by_class(part, PRIOR))["all"]
    assert found.shares == pytest.approx(SHARES, abs=0.02)
    assert found.temperature == pytest.approx(1, abs=0.1)
    overconfident = held(softmax(2 * (likelihoods + np.log(SHARES))), truth)
    doubled = np.array(softmax(2 * np.log(SHARES)))
    found = fit_prior.best_adaptations({"all": (overconfident, doubled)}, lambda part: by_class(part, PRIOR))["all"]
    assert found.temperature == pytest.approx(2, abs=0.2)


def test_every_mood_weighs_as_the_prior_has_it_and_every_set_alike() -> None:
    likelihoods, truth = readings(SHARES, 2000)
    kind = np.where(np.arange(2000) < 300, "few", "many")
    weights = by_class(HeldOut.of(softmax(likelihoods), truth, kind, np.ones(2000, bool)), PRIOR)
    of_mood = np.array([weights[truth[:, mood] == 1].sum() for mood in range(len(EMOTIONS))])
    assert of_mood == pytest.approx(PRIOR)
    assert weights[kind == "few"].sum() == pytest.approx(0.5)


def test_equal_lines_are_in_the_same_half() -> None:
    assert first_person.is_tuning("I am  happy") == first_person.is_tuning("I am happy")
    plain = list(first_person.plain_lines())
    assert {(line.language, line.tuning) for line in plain} == {
        (name, half) for name in ("ko", "en") for half in (True, False)
    }
    assert len({line.text for line in plain}) == len(plain)


def test_diary_entries_have_the_shares_that_were_ticked(tmp_path: Path) -> None:
    mood = dict(zip(EMOTIONS, first_person.diary_shares({"said": "happy,calm"}).tolist(), strict=True))
    assert (mood["happiness"], mood["neutral"]) == (0.75, 0.25)
    with pytest.raises(FileNotFoundError, match="lemotif_en"):
        first_person.rows(tmp_path / "lemotif_en.tsv")


def test_the_line_of_contradiction_is_found_between_moments_that_agree_and_that_do_not() -> None:
    inputs = {}
    for seed, source in enumerate(fusion.SOURCES):
        likelihoods, truth = readings(PRIOR, 3000, clear=2.2, seed=seed)
        scores = Adaptation(tuple([1 / 7] * 7)).apply(softmax(likelihoods))
        rows = tuple(np.flatnonzero(truth[:, mood]) for mood in range(len(EMOTIONS)))
        inputs[source] = Inputs(scores, np.ones(3000), scores.max(1) > 0.6, rows)
    small = [moment for moment in measure.moments(inputs, seed=0)][::20]
    how = measure.fit(small, dict.fromkeys(fusion.SOURCES, 1.0), "test")
    several = [moment for moment in small if len(moment.sources) > 1]
    asked = np.array([measure.fused(moment, how).doubt > 0.5 for moment in several])
    contradicting = np.array([moment.contradicting for moment in several])
    assert contradicting[asked].mean() > 0.5, "who is asked does contradict, more often than not"
    assert asked[contradicting].mean() > 0.4
    assert asked[~contradicting].mean() < 0.1
    sure = [moment for moment in small if measure.is_sure(moment, how)]
    right = [measure.fused(moment, how).scores.argmax() == moment.mood for moment in sure]
    assert np.mean(right) >= measure.RIGHT_WHEN_SURE
