from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from emotions import EMOTIONS
from inference.calibration import softmax
from inference.prior import PRIOR
from reading import Reading
from training.fusion.measure_overlap import SpokenSentences, best_overlap, kept, measure, put_together_anew
from understanding.fusion import Settings

pytestmark = pytest.mark.training

HOW = Settings("test", {"voice": 1.0, "words": 1.0}, contradiction=50.0, margin=0.0)  # no doubt


def sentences(in_common: float, count: int = 400) -> SpokenSentences:
    """Calibrated readings of both; `in_common` is the correlation of their errors."""
    rng = np.random.default_rng(0)
    moods = rng.choice(len(EMOTIONS), size=count, p=PRIOR)
    common, *own = (rng.standard_normal((count, len(EMOTIONS))) for _ in range(3))
    strength = 1.5
    readings = []
    for source, noise in zip(("voice", "words"), own, strict=True):
        seen = strength * np.eye(len(EMOTIONS))[moods] + np.sqrt(in_common) * common + np.sqrt(1 - in_common) * noise
        readings.append([reading(source, scores) for scores in softmax(strength * seen + np.log(PRIOR))])
    speakers = np.array([f"speaker {number % 4}" for number in range(count)])
    return SpokenSentences(moods, speakers, list(zip(*readings, strict=True)))


def reading(source: str, scores: np.ndarray) -> Reading:
    return Reading(dict(zip(EMOTIONS, scores.tolist(), strict=True)), True, {"weight": 1.0}, source, "test 1")


@pytest.mark.parametrize(("in_common", "least", "most"), [(0.0, 0.0, 0.15), (0.5, 0.5, 0.8), (1.0, 0.85, 1.0)])
def test_the_overlap_follows_the_errors_in_common(in_common: float, least: float, most: float) -> None:
    given = sentences(in_common)
    assert least <= best_overlap(given, HOW) <= most
    assert best_overlap(put_together_anew(given, np.random.default_rng(1)), HOW) <= 0.15


def test_an_overlap_that_is_there_lowers_the_loss_of_other_speakers() -> None:
    figures, report = measure(sentences(1.0), replace(HOW, overlap=0.3))
    assert figures["loss_with"] < figures["loss_without"] - 0.05
    assert figures["sentences"] == 200
    assert "| overlap 0.00 |" in report


def test_what_helps_independent_pairs_as_much_is_no_overlap() -> None:
    figures = {"overlap": 0.6, "overlap_of_pairs_put_together_anew": 0.1, "loss_with": 1.0, "loss_without": 1.1}
    assert kept(figures) == 0.6
    assert kept(figures | {"overlap_of_pairs_put_together_anew": 0.6}) == 0.0
    assert kept(figures | {"loss_with": 1.2}) == 0.0


def test_no_speaker_is_in_both_halves() -> None:
    chosen_on, reported_on = sentences(0.0).halves()
    assert set(chosen_on.speakers) == {"speaker 0", "speaker 2"}
    assert set(reported_on.speakers) == {"speaker 1", "speaker 3"}
