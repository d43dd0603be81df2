from __future__ import annotations

from datetime import date

import pytest

from diary import database, entries, errors, readings
from diary.entries import NewEntry
from diary.sessions import Session
from emotions import EMOTIONS
from reading import Reading

TODAY = NewEntry("sadness", 3, date(2026, 1, 2), "Asia/Seoul", source="fusion")
SCORES = {emotion: (0.4 if emotion == "anger" else 0.1) for emotion in EMOTIONS}
READINGS = [
    Reading(SCORES, True, {"seconds": 3.5, "weight": 0.9}, "voice", "voice 1"),
    Reading(SCORES, False, {"divergence": 0.1}, "fusion", "fusion 1"),
]


def test_readings_are_stored_beside_the_confirmed_mood(person: Session) -> None:
    entry_id = entries.add(person, TODAY, readings=READINGS)
    assert entries.get(person, entry_id).mood == "sadness"
    assert readings.of_entry(person, entry_id) == READINGS


def test_nobody_else_reads_them(person: Session, stranger: Session) -> None:
    assert readings.of_entry(stranger, entries.add(person, TODAY, readings=READINGS)) == []


def test_the_latest_qualities_of_a_source_are_the_persons_own(person: Session, stranger: Session) -> None:
    for number in range(4):
        quality = {"weight": float(number)}
        new = NewEntry("sadness", 3, date(2026, 1, 2), "Asia/Seoul", source="fusion")
        entries.add(person, new, readings=[Reading(SCORES, True, quality, "voice", "voice 1"), READINGS[1]])
    entries.add(stranger, TODAY, readings=READINGS)
    assert readings.latest_qualities(person, "voice", 3) == [{"weight": 3.0}, {"weight": 2.0}, {"weight": 1.0}]
    assert readings.latest_qualities(person, "face", 3) == []
    with database.transaction() as db:
        db.execute(
            "update readings set sealed = x'02' where id = (select max(id) from readings where source = 'voice' "
            "and entry_id in (select id from entries where account_id = ?))",
            [person.account_id],
        )
    assert readings.latest_qualities(person, "voice", 2) == [{"weight": 2.0}]


def test_they_go_with_their_entry(person: Session) -> None:
    entries.delete(person, entries.add(person, TODAY, readings=READINGS))
    with database.connect() as db:
        assert db["readings"].count == 0


def test_saving_a_draft_twice_keeps_its_readings_once(person: Session) -> None:
    for _ in range(2):
        entry_id = entries.add(person, TODAY, readings=READINGS)
    assert len(readings.of_entry(person, entry_id)) == 2


def test_a_refused_draft_leaves_no_reading(person: Session) -> None:
    with pytest.raises(errors.UnknownMood):
        entries.add(person, NewEntry("", 3, date(2026, 1, 2), "Asia/Seoul"), readings=READINGS)
    with database.connect() as db:
        assert db["readings"].count == 0
