"""What a friend would say about made-up diaries, and when nothing is said. Every count is made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import numpy as np
import pytest

from diary import calendar, entries, habits, highlights, patterns, trackers
from diary.calendar import Day
from diary.entries import NewEntry
from diary.habits import Habit, Split
from diary.highlights import Comparison, EveryDay, MainFeeling, Run, Span
from diary.patterns import DayColumns
from diary.sessions import Session
from diary.trackers import Tracker
from feelings import FEELINGS
from tests.diary.histories import SEOUL, keep


def fill(session: Session, first: date, last: date, mood: Callable[[date], str | None]) -> None:
    day = first
    while day <= last:
        if chosen := mood(day):
            keep(session, day.isoformat(), chosen)
        day += timedelta(days=1)


def month(session: Session, first: date, happy: int, of: int, otherwise: str = "sadness") -> None:
    """The first `of` days of a month, of which every few are happy, so that no long run comes about."""
    happy_days = {round(place * of / happy) for place in range(happy)} if happy else set()
    assert len(happy_days) == happy
    for number in range(of):
        keep(session, (first + timedelta(days=number)).isoformat(), "happiness" if number in happy_days else otherwise)


def comparison(session: Session, today: date) -> Comparison | None:
    return next((fact for fact in highlights.of(session, today) if isinstance(fact, Comparison)), None)


OCTOBER, NOVEMBER, DECEMBER = date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1)
LAST = date(2025, 11, 30)


def test_nothing_is_said_about_an_empty_diary_and_one_of_a_single_entry(person: Session) -> None:
    assert highlights.of(person, LAST) == []
    keep(person, "2025-11-30")
    assert highlights.of(person, LAST) == []


def test_nothing_is_said_about_six_days_of_a_month(person: Session) -> None:
    month(person, OCTOBER, 10, of=31)
    month(person, NOVEMBER, 3, of=6)
    assert comparison(person, LAST) is None


def test_a_month_with_more_happy_days_than_the_one_before(person: Session) -> None:
    month(person, OCTOBER, 6, of=30)
    month(person, NOVEMBER, 9, of=30)
    found = comparison(person, LAST)
    assert found is not None
    assert (found.now, found.before) == (
        Span(NOVEMBER, LAST, is_whole=True),
        Span(OCTOBER, date(2025, 10, 31), is_whole=True),
    )
    assert (found.direction, found.mood, found.count, found.count_before) == (1, "happiness", 9, 6)
    assert found.is_like_with_like


def test_a_harder_month_is_said_by_the_mood_that_came_more_often(person: Session) -> None:
    month(person, OCTOBER, 10, of=30, otherwise="neutral")
    month(person, NOVEMBER, 10, of=20, otherwise="neutral")
    fill(person, date(2025, 11, 21), LAST, lambda _: "anger")
    found = comparison(person, LAST)
    assert found is not None
    assert (found.direction, found.mood, found.count, found.count_before) == (-1, "anger", 10, 0)


def test_equal_months_are_called_alike(person: Session) -> None:
    month(person, OCTOBER, 8, of=30)
    month(person, NOVEMBER, 8, of=30)
    found = comparison(person, LAST)
    assert found is not None
    assert (found.direction, found.mood, found.count, found.count_before) == (0, "sadness", 22, 22)
    assert found.is_like_with_like


def test_months_with_the_same_mean_and_other_moods_are_not_called_alike(person: Session) -> None:
    month(person, OCTOBER, 0, of=30, otherwise="neutral")
    for number in range(30):  # as pleasant on average: +.81 and −.81 (a weaker fear) in turn
        day = (NOVEMBER + timedelta(days=number)).isoformat()
        keep(person, day, *(("happiness", 4) if number % 2 else ("fear", 5)))
    assert comparison(person, LAST) is None


def test_a_month_that_is_only_brighter_by_strength_has_no_count_to_say(person: Session) -> None:
    fill(person, OCTOBER, date(2025, 10, 31), lambda day: "happiness")
    for number in range(30):
        keep(person, (NOVEMBER + timedelta(days=number)).isoformat(), "happiness", 2)
    assert comparison(person, LAST) is None


def test_the_first_twelve_days_are_compared_with_the_first_twelve_days(person: Session) -> None:
    month(person, NOVEMBER, 3, of=12)
    fill(person, date(2025, 11, 13), LAST, lambda _: "happiness")  # these must not count
    month(person, DECEMBER, 6, of=12)
    found = comparison(person, date(2025, 12, 12))
    assert found is not None
    assert (found.now.last, found.before.last) == (date(2025, 12, 12), date(2025, 11, 12))
    assert not found.now.is_whole
    assert not found.before.is_whole
    assert (found.mood, found.count, found.count_before, found.kept, found.kept_before) == ("happiness", 6, 3, 12, 12)


def test_a_day_that_has_no_entry_yet_is_not_counted_against_this_month(person: Session) -> None:
    month(person, NOVEMBER, 3, of=30)
    month(person, DECEMBER, 6, of=12)
    found = comparison(person, date(2025, 12, 13))
    assert found is not None
    assert (found.now.length, found.before.length) == (12, 12)


def test_in_the_first_days_of_a_month_the_whole_month_before_is_the_latest(person: Session) -> None:
    month(person, OCTOBER, 6, of=31)
    month(person, NOVEMBER, 12, of=30)
    month(person, DECEMBER, 4, of=4)
    found = comparison(person, date(2025, 12, 4))
    assert found is not None
    assert (found.now, found.count, found.count_before) == (Span(NOVEMBER, LAST, is_whole=True), 12, 6)


def test_a_month_that_is_longer_than_the_one_before_is_compared_by_its_first_days(person: Session) -> None:
    month(person, date(2025, 2, 1), 5, of=28)
    month(person, date(2025, 3, 1), 10, of=30)
    found = comparison(person, date(2025, 3, 30))
    assert found is not None
    assert (found.now.last, found.now.is_whole) == (date(2025, 3, 28), False)
    assert (found.before.last, found.kept, found.kept_before) == (date(2025, 2, 28), 28, 28)


def test_months_with_unlike_numbers_of_days_are_compared_beside_these_numbers(person: Session) -> None:
    month(person, OCTOBER, 6, of=12)
    month(person, NOVEMBER, 9, of=30)
    found = comparison(person, LAST)
    assert found is not None
    assert found.direction < 0, "a half of the days then, a third now"
    assert not found.is_like_with_like, "nine happy days would look more than six"


def test_a_day_has_the_mood_that_the_calendar_shows(person: Session) -> None:
    month(person, OCTOBER, 6, of=30)
    month(person, NOVEMBER, 12, of=30)
    for number in range(30):
        keep(person, (NOVEMBER + timedelta(days=number)).isoformat(), "surprise", 1, at="23:00")
    found = comparison(person, LAST)
    assert found is not None
    shown = calendar.between(person, NOVEMBER, LAST).values()
    assert found.count == sum(day.mood == found.mood for day in shown)


def test_the_year_before_is_compared_day_for_day(person: Session) -> None:
    month(person, OCTOBER, 10, of=31)
    month(person, NOVEMBER, 10, of=30)
    month(person, date(2024, 11, 1), 0, of=30)
    facts = highlights.of(person, LAST)
    (beside_a_year,) = [fact for fact in facts if isinstance(fact, Comparison) and fact.before.first.year == 2024]
    assert (beside_a_year.count, beside_a_year.count_before, beside_a_year.direction) == (10, 0, 2)
    assert facts[0] != beside_a_year, "the month before comes first"


# What else there may be to say.


def days_with(moods: Iterable[str | None], first: date = NOVEMBER) -> dict[date, Day]:
    dated = ((first + timedelta(days=number), mood) for number, mood in enumerate(moods))
    return {day: Day(day, mood, (mood,)) for day, mood in dated if mood}


def columns_of(days: dict[date, Day]) -> DayColumns:
    some = np.zeros((len(days), 1))
    return DayColumns(np.array(list(days), "datetime64[D]"), np.ones(len(days), int), some, some)


WHOLE = Span(NOVEMBER, LAST, is_whole=True)


def test_a_run_of_happy_days_says_more_to_somebody_who_seldom_has_one() -> None:
    seldom = days_with(["sadness"] * 20 + ["happiness"] * 5 + ["sadness"] * 5)
    run = highlights.longest_run(WHOLE, seldom)
    assert run is not None
    assert (run.first, run.last, run.length) == (date(2025, 11, 21), date(2025, 11, 25), 5)
    assert run.bits == pytest.approx(-np.log2(30 * (5 / 30) ** 5))
    always = highlights.longest_run(WHOLE, days_with(["happiness"] * 30))
    assert always is not None
    assert always.bits == 0
    assert highlights.longest_run(WHOLE, days_with(["happiness", "happiness", None] * 10)) is None
    assert highlights.longest_run(WHOLE, days_with(["sadness"] * 30)) is None, "of sad days no run is counted"


def test_a_month_without_a_gap() -> None:
    assert highlights.every_day(WHOLE, days_with(["fear"] * 29)) is None
    new = highlights.every_day(WHOLE, days_with(["fear"] * 30))
    assert new == EveryDay(WHOLE, 30.0)
    before = days_with(["fear"] * 91, first=NOVEMBER - timedelta(days=61))
    usual = highlights.every_day(WHOLE, before)
    assert usual is not None
    assert usual.bits < 3, "somebody who never misses a day needs not be told"
    assert highlights.every_day(Span(NOVEMBER, date(2025, 11, 6), is_whole=False), days_with(["fear"] * 6)) is None


def test_the_feeling_that_was_chosen_most() -> None:
    def on(*numbers: int) -> set[date]:
        return {date(2025, 11, number) for number in numbers}

    chosen = {"proud": on(1, 2, 3, 4), "tired": on(5, 6, 7), "calm": on(8)}
    assert highlights.main_feeling(WHOLE, chosen) == MainFeeling(WHOLE, "proud", 4, pytest.approx(np.log2(3)))
    assert highlights.main_feeling(WHOLE, {**chosen, "tired": on(5, 6, 7, 9)}) is None, "two as often"
    assert highlights.main_feeling(WHOLE, {"proud": on(1, 2, 3, 4)}) is None, "too few days"
    assert highlights.main_feeling(WHOLE, {}) is None


def test_a_weekday_that_stands_out() -> None:
    monday = date(2025, 9, 1)
    days = days_with(["happiness" if number % 7 == 5 else "neutral" for number in range(91)], first=monday)
    found = habits.of_weekdays(columns_of(days), days)
    assert found is not None
    assert (found.of, found.mood) == (5, "happiness")
    assert (found.count, found.days, found.other_count, found.other_days) == (13, 13, 0, 78)
    assert habits.of_weekdays(columns_of({}), {}) is None


def test_a_tag_is_said_only_beyond_chance_among_all_tags() -> None:
    days = days_with(["happiness" if number % 3 == 0 else "sadness" for number in range(90)], first=date(2025, 9, 1))
    every = list(days)
    running = {"running": set(every[::3])}
    found = habits.of_tags(columns_of(days), days, running)
    assert found == Habit("running", "happiness", 30, 30, 0, 60, 24.0)
    assert habits.of_tags(columns_of(days), days, {"rare": set(every[:9])}) is None
    # Happy on 10 of 13 days against 20 of 77: alone more than chance, among fifty tags not.
    some = {*every[0:60:6], every[40], every[50], every[64]}
    alone = habits.of_tags(columns_of(days), days, {"some": some})
    assert alone is not None
    assert (alone.count, alone.days, alone.other_count, alone.other_days) == (10, 13, 20, 77)
    others = {f"tag {number}": set(every[number : number + 12]) for number in range(49)}
    assert habits.of_tags(columns_of(days), days, {"some": some, **others}) is None


def test_diaries_made_by_dice_have_hardly_any_habit() -> None:
    rng = np.random.default_rng(3)
    said = 0
    for _ in range(60):
        moods = rng.choice(["happiness", "sadness", "neutral", "fear"], 91)
        days = days_with(moods.tolist(), first=date(2025, 9, 1))
        tags = {f"tag {number}": set(rng.choice(list(days), 20, replace=False).tolist()) for number in range(12)}
        said += habits.of_weekdays(columns_of(days), days) is not None
        said += habits.of_tags(columns_of(days), days, tags) is not None
    assert said <= 6


def test_sleep_goes_with_the_mood_of_the_next_day() -> None:
    sleep = Tracker("sleep", "😴", "minutes")
    first = date(2025, 9, 1)
    long_nights = [number % 4 == 0 for number in range(90)]
    values = {first + timedelta(days=number): 480 if long else 300 for number, long in enumerate(long_nights)}
    days = days_with(["happiness" if number % 4 == 1 else "sadness" for number in range(90)], first=first)
    found = habits.of_trackers(columns_of(days), days, [(sleep, values)])
    assert found is not None
    assert found.of == Split(sleep, 420, 1)
    assert (found.mood, found.count, found.days, found.other_count) == ("happiness", 23, 23, 0)
    assert habits.of_trackers(columns_of(days), days, [(sleep, dict.fromkeys(values, 300))]) is None


def test_three_facts_at_most_the_month_first_then_those_that_say_most() -> None:
    month = Comparison(WHOLE, WHOLE, 1, "happiness", 9, 6, 30, 30, 0.4)
    run, every, feeling = Run(NOVEMBER, LAST, 4, 3.5), EveryDay(WHOLE, 9.0), MainFeeling(WHOLE, "proud", 4, 5.0)
    assert highlights.choose(month, [run, None, every, feeling]) == [month, every, feeling]
    assert highlights.choose(None, [Run(NOVEMBER, LAST, 3, 2.9), feeling]) == [feeling]
    assert highlights.choose(None, []) == []


def test_everything_together_from_one_diary(person: Session, stranger: Session) -> None:
    month(stranger, OCTOBER, 1, of=30)
    month(person, OCTOBER, 6, of=31)
    for number in range(30):
        day = NOVEMBER + timedelta(days=number)
        happy = number % 2 == 0
        new = NewEntry(
            "happiness" if happy else "neutral",
            4,
            day,
            SEOUL,
            tags=("running",) if happy else (),
            feelings=("proud",) if happy else (FEELINGS[20 + number].key,),
        )
        entries.add(person, new)
    trackers.add(person, Tracker("sleep", "😴", "minutes"))
    facts = highlights.of(person, LAST)
    assert len(facts) == 3
    assert isinstance(facts[0], Comparison)
    assert (facts[0].count, facts[0].count_before, facts[0].direction) == (15, 6, 2)
    assert facts[2] == MainFeeling(WHOLE, "proud", 15, pytest.approx(4))
    (tag,) = [fact for fact in facts if isinstance(fact, Habit)]
    assert (tag.of, tag.count, tag.days, tag.other_count, tag.other_days) == ("running", 15, 15, 6, 46)
    assert highlights.of(stranger, LAST) == []


def test_patterns_and_highlights_count_the_same_days(person: Session) -> None:
    month(person, OCTOBER, 6, of=30)
    month(person, NOVEMBER, 9, of=30)
    found = comparison(person, LAST)
    assert found is not None
    of_november = patterns.by_day(patterns.entry_columns(person, NOVEMBER, LAST))
    assert patterns.summary(of_november).shares[found.mood] * len(of_november) == pytest.approx(found.count)
