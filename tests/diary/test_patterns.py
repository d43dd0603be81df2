"""Statistics of small diaries; every number is computed by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from diary import certainty, patterns
from diary.patterns import EntryColumns
from diary.sessions import Session
from emotions import BY_KEY, EMOTIONS
from reading import Reading
from tests.diary.histories import keep

FIRST, LAST = date(2025, 1, 1), date(2026, 11, 20)
HAPPY, SAD = BY_KEY["happiness"].valence, BY_KEY["sadness"].valence


def all_of(person: Session) -> EntryColumns:
    return patterns.entry_columns(person, FIRST, LAST)


def days_of(person: Session) -> patterns.DayColumns:
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
    assert [len(one) for one in patterns.by_weekday(days)] == [0] * 7
    assert patterns.extremes(patterns.by_weekday(days)) is None
    assert patterns.by_feeling(days, {}, 1) == {}
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


def test_fewer_than_ten_days_on_a_side_are_no_contrast(person: Session) -> None:
    for number in range(19):
        keep(person, (date(2025, 11, 1) + timedelta(days=number)).isoformat())
    days = days_of(person)
    assert patterns.contrast(days, np.arange(19) < 10) is None
    assert patterns.contrast(days, np.zeros(19, bool)) is None


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
    entries_in = [int(one.entries.sum()) for one in patterns.by_part_of_day(moments)]
    assert entries_in == [2, 1, 0, 0, 0, 0, 0, 2]


def test_weekdays_of_the_persons_own_days(person: Session) -> None:
    keep(person, "2025-11-03", "sadness", at="00:01")  # a Monday in Seoul, still Sunday in UTC
    keep(person, "2025-11-10", "happiness")
    keep(person, "2025-11-09", "happiness", at="23:59")  # a Sunday
    keep(person, "2024-02-29")  # before the stretch
    found = patterns.by_weekday(days_of(person))
    assert [len(one) for one in found] == [2, 0, 0, 0, 0, 0, 1]
    assert patterns.summary(found[0]).valence == pytest.approx((HAPPY + SAD) / 2)


def test_the_leap_day_is_a_thursday_in_2024(person: Session) -> None:
    keep(person, "2024-02-29")
    days = patterns.by_day(patterns.entry_columns(person, date(2024, 2, 1), date(2024, 3, 1)))
    assert [len(one) for one in patterns.by_weekday(days)] == [0, 0, 0, 1, 0, 0, 0]
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
    (of_tag,) = patterns.by_tag(days_of(person), days_of_tags)
    found = of_tag.found
    assert of_tag.tag == "running"
    assert (found.on.days, found.off.days) == (10, 10)
    assert (found.on.shares["happiness"], found.off.shares["sadness"]) == (1, 1)
    assert certainty.is_clear(found.valence_p, looked_at=24)
    assert certainty.is_clear(found.mood_p, looked_at=24)


def test_the_whole_day_counts_for_a_tag_not_the_one_entry(person: Session) -> None:
    start = date(2025, 11, 1)
    for number in range(20):
        day = (start + timedelta(days=number)).isoformat()
        keep(person, day, "happiness", tags=("walk",) if number % 2 else ())
        keep(person, day, "sadness")
    (of_tag,) = patterns.by_tag(days_of(person), patterns.tags_by_day(person, FIRST, LAST))
    found = of_tag.found
    assert found.on.shares["happiness"] == found.off.shares["happiness"] == 0.5
    assert (found.valence_p, found.mood_p) == (1, 1)


def test_a_difference_within_chance_is_not_called_clear(person: Session) -> None:
    start = date(2025, 11, 1)
    for number in range(40):
        day = (start + timedelta(days=number)).isoformat()
        # Happy on 11 of 20 days with the tag and on 9 of 20 without: a coin would do that.
        happy = number < 11 or 20 <= number < 29
        keep(person, day, "happiness" if happy else "sadness", tags=("coin",) if number < 20 else ())
    (of_tag,) = patterns.by_tag(days_of(person), patterns.tags_by_day(person, FIRST, LAST))
    found = of_tag.found
    assert found.on.valence > found.off.valence
    assert min(found.valence_p, found.mood_p) > 0.05


def test_each_of_the_two_numbers_of_a_contrast_has_its_own_certainty(person: Session) -> None:
    """Fear in place of anger: as unpleasant, so only the share of a mood differs."""
    start = date(2025, 11, 1)
    for number in range(40):
        mood = "fear" if number % 2 else "anger"
        keep(person, (start + timedelta(days=number)).isoformat(), mood, intensity=1 + number // 2 % 5)
    days = days_of(person)
    found = patterns.contrast(days, np.arange(40) % 2 == 1)
    assert found is not None
    assert found.mood in ("fear", "anger")
    assert certainty.is_clear(found.mood_p, patterns.Contrast.LOOKED_AT)
    assert not certainty.is_clear(found.valence_p)


def test_the_most_and_the_least_pleasant_weekday(person: Session) -> None:
    monday = date(2025, 9, 1)
    for number in range(7 * 10):
        keep(person, (monday + timedelta(days=number)).isoformat(), "happiness" if number % 7 == 5 else "sadness")
    found = patterns.extremes(patterns.by_weekday(days_of(person)))
    assert found is not None
    assert (found.best, found.looked_at) == (5, 21)
    assert certainty.is_clear(found.valence_p, found.looked_at)
    keep(person, (monday + timedelta(days=70)).isoformat())  # a second Monday in ten weeks changes no rank
    assert patterns.extremes(patterns.by_weekday(days_of(person))).best == 5


def test_the_days_after_and_before_a_feeling_beside_those_of_other_feelings(person: Session) -> None:
    start = date(2025, 10, 1)
    for number in range(60):
        keep(person, (start + timedelta(days=number)).isoformat(), "happiness" if number % 3 == 1 else "sadness")
    proud = {start + timedelta(days=number) for number in range(0, 57, 3)}
    tired = {start + timedelta(days=number) for number in range(1, 57, 3)}
    after = patterns.by_feeling(days_of(person), {"proud": proud, "tired": tired, "rare": {start}}, lag=1)
    assert set(after) == {"proud", "tired"}
    assert (after["proud"].on.shares["happiness"], after["proud"].off.shares["happiness"]) == (1, 0)
    assert (after["proud"].on.days, after["proud"].off.days) == (19, 19), "days without a feeling count for nothing"
    before = patterns.by_feeling(days_of(person), {"proud": proud, "tired": tired}, lag=-1)
    assert before["proud"].on.shares["happiness"] == 0
    assert before["proud"].on.days == 18, "nothing was kept on the day before the first one"


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
