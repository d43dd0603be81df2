"""The figures of a month, counted by hand."""

from __future__ import annotations

from datetime import date
from statistics import fmean

import pytest

from diary import days, entries, trackers
from diary.calendar import DAYS_MOOD
from diary.entries import NewEntry
from diary.report import figures, spans
from diary.sessions import Session
from diary.trackers import Tracker
from emotions import BY_KEY
from tests.diary.histories import keep
from tests.diary.report.conftest import FIRST, MARCH, ZONE


def test_a_month_holds_its_own_days_and_no_others(march: Session) -> None:
    month, found = figures.of_span(march, MARCH, ZONE)
    assert (month.span, month.until) == (MARCH, date(2026, 3, 31))
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
    shown = figures.of_span(march, MARCH, ZONE)[0].days
    assert shown[date(2026, 3, 1)].mood == first
    # Anger and fear were equally strong: the later one counts.
    assert shown[date(2026, 3, 2)].mood == second
    assert shown[date(2026, 3, 2)].moods == ("anger", "fear", "neutral")


def test_a_day_across_the_date_line_has_all_its_entries_as_in_the_calendar(person: Session) -> None:
    # By UTC, the entry of the 2nd in Pago Pago lies between the two of the 3rd.
    keep(person, "2026-03-03", "fear", at="00:30", zone="Pacific/Kiritimati")
    keep(person, "2026-03-02", "anger", at="12:00", zone="Pacific/Pago_Pago")
    keep(person, "2026-03-03", "neutral", at="23:00", zone="Pacific/Pago_Pago")
    shown = figures.of_span(person, MARCH, ZONE)[0].days
    assert shown[date(2026, 3, 3)].moods == ("fear", "neutral")


def test_a_days_place_is_the_mean_of_its_entries(march: Session) -> None:
    valences = figures.of_span(march, MARCH, ZONE)[0].valences
    happy, sad = BY_KEY["happiness"].valence, BY_KEY["sadness"].valence
    assert valences[date(2026, 3, 1)] == pytest.approx((happy * 5 / 5 + sad * 2 / 5) / 2)
    assert valences[date(2026, 3, 31)] == pytest.approx(happy / 5)


def test_tags_count_days_and_moods(march: Session) -> None:
    tags = figures.of_span(march, MARCH, ZONE)[0].tags
    assert [(tag.name, tag.days) for tag in tags] == [("산책", 2), ("일", 1), ("친구", 1)]
    assert tags[0].moods == (("happiness", 2), ("sadness", 1))


def test_no_mood_is_called_the_commonest_where_two_are(person: Session) -> None:
    assert figures.of_span(person, MARCH, ZONE)[0].commonest is None
    for mood in ("fear", "anger"):
        entries.add(person, NewEntry(mood, 3, FIRST, ZONE))
    assert figures.of_span(person, MARCH, ZONE)[0].commonest is None


def test_the_present_month_ends_today(person: Session) -> None:
    today = days.today(ZONE)
    assert figures.of_span(person, spans.month(today), ZONE)[0].until == today


def test_the_days_with_entries_are_the_persons_own(march: Session, stranger: Session) -> None:
    entries.add(stranger, NewEntry("fear", 3, date(2020, 1, 1), ZONE))
    assert figures.days_with_entries(march) == [
        date(2026, 2, 28),
        date(2026, 3, 1),
        date(2026, 3, 2),
        date(2026, 3, 31),
        date(2026, 4, 1),
    ]


def test_the_mean_of_each_month_counts_its_days(march: Session) -> None:
    figured, _ = figures.of_span(march, spans.year(FIRST), ZONE)
    february, march_, april = figures.months(figured)
    disgust = BY_KEY["disgust"].valence * 3 / 5
    assert [(month.first, month.days) for month in (february, march_, april)] == [
        (date(2026, 2, 1), 1),
        (date(2026, 3, 1), 3),
        (date(2026, 4, 1), 1),
    ]
    assert february.valence == april.valence == pytest.approx(disgust)
    assert march_.valence == pytest.approx(fmean(figured.valences[date(2026, 3, day)] for day in (1, 2, 31)))


@pytest.mark.parametrize(
    ("days", "run"),
    [
        ((), None),
        ((5,), (5, 5)),
        ((1, 2, 4, 5, 6, 8), (4, 6)),
        ((1, 2, 8, 9), (8, 9)),  # the latest of equally long ones
    ],
)
def test_the_longest_run_of_days(days: tuple[int, ...], run: tuple[int, int] | None) -> None:
    found = figures.longest_run(FIRST.replace(day=day) for day in days)
    assert found == (run and (FIRST.replace(day=run[0]), FIRST.replace(day=run[1])))


def test_trackers_with_a_value_have_a_mean_over_their_days(person: Session) -> None:
    sleep = trackers.add(person, Tracker("잠", "😴", "minutes"))
    trackers.add(person, Tracker("unused", "🧪", "scale"))
    for day, minutes in ((1, 400), (3, 440), (31, 450)):
        trackers.set_value(person, sleep, FIRST.replace(day=day), minutes, ZONE)
    trackers.set_value(person, sleep, date(2026, 4, 1), 1, ZONE)
    (mean,) = figures.of_span(person, MARCH, ZONE)[0].trackers
    assert (mean.label, mean.kind, mean.days, mean.mean) == ("😴 잠", "minutes", 3, pytest.approx(430))


def test_the_days_with_the_most_different_tags(march: Session) -> None:
    assert figures.of_span(march, MARCH, ZONE)[0].most_tagged == [
        (date(2026, 3, 1), 2),  # one of its three tags is there twice
        (date(2026, 3, 2), 1),
        (date(2026, 3, 31), 1),
    ]


def test_the_days_of_each_feeling_most_used_first(person: Session) -> None:
    for day, chosen in ((1, ("proud", "excited")), (1, ("proud",)), (2, ("proud",)), (3, ())):
        entries.add(person, NewEntry("happiness", 3, FIRST.replace(day=day), ZONE, feelings=chosen))
    assert figures.of_span(person, MARCH, ZONE)[0].feelings == (("proud", 2), ("excited", 1))
