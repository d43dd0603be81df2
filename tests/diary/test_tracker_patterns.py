from __future__ import annotations

from datetime import date, timedelta

import pytest

from diary import patterns, tracker_patterns
from diary.patterns import ENOUGH_DAYS
from diary.sessions import Session
from tests.diary.histories import keep

FIRST = date(2026, 3, 2)  # a Monday


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def days_of(session: Session) -> patterns.DayColumns:
    return patterns.by_day(patterns.entry_columns(session, date.min, date.max))


def test_means_of_weeks_count_only_days_with_a_value() -> None:
    values = {day(0): 400, day(6): 500, day(7): 60, day(30): 0}
    steps = tracker_patterns.over_time(values, patterns.week(0))
    assert steps == {
        day(0): tracker_patterns.Step(2, 450),
        day(7): tracker_patterns.Step(1, 60),
        day(28): tracker_patterns.Step(1, 0),
    }
    assert tracker_patterns.over_time({}, patterns.each_day) == {}


def test_days_are_compared_from_ten_days_on_each_side(person: Session) -> None:
    for number in range(2 * ENOUGH_DAYS):
        keep(person, day(number).isoformat(), "happiness" if number < ENOUGH_DAYS else "sadness")
    values = {day(number): 480 if number < ENOUGH_DAYS else 300 for number in range(2 * ENOUGH_DAYS)}
    found = tracker_patterns.compare(days_of(person), values, 420)
    assert found is not None
    assert (found.on.days, found.off.days) == (ENOUGH_DAYS, ENOUGH_DAYS)
    assert found.on.shares["happiness"] == 1
    assert found.off.shares["sadness"] == 1
    # One day less on one side, and there is no comparison; days without an entry or a value count for nothing.
    del values[day(0)]
    values |= {day(number): 480 for number in range(100, 200)}
    assert tracker_patterns.compare(days_of(person), values, 420) is None
    assert tracker_patterns.days_with_both(days_of(person), values) == 2 * ENOUGH_DAYS - 1


def test_yes_and_no(person: Session) -> None:
    for number in range(25):
        keep(person, day(number).isoformat())
    values = {day(number): int(number < 11) for number in range(25)}
    found = tracker_patterns.compare(days_of(person), values, 1)
    assert found is not None
    assert (found.on.days, found.off.days) == (11, 14)


def test_the_mood_of_the_day_after_and_of_the_day_before(person: Session) -> None:
    """Long nights on every third day; the day after each is happy, all others are sad."""
    for number in range(60):
        keep(person, day(number).isoformat(), "happiness" if number % 3 == 1 else "sadness")
    values = {day(number): 480 if number % 3 == 0 else 300 for number in range(60)}
    by_lag = {lag: tracker_patterns.compare(days_of(person), values, 420, lag) for lag in tracker_patterns.LAGS}
    happy = {lag: found and found.on.shares["happiness"] for lag, found in by_lag.items()}
    assert happy == {0: 0, 1: 1, -1: 0}
    # The night of the last day has no day after it, the first day none before it.
    assert {lag: found and found.on.days + found.off.days for lag, found in by_lag.items()} == {0: 60, 1: 59, -1: 59}


def test_nothing_to_compare(person: Session) -> None:
    assert tracker_patterns.compare(days_of(person), {}, 3) is None
    assert tracker_patterns.compare(days_of(person), {day(0): 3}, 3) is None
    for number in range(30):
        keep(person, day(number).isoformat())
    assert tracker_patterns.compare(days_of(person), {day(number): 3 for number in range(30)}, 3) is None
    assert tracker_patterns.compare(days_of(person), {}, 3) is None


@pytest.mark.parametrize(
    ("kind", "values", "limit"),
    [
        ("minutes", [300, 330, 345, 400, 425, 430, 480, 500], 420),
        ("minutes", [300, 480], 420),
        ("minutes", [400, 410, 425, 430], 420),
        ("scale", [0, 1, 1, 2, 2, 8], 2),
        ("yes_no", [0, 0, 1], 1),
        ("count", [2000, 4000, 7900, 8100, 9000, 12_000], 8000),
        ("count", [0, 1, 1, 2, 3, 4, 6, 8], 3),
        ("count", [1, 1, 2, 2], 2),
        ("count", [1, 1_000_000], 600_000),
        ("count", [61.8, 62.1, 62.4, 62.7, 63.0, 63.3], 62.6),
        ("count", [5, 5.01], 5.01),
        ("scale", [3, 3], None),
        ("scale", [], None),
    ],
)
def test_the_limit_is_a_round_number_in_the_middle_of_the_values(kind: str, values: list, limit: object) -> None:
    assert tracker_patterns.limit(kind, values) == limit
