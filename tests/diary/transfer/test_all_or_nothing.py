"""A failed import changes nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

import pytest

from diary import (
    database,
    entries,
    errors,
    sessions,
)
from diary.entries import NewEntry
from diary.sessions import Session
from diary.transfer import detect, export, import_plan, importing
from diary.transfer.moods import MoodChoice
from tests.diary.transfer.conftest import ZONE
from tests.diary.transfer.exports import forget_entries


def test_an_import_that_breaks_off_leaves_nothing(diarist: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    arrival = detect.read(export.as_zip(diarist), ZONE)
    forget_entries(diarist)
    planned = import_plan.plan(diarist, arrival, {}, zone=ZONE)
    with pytest.raises(errors.FileDamaged):
        importing.run_import(diarist, replace(arrival, unpack=_broken), planned)
    for table in ("entries", "readings", "media"):
        with database.connect() as db:
            assert db[table].count == 0
    importing.run_import(diarist, arrival, planned)
    assert entries.count(diarist) == 3


def test_media_are_unpacked_before_the_database_is_locked(diarist: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    arrival = detect.read(export.as_zip(diarist), ZONE)
    forget_entries(diarist)
    planned = import_plan.plan(diarist, arrival, {}, zone=ZONE)
    happened: list[str] = []
    unpack, transaction = arrival.unpack, sessions.transaction

    def noted_unpack(name: str) -> bytes:
        happened.append(name)
        return unpack(name)

    def noted_transaction(session: Session) -> AbstractContextManager:
        happened.append("locked")
        return transaction(session)

    monkeypatch.setattr(sessions, "transaction", noted_transaction)
    importing.run_import(diarist, replace(arrival, unpack=noted_unpack), planned)
    # Each once, and nothing after the lock.
    assert len(happened) == len(set(happened)) == 3
    assert happened[-1] == "locked"


def _broken(_: str) -> bytes:
    raise errors.FileDamaged()


def test_a_visitor_who_leaves_in_the_middle_leaves_nothing(diarist: Session) -> None:
    class Left(BaseException):
        pass

    def leave(share: float) -> None:
        if share > 0.7 - 1e-9:
            raise Left

    arrival = detect.read(export.as_json(diarist), ZONE)
    forget_entries(diarist)
    planned = import_plan.plan(diarist, arrival, {}, zone=ZONE)
    with pytest.raises(Left):
        importing.run_import(diarist, arrival, planned, leave)
    assert entries.count(diarist) == 0


def test_a_diary_that_changed_since_the_dry_run_is_asked_again(diarist: Session, stranger: Session) -> None:
    arrival = detect.read(export.as_json(diarist), ZONE)
    with database.transaction() as db:  # the same ids, now somebody else's
        db.execute("update entries set account_id = ?", [stranger.account_id])
    planned = import_plan.plan(diarist, arrival, {}, zone=ZONE)
    assert len(planned.new) == 3
    entries.add(stranger, NewEntry("neutral", 3, date(2026, 2, 2), ZONE))
    with pytest.raises(errors.DiaryMovedOn):
        importing.run_import(diarist, arrival, planned)
    assert entries.count(diarist) == 0
    assert entries.count(stranger) == 4


def test_the_bar_moves_forward_and_arrives(person: Session) -> None:
    lines = "\n".join(f"2026-01-{1 + n % 28:02},,,{n % 24}:{n % 60:02},good,,,{n}" for n in range(1500))
    arrival = detect.read(f"full_date,date,weekday,time,mood,activities,note_title,note\n{lines}".encode(), ZONE)
    planned = import_plan.plan(person, arrival, {"good": MoodChoice("happiness", 3)}, zone=ZONE)
    shares: list[float] = []
    assert importing.run_import(person, arrival, planned, shares.append) == 1500
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert len(shares) > 10
