from __future__ import annotations

from contextlib import contextmanager

import pytest

from emotions import EMOTIONS
from reading import Reading, Refusal

EVEN = {emotion: 1 / 7 for emotion in EMOTIONS}


def reading(scores: dict) -> Reading:
    return Reading(scores, sure=False, quality={}, source="voice", model="test 1")


def test_the_label_is_the_highest_score() -> None:
    assert reading(EVEN | {"anger": 1 / 7 + 0.1, "fear": 1 / 7 - 0.1}).label == "anger"


@pytest.mark.parametrize(
    "scores",
    [
        {"anger": 1.0},
        EVEN | {"calm": 0.0},
        EVEN | {"anger": 0.5},
        EVEN | {"anger": -0.1, "fear": 2 / 7 + 0.1},
        EVEN | {"fear": float("nan")},
    ],
)
def test_only_a_distribution_over_the_seven_is_a_reading(scores: dict) -> None:
    with pytest.raises(ValueError, match="score"):
        reading(scores)


def test_a_refusal_passes_through_a_context_manager() -> None:
    @contextmanager
    def somewhere():
        yield

    with pytest.raises(Refusal, match="The recording is silent"), somewhere():
        raise Refusal("too_quiet", "The recording is silent.")
