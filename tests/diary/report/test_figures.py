"""The figures of a month, counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diary import days, entries
from diary.calendar import DAYS_MOOD
from diary.entries import NewEntry
from diary.report import figures
from diary.sessions import Session
from emotions import BY_KEY
from tests.diary.histories import keep
from tests.diary.report.conftest import MARCH, ZONE


def test_a_month_holds_its_own_days_and_no_others(march: Session) -> None:
    month, found = figures.of_month(march, MARCH, ZONE)
    assert (month.first, month.last, month.until) == (MARCH, date(2026, 3, 31), date(2026, 3, 31))
    assert list(month.days) == [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 31)]
    assert month.entries == len(found) == 6
    assert month.moods == {
        "happiness": 2,
        "surprise": 0,
        "neutral": 1,
        "fear": 1,
        "disgust": 0,
        "anger": 1,
        "sadness": 1,
    }
    assert month.commonest == "happiness"


@pytest.mark.parametrize(
    ("rule", "first", "second"), [("latest", "sadness", "neutral"), ("strongest", "happiness", "fear")]
)
def test_the_rule_names_the_day(march: Session, rule: str, first: str, second: str) -> None:
    DAYS_MOOD.choose(march, rule)
    shown = figures.of_month(march, MARCH, ZONE)[0].days
    assert shown[date(2026, 3, 1)].mood == first
    # Anger and fear were equally strong: the later one counts.
    assert shown[date(2026, 3, 2)].mood == second
    assert shown[date(2026, 3, 2)].moods == ("anger", "fear", "neutral")


def test_a_day_across_the_date_line_has_all_its_entries_as_in_the_calendar(person: Session) -> None:
    # By UTC, the entry of the 2nd in Pago Pago lies between the two of the 3rd.
    keep(person, "2026-03-03", "fear", at="00:30", zone="Pacific/Kiritimati")
    keep(person, "2026-03-02", "anger", at="12:00", zone="Pacific/Pago_Pago")
    keep(person, "2026-03-03", "neutral", at="23:00", zone="Pacific/Pago_Pago")
    shown = figures.of_month(person, MARCH, ZONE)[0].days
    assert shown[date(2026, 3, 3)].moods == ("fear", "neutral")


def test_a_days_place_is_the_mean_of_its_entries(march: Session) -> None:
    valences = figures.of_month(march, MARCH, ZONE)[0].valences
    happy, sad = BY_KEY["happiness"].valence, BY_KEY["sadness"].valence
    assert valences[date(2026, 3, 1)] == pytest.approx((happy * 5 / 5 + sad * 2 / 5) / 2)
    assert valences[date(2026, 3, 31)] == pytest.approx(happy / 5)


def test_tags_count_days_and_moods(march: Session) -> None:
    tags = figures.of_month(march, MARCH, ZONE)[0].tags
    assert [(tag.name, tag.days) for tag in tags] == [("산책", 2), ("일", 1), ("친구", 1)]
    assert tags[0].moods == (("happiness", 2), ("sadness", 1))


def test_no_mood_is_called_the_commonest_where_two_are(person: Session) -> None:
    assert figures.of_month(person, MARCH, ZONE)[0].commonest is None
    for mood in ("fear", "anger"):
        entries.add(person, NewEntry(mood, 3, MARCH, ZONE))
    assert figures.of_month(person, MARCH, ZONE)[0].commonest is None


def test_the_present_month_ends_today(person: Session) -> None:
    today = days.today(ZONE)
    assert figures.of_month(person, today.replace(day=1), ZONE)[0].until == today


def test_months_with_entries_latest_first(march: Session, stranger: Session) -> None:
    entries.add(stranger, NewEntry("fear", 3, date(2020, 1, 1), ZONE))
    assert figures.months(march) == [date(2026, 4, 1), MARCH, date(2026, 2, 1)]


def test_february_of_a_leap_year(person: Session) -> None:
    month, _ = figures.of_month(person, date(2024, 2, 1), ZONE)
    assert (month.last - month.first) + timedelta(days=1) == timedelta(days=29)


def test_the_days_of_each_feeling_most_used_first(person: Session) -> None:
    for day, chosen in ((1, ("proud", "excited")), (1, ("proud",)), (2, ("proud",)), (3, ())):
        entries.add(person, NewEntry("happiness", 3, MARCH.replace(day=day), ZONE, feelings=chosen))
    assert figures.of_month(person, MARCH, ZONE)[0].feelings == (("proud", 2), ("excited", 1))
