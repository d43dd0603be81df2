"""Entries of another diary: their moods, their tags, and days to come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from diary import (
    days,
    entries,
    errors,
)
from diary.sessions import Session
from diary.transfer import detect, import_plan, importing
from diary.transfer.moods import MoodChoice
from tests.diary.transfer.conftest import ZONE


def test_moods_wait_for_the_person_and_some_stay_outside(person: Session) -> None:
    arrival = detect.read(b"full_date,time,mood,activities,note\n2026-01-01,9:00,zorg,,a\n2026-01-02,,meh,,b\n", ZONE)
    assert arrival.moods() == {"zorg": 1, "meh": 1}
    with pytest.raises(errors.MoodsUndecided) as refusal:
        import_plan.plan(person, arrival, {"meh": MoodChoice("neutral", 3)}, zone=ZONE)
    assert refusal.value.facts == {"count": 1}
    planned = import_plan.plan(person, arrival, {"meh": MoodChoice("neutral", 2), "zorg": None}, zone=ZONE)
    assert planned.left_out == 1
    importing.run_import(person, arrival, planned)
    (entry,) = entries.every(person)
    assert (entry.mood, entry.intensity, entry.source, entry.note, entry.time_known) == (
        "neutral",
        2,
        "hand",
        "b",
        False,
    )


def test_a_changed_mind_about_moods_does_not_bring_everything_twice(person: Session) -> None:
    arrival = detect.read(b"full_date,time,mood,activities,note\n2026-01-02,,meh,,b\n", ZONE)
    for mood in ("neutral", "sadness"):
        planned = import_plan.plan(person, arrival, {"meh": MoodChoice(mood, 2)}, zone=ZONE)
        importing.run_import(person, arrival, planned)
    assert [entry.mood for entry in entries.every(person)] == ["neutral"]


def test_days_that_have_not_come_are_counted_and_stay_outside(person: Session) -> None:
    tomorrow = days.today(ZONE) + timedelta(days=1)
    arrival = detect.read(
        f"full_date,time,mood,activities,note\n{tomorrow},,good,,x\n2020-01-01,,good,,".encode(), ZONE
    )
    planned = import_plan.plan(person, arrival, {"good": MoodChoice("happiness", 3)}, zone=ZONE)
    assert (planned.not_yet, len(planned.new), planned.first, planned.last) == (
        1,
        1,
        date(2020, 1, 1),
        date(2020, 1, 1),
    )


def test_more_tags_than_fit_go_to_the_end_of_the_words(person: Session, import_file: Callable) -> None:
    tags = " | ".join(f"tag{n}" for n in range(23)) + " | " + "long" * 20
    planned = import_file(person, f"full_date,time,mood,activities,note\n2026-01-02,,good,{tags},b\n".encode())
    assert planned.crowded == 1
    (entry,) = entries.every(person)
    assert len(entry.tags) == entries.TAGS_MAX
    assert entry.note.startswith("b\n#tag20 #tag21 #tag22 #longlong")
