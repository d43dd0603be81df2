"""Months, years and streaks of small diaries computed by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diary import calendar, database, entries
from diary.calendar import DAYS_MOOD, FIRST_WEEKDAY, Day
from diary.sessions import Session
from tests.diary.histories import keep

NOVEMBER = date(2025, 11, 1), date(2025, 11, 30)


def test_a_day_without_entries_is_no_day(person: Session) -> None:
    keep(person, "2025-10-31")
    keep(person, "2025-12-01")
    assert calendar.between(person, *NOVEMBER) == {}


def test_a_neutral_day_is_a_day(person: Session) -> None:
    keep(person, "2025-11-03", "neutral")
    day = date(2025, 11, 3)
    assert calendar.between(person, *NOVEMBER) == {day: Day(day, "neutral", ("neutral",))}


def test_several_entries_are_one_day_and_all_its_moods(person: Session) -> None:
    keep(person, "2025-11-03", "anger", 5, at="21:00")
    keep(person, "2025-11-03", "happiness", 2, at="23:30")
    keep(person, "2025-11-03", "sadness", 4, at="07:00")
    (day,) = calendar.between(person, *NOVEMBER).values()
    assert day.moods == ("sadness", "anger", "happiness")
    assert day.mood == "happiness"  # the latest of the day, not the last one written
    DAYS_MOOD.choose(person, "strongest")
    assert calendar.between(person, *NOVEMBER)[day.day].mood == "anger"


def test_of_equally_strong_moods_the_later_is_the_days(person: Session) -> None:
    DAYS_MOOD.choose(person, "strongest")
    keep(person, "2025-11-03", "fear", 4, at="09:00")
    keep(person, "2025-11-03", "surprise", 4, at="18:00")
    keep(person, "2025-11-03", "neutral", 1, at="22:00")
    (day,) = calendar.between(person, *NOVEMBER).values()
    assert day.mood == "surprise"


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_minute_before_and_after_midnight_are_two_days_everywhere(person: Session, zone: str) -> None:
    keep(person, "2025-11-03", "sadness", at="23:59", zone=zone)
    keep(person, "2025-11-04", "happiness", at="00:01", zone=zone)
    kept = calendar.between(person, *NOVEMBER)
    assert {day.isoformat(): kept[day].mood for day in kept} == {"2025-11-03": "sadness", "2025-11-04": "happiness"}


def test_the_hour_that_clocks_go_through_twice_stays_on_its_day(person: Session) -> None:
    # New York, 2 November 2025: 01:30 comes twice, and the day has 25 hours.
    keep(person, "2025-11-02", "fear", at="01:30", zone="America/New_York")
    keep(person, "2025-11-02", "neutral", at="23:59", zone="America/New_York")
    (day,) = calendar.between(person, *NOVEMBER).values()
    assert (day.day, day.moods) == (date(2025, 11, 2), ("fear", "neutral"))


def test_nobody_sees_another_persons_days(person: Session, stranger: Session) -> None:
    keep(stranger, "2025-11-03")
    assert calendar.between(person, *NOVEMBER) == {}
    assert calendar.first_day(person) is None
    assert calendar.streak(person, date(2025, 11, 3)) == 0


def test_a_month_reads_nothing_of_other_years(person: Session) -> None:
    with database.connect() as db:
        plan = " ".join(
            str(row)
            for row in db.execute(
                "explain query plan select day, mood, intensity from entries where account_id = ? "
                "and day between ? and ? order by day, happened_at, created_at",
                [person.account_id, "2025-11-01", "2025-11-30"],
            ).fetchall()
        )
    assert "entries_by_day (account_id=? AND day>? AND day<?)" in plan


def test_the_weekday_is_sunday_unless_chosen(person: Session) -> None:
    assert FIRST_WEEKDAY.of(person) == date(2025, 11, 2).weekday()
    FIRST_WEEKDAY.choose(person, 0)
    assert FIRST_WEEKDAY.of(person) == date(2025, 11, 3).weekday()


TODAY = date(2026, 3, 1)


def keep_days_ago(person: Session, *days_ago: int) -> None:
    for ago in days_ago:
        keep(person, (TODAY - timedelta(days=ago)).isoformat())


def test_a_streak_goes_back_to_the_first_gap(person: Session) -> None:
    assert calendar.streak(person, TODAY) == 0
    keep_days_ago(person, 0, 1, 2, 4, 5)
    assert calendar.streak(person, TODAY) == 3


def test_an_empty_today_breaks_no_streak_and_an_empty_yesterday_does(person: Session) -> None:
    keep_days_ago(person, 1, 2)
    assert calendar.streak(person, TODAY) == 2
    assert calendar.streak(person, TODAY + timedelta(days=1)) == 0


def test_a_day_kept_later_closes_the_gap(person: Session) -> None:
    keep_days_ago(person, 0, 1, 3)
    assert calendar.streak(person, TODAY) == 2
    keep_days_ago(person, 2)
    assert calendar.streak(person, TODAY) == 4


def test_several_entries_of_a_day_count_once_and_a_deleted_one_no_more(person: Session) -> None:
    keep_days_ago(person, 0, 0, 0, 1)
    assert calendar.streak(person, TODAY) == 2
    for entry in entries.of_day(person, TODAY - timedelta(days=1)):
        entries.delete(person, entry.id)
    assert calendar.streak(person, TODAY) == 1


def test_a_streak_goes_over_the_leap_day(person: Session) -> None:
    for day in ("2024-02-28", "2024-02-29", "2024-03-01"):
        keep(person, day)
    assert calendar.streak(person, date(2024, 3, 1)) == 3
