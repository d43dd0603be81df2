"""What of a recording lies outside the person's own range, or that of most people."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ser.describe import MEASURES
from ser.usual import MIDDLE, MOST_PEOPLE, OWN_READINGS, most_people, usual

NORMAL = {"loudness_db": -25.0, "syllables": 4.5, "pitch_hz": 200.0, "pitch_range": 7.0}


def earlier(count: int, spread: float = 0.03) -> list[dict[str, float]]:
    rng = np.random.default_rng(0)
    return [{name: value * (1 + spread * rng.normal()) for name, value in NORMAL.items()} for _ in range(count)]


def test_nine_recordings_are_too_few_to_know_a_voice() -> None:
    assert not usual(earlier(OWN_READINGS - 1)).is_own
    assert usual(earlier(OWN_READINGS)).is_own
    assert not usual([]).is_own


def test_readings_without_these_numbers_do_not_count() -> None:
    old = [{"weight": 1.0, "strangeness": 0.5}] * 20
    assert not usual([*old, *earlier(OWN_READINGS - 1)]).is_own
    assert usual([*old, *earlier(OWN_READINGS)]).is_own


@pytest.mark.parametrize(
    ("measure", "value", "wanted"),
    [
        ("loudness_db", -19.0, {"loudness_db": True}),
        ("loudness_db", -31.0, {"loudness_db": False}),
        ("syllables", 5.6, {"syllables": True}),
        ("syllables", 3.6, {"syllables": False}),
        ("pitch_hz", 230.0, {"pitch_hz": True}),
        ("pitch_hz", 170.0, {"pitch_hz": False}),
        ("pitch_range", 10.0, {"pitch_range": True}),
        ("pitch_range", 4.0, {"pitch_range": False}),
        ("pitch_hz", 206.0, {}),  # half a semitone: nobody hears that
        ("loudness_db", -23.5, {}),
    ],
)
def test_only_a_difference_that_can_be_heard_is_named(measure: str, value: float, wanted: dict[str, bool]) -> None:
    assert usual(earlier(30)).differences({**NORMAL, measure: value}) == wanted


def test_who_always_speaks_in_many_ways_is_not_told_of_each() -> None:
    assert usual(earlier(40, spread=0.4)).differences({**NORMAL, "pitch_hz": 230.0, "syllables": 5.4}) == {}


def test_nothing_is_known_of_a_recording_without_these_numbers() -> None:
    assert usual(earlier(12)).differences({"weight": 1.0}) == {}


def test_the_shipped_ranges_are_those_of_voices_and_leave_the_loudness_out() -> None:
    most = most_people()
    assert not most.is_own
    assert set(most.ranges) == set(MEASURES) - {"loudness_db"}
    assert most.differences(NORMAL) == {}
    assert most.differences({"syllables": 7.5, "pitch_hz": 330.0, "pitch_range": 2.0}) == {
        "syllables": True, "pitch_hz": True, "pitch_range": False,
    }  # fmt: skip
    # A man's and a woman's usual pitch are both usual.
    assert all(most.differences({"pitch_hz": hertz}) == {} for hertz in (115.0, 150.0, 200.0, 230.0))


def test_the_shipped_file_says_how_it_was_made() -> None:
    found = json.loads(MOST_PEOPLE.read_text(encoding="utf-8"))
    assert tuple(found["quantiles"]) == MIDDLE
    assert found["people"] > 100
    assert sum(found["corpora"].values()) == found["clips"] > 1000
    assert found["command"].startswith("python -m training.voice.usual_voices")
