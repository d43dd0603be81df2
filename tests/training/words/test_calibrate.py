"""Offsets and temperature make scores right where every mood is equally frequent."""

from __future__ import annotations

import numpy as np
import pytest

from emotions import EMOTIONS
from training.words.calibrate import even_weights, fit
from words.model import calibrated

SEVEN = len(EMOTIONS)


def test_offsets_and_temperature_are_found() -> None:
    rng = np.random.default_rng(0)
    moods = rng.choice(SEVEN, 6000, p=[0.4, 0.1, 0.2, 0.1, 0.05, 0.1, 0.05])
    evidence = 2 * (2 * np.eye(SEVEN)[moods] + rng.standard_normal((6000, SEVEN)))
    skewed = 1.5 * evidence + np.array([2.0, 0, 0, 0, -1.0, 0, 0])
    truth = np.eye(SEVEN)[moods]
    found = fit(skewed, truth, even_weights(truth, np.full(6000, "plain")), np.zeros(SEVEN))
    assert found["temperature"] == pytest.approx(1.5, abs=0.15)
    assert found["offsets"][0] - found["offsets"][1] == pytest.approx(-2, abs=0.3)
    assert found["offsets"][4] - found["offsets"][1] == pytest.approx(1, abs=0.3)
    scores = calibrated(skewed, np.zeros(6000), {"en": found, "ko": found})
    assert scores.argmax(1)[moods == 4].tolist().count(4) > 0.7 * (moods == 4).sum()


def test_every_mood_weighs_alike_and_in_it_every_set_as_the_table_says() -> None:
    truth = np.eye(SEVEN)[[0] * 90 + [0] * 10 + [6] * 5]
    kinds = np.array(["isear"] * 90 + ["lemotif"] * 10 + ["isear"] * 5)
    weights = even_weights(truth, kinds)
    assert weights[:100].sum() == pytest.approx(weights[100:].sum()) == pytest.approx(1)
    assert weights[90:100].sum() == pytest.approx(2 * weights[:90].sum())


def test_lines_that_are_all_right_have_a_temperature_above_zero() -> None:
    truth = np.eye(SEVEN)[[0, 6] * 20]
    found = fit(0.5 * truth, truth, np.ones(40), np.zeros(SEVEN))
    assert found["temperature"] >= 0.2
