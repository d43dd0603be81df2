"""Statistics of small diaries; every number is computed by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from diary import patterns
from diary.patterns import EntryColumns
from diary.sessions import Session
from emotions import BY_KEY, EMOTIONS
from reading import Reading
from tests.diary.histories import keep

FIRST, LAST = date(2025, 1, 1), date(2026, 11, 20)
HAPPY, SAD = BY_KEY["happiness"].valence, BY_KEY["sadness"].valence


def all_of(person: Session) -> EntryColumns:
    return patterns.entry_columns(person, FIRST, LAST)


def days_of(person: Session) -> patterns.Days:
    return patterns.by_day(all_of(person))


def reading(mood: str, source: str) -> Reading:
    scores = dict.fromkeys(EMOTIONS, 0.05) | {mood: 0.70}
    return Reading(scores, sure=True, quality={}, source=source, model="test")


def test_an_empty_diary_has_no_statistics_and_breaks_none(person: Session) -> None:
    assert len(all_of(person)) == 0
    days = days_of(person)
    assert patterns.summary(days).days == 0
    assert patterns.summary(days).commonest == []
    assert patterns.over_time(days, patterns.month) == {}
    assert [one.days for one in patterns.by_weekday(days)] == [0] * 7
    assert patterns.by_source(all_of(person)) == {}
    assert patterns.by_tag(days, {}) == []
    assert patterns.corrections(person, FIRST, LAST) == []
    assert np.isnan(patterns.smoothed(days, FIRST, LAST, 7).middle).all()


def test_a_day_weighs_one_however_many_entries_it_has(person: Session) -> None:
    for hour in ("08:00", "12:00", "20:00"):
        keep(person, "2025-11-03", "happiness", at=hour)
    keep(person, "2025-11-03", "sadness", at="22:00")
    keep(person, "2025-11-04", "sadness")
    found = patterns.summary(days_of(person))
    assert (found.days, found.entries) == (2, 5)
    assert found.shares["happiness"] == pytest.approx((3 / 4 + 0) / 2)
    assert found.shares["sadness"] == pytest.approx((1 / 4 + 1) / 2)
    assert found.commonest == ["sadness", "happiness"]
    assert sum(found.shares.values()) == pytest.approx(1)


def test_valence_is_the_moods_place_and_how_strong_it_was(person: Session) -> None:
    keep(person, "2025-11-03", "happiness", 5)
    keep(person, "2025-11-04", "sadness", 2)
    keep(person, "2025-11-05", "neutral", 5)
    found = patterns.summary(days_of(person))
    valences = [HAPPY, SAD * 2 / 5, 0]
    assert found.valence == pytest.approx(sum(valences) / 3)
    assert found.arousal == pytest.approx((BY_KEY["happiness"].arousal + BY_KEY["sadness"].arousal * 2 / 5) / 3)
    assert found.error == pytest.approx(np.std(valences, ddof=1) / np.sqrt(3))


def test_one_day_has_no_error_and_no_clear_difference(person: Session) -> None:
    keep(person, "2025-11-03")
    one = patterns.summary(days_of(person))
    assert np.isnan(one.error)
    assert not patterns.differ_clearly(one, one)


def test_hours_are_by_the_clock_where_the_person_was(person: Session) -> None:
    keep(person, "2025-11-03", at="23:59")
    keep(person, "2025-11-04", at="00:01")
    keep(person, "2025-11-05", at="23:59", zone="America/New_York")
    keep(person, "2025-11-06")  # no time known: it stands at noon and is no noon
    # Clocks in New York skip 02:00–03:00 on 9 March 2025 and go through 01:00–02:00 twice on 2 November.
    keep(person, "2025-03-09", at="02:30", zone="America/New_York")
    keep(person, "2025-11-02", at="01:30", zone="America/New_York")
    moments = all_of(person)
    hour_on = dict(zip(moments.days.astype(str).tolist(), moments.hours.tolist(), strict=True))
    assert hour_on == {
        "2025-11-03": 23,
        "2025-11-04": 0,
        "2025-11-05": 23,
        "2025-11-06": -1,
        "2025-03-09": 3,
        "2025-11-02": 1,
    }
    entries_in = [one.entries for one in patterns.by_part_of_day(moments)]
    assert entries_in == [2, 1, 0, 0, 0, 0, 0, 2]


def test_weekdays_of_the_persons_own_days(person: Session) -> None:
    keep(person, "2025-11-03", "sadness", at="00:01")  # a Monday in Seoul, still Sunday in UTC
    keep(person, "2025-11-10", "happiness")
    keep(person, "2025-11-09", "happiness", at="23:59")  # a Sunday
    keep(person, "2024-02-29")  # before the stretch
    found = patterns.by_weekday(days_of(person))
    assert [one.days for one in found] == [2, 0, 0, 0, 0, 0, 1]
    assert found[0].valence == pytest.approx((HAPPY + SAD) / 2)


def test_the_leap_day_is_a_thursday_in_2024(person: Session) -> None:
    keep(person, "2024-02-29")
    days = patterns.by_day(patterns.entry_columns(person, date(2024, 2, 1), date(2024, 3, 1)))
    assert [one.days for one in patterns.by_weekday(days)] == [0, 0, 0, 1, 0, 0, 0]
    assert list(patterns.over_time(days, patterns.month)) == [date(2024, 2, 1)]


def test_stretches_of_time(person: Session) -> None:
    for day, mood in (("2025-11-01", "fear"), ("2025-11-02", "happiness"), ("2025-11-08", "anger")):
        keep(person, day, mood)  # Saturday; Sunday and Saturday of the next week
    days = days_of(person)
    from_sunday = patterns.over_time(days, patterns.week(6))
    assert {begin.isoformat(): one.commonest for begin, one in from_sunday.items()} == {
        "2025-10-26": ["fear"],
        "2025-11-02": ["happiness", "anger"],
    }
    from_monday = patterns.over_time(days, patterns.week(0))
    assert [begin.isoformat() for begin in from_monday] == ["2025-10-27", "2025-11-03"]
    assert [one.days for one in patterns.over_time(days, patterns.month).values()] == [3]
    assert len(patterns.over_time(days, patterns.each_day)) == 3


def test_the_smoothed_curve_weighs_days_by_nearness(person: Session) -> None:
    keep(person, "2025-11-03", "happiness")
    keep(person, "2025-11-10", "sadness")
    curve = patterns.smoothed(days_of(person), date(2025, 11, 3), date(2025, 11, 10), width=7)
    assert (curve.days[0], curve.days[-1], len(curve.days)) == (date(2025, 11, 3), date(2025, 11, 10), 8)
    # On the first day: that day in full, and the one a width away at exp(-1/2).
    near, far = 1, np.exp(-0.5)
    middle = (near * HAPPY + far * SAD) / (near + far)
    spread = np.sqrt((near * HAPPY**2 + far * SAD**2) / (near + far) - middle**2)
    assert curve.middle[0, 0] == pytest.approx(middle)
    assert curve.spread[0, 0] == pytest.approx(spread)


def test_there_is_no_curve_where_there_are_no_days(person: Session) -> None:
    keep(person, "2025-01-01")
    keep(person, "2025-12-31")
    curve = patterns.smoothed(days_of(person), date(2025, 1, 1), date(2025, 12, 31), width=7)
    drawn = [day for day, (valence, _) in zip(curve.days, curve.middle, strict=True) if not np.isnan(valence)]
    assert drawn == [date(2025, 1, 1), date(2025, 12, 31)]


def test_by_source(person: Session) -> None:
    keep(person, "2025-11-03", "happiness", source="voice")
    keep(person, "2025-11-03", "sadness", source="hand")
    keep(person, "2025-11-04", "sadness", source="hand")
    found = patterns.by_source(all_of(person))
    assert list(found) == ["hand", "voice"]
    assert found["voice"].shares["happiness"] == 1
    assert (found["hand"].days, found["hand"].shares["sadness"]) == (2, 1)


def test_a_tag_speaks_only_with_ten_days_on_either_side(person: Session) -> None:
    start = date(2025, 11, 1)
    for number in range(20):
        day = (start + timedelta(days=number)).isoformat()
        runs = number < 10
        keep(person, day, "happiness" if runs else "sadness", tags=("running",) if runs else ())
        if number < 9:
            keep(person, day, "happiness", tags=("rare",))
        keep(person, day, "happiness" if runs else "sadness", tags=("always",))
    days_of_tags = patterns.tags_by_day(person, FIRST, LAST)
    assert {tag: len(days) for tag, days in days_of_tags.items()} == {"running": 10, "rare": 9, "always": 20}
    (found,) = patterns.by_tag(days_of(person), days_of_tags)
    assert found.tag == "running"
    assert (found.on.days, found.off.days) == (10, 10)
    assert (found.on.shares["happiness"], found.off.shares["sadness"]) == (1, 1)
    assert patterns.differ_clearly(found.on, found.off)


def test_the_whole_day_counts_for_a_tag_not_the_one_entry(person: Session) -> None:
    start = date(2025, 11, 1)
    for number in range(20):
        day = (start + timedelta(days=number)).isoformat()
        keep(person, day, "happiness", tags=("walk",) if number % 2 else ())
        keep(person, day, "sadness")
    (found,) = patterns.by_tag(days_of(person), patterns.tags_by_day(person, FIRST, LAST))
    assert found.on.shares["happiness"] == found.off.shares["happiness"] == 0.5
    assert not patterns.differ_clearly(found.on, found.off)


def test_a_difference_within_chance_is_not_called_clear(person: Session) -> None:
    start = date(2025, 11, 1)
    for number in range(40):
        day = (start + timedelta(days=number)).isoformat()
        # Happy on 11 of 20 days with the tag and on 9 of 20 without: a coin would do that.
        happy = number < 11 or 20 <= number < 29
        keep(person, day, "happiness" if happy else "sadness", tags=("coin",) if number < 20 else ())
    (found,) = patterns.by_tag(days_of(person), patterns.tags_by_day(person, FIRST, LAST))
    assert found.on.valence > found.off.valence
    assert not patterns.differ_clearly(found.on, found.off)


def test_corrections_are_counted_by_source(person: Session) -> None:
    keep(person, "2025-11-01", "sadness", readings=(reading("sadness", "voice"), reading("fear", "words")))
    keep(person, "2025-11-02", "sadness", readings=(reading("neutral", "voice"),))
    keep(person, "2025-11-03", "anger", readings=(reading("neutral", "voice"),))
    keep(person, "2025-11-04", "sadness", readings=(reading("neutral", "voice"),))
    keep(person, "2024-12-31", "anger", readings=(reading("neutral", "voice"),))  # before the stretch
    voice, words = patterns.corrections(person, FIRST, LAST)
    assert (voice.source, voice.read, voice.corrected) == ("voice", 4, 3)
    assert voice.swaps == (("neutral", "sadness", 2), ("neutral", "anger", 1))
    assert (words.source, words.read, words.corrected) == ("words", 1, 1)


def test_nobody_is_counted_among_another_persons_days(person: Session, stranger: Session) -> None:
    keep(stranger, "2025-11-01", readings=(reading("sadness", "voice"),), tags=("theirs",))
    assert len(all_of(person)) == 0
    assert patterns.tags_by_day(person, FIRST, LAST) == {}
    assert patterns.corrections(person, FIRST, LAST) == []


def test_a_part_of_the_moments(person: Session) -> None:
    for day in ("2025-11-01", "2025-11-02", "2025-11-03"):
        keep(person, day)
    part = all_of(person).between(date(2025, 11, 2), date(2025, 11, 3))
    assert part.days.astype(str).tolist() == ["2025-11-02", "2025-11-03"]
