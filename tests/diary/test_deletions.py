"""A deletion can be undone: every row comes back as it was, in one transaction, and only to the same account."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from diary import (
    accounts,
    consents,
    database,
    deletions,
    drafts,
    entries,
    errors,
    media,
    music_lists,
    own_tracks,
    readings,
    sessions,
)
from diary.deletions import Deletion
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.sessions import Session
from tests.diary.damaging import turn_a_bit
from tests.diary.test_music_lists import saved
from tests.diary.test_own_tracks import SOUND, song
from tests.diary.test_readings import READINGS
from tests.diary.test_transcripts import SAID
from tests.diary.transfer.conftest import JPEG, WAV

NEW = NewEntry(
    "sadness", 3, date(2026, 1, 2), "Asia/Seoul", note="비밀스런 하루 🌙", tags=("walk",), feelings=("calm",)
)
DIARY_TABLES = (
    "entries",
    "readings",
    "media",
    "transcripts",
    "photos",
    "own_tracks",
    "music_lists",
    "trackers",
    "tracker_values",
)


def stored() -> dict[str, list[tuple]]:
    """Every row of the diary's tables with its number, text as bytes."""
    with database.connect() as db:
        db.conn.text_factory = bytes
        return {table: db.execute(f"select rowid, * from {table} order by rowid").fetchall() for table in DIARY_TABLES}


def full_entry(session: Session) -> str:
    """An entry with everything that an entry can have."""
    consents.set_given(session, "media", True)
    new = replace(NEW, id=secrets.token_hex(16))
    entries.add(session, new, readings=READINGS, media=[NewMedium("sound", WAV, SAID), NewMedium("picture", JPEG)])
    with database.transaction() as db:
        for number in range(2):
            photo = {"id": f"{new.id}-{number}", "entry_id": new.id, "created_at": database.now()}
            db.table("photos").insert(photo | {"sealed": session.vault.seal(JPEG, "photo")})
    return new.id


def tracker(session: Session) -> str:
    with database.transaction() as db:
        row = {"id": "t1", "account_id": session.account_id, "place": 0, "created_at": database.now()}
        db.table("trackers").insert(row | {"sealed": session.vault.seal(b"sleep", "t1")})
        db.table("tracker_values").insert_all(
            {"tracker_id": "t1", "day": f"2026-01-{day:02}", "sealed": b"%d" % day, "updated_at": database.now()}
            for day in range(1, 32)
        )
    return "t1"


def delete_tracker(session: Session, tracker_id: str) -> Deletion:
    with sessions.transaction(session) as db:
        where = "id = ? and account_id = ?"
        return deletions.delete(db, session, "trackers", where, [tracker_id, session.account_id])


def medium_of(session: Session, kind: str) -> str:
    entry_id = full_entry(session)
    return next(medium.id for medium in media.of_entry(session, entry_id) if medium.kind == kind)


def own_track(session: Session) -> str:
    consents.set_given(session, "media", True)
    return own_tracks.add(session, song(), SOUND)


def music_list(session: Session) -> str:
    new = saved()
    music_lists.add(session, new)
    return new.id


@pytest.mark.parametrize(
    ("make", "delete", "gone"),
    [
        (full_entry, entries.delete, {"entries": 1, "readings": 2, "media": 2, "transcripts": 1, "photos": 2}),
        (lambda session: medium_of(session, "sound"), media.delete, {"media": 1, "transcripts": 1}),
        (lambda session: medium_of(session, "picture"), media.delete, {"media": 1}),
        (own_track, own_tracks.delete, {"own_tracks": 1}),
        (music_list, music_lists.delete, {"music_lists": 1}),
        (tracker, delete_tracker, {"trackers": 1, "tracker_values": 31}),
    ],
    ids=["entry", "recording", "picture", "own track", "music list", "tracker"],
)
def test_undone_every_row_is_as_it_was(person: Session, make: Callable, delete: Callable, gone: dict[str, int]) -> None:
    full_entry(person)
    made = make(person)
    full_entry(person)
    before = stored()
    deletion = delete(person, made)
    after = stored()
    counts = {table: len(before[table]) - len(after[table]) for table in DIARY_TABLES}
    assert counts == {table: gone.get(table, 0) for table in DIARY_TABLES}
    deletion.undo(person)
    assert stored() == before


def test_the_draft_of_a_change_comes_back_with_its_entry(person: Session) -> None:
    entry_id = full_entry(person)
    drafts.save(person, {"fields": {"note": "half a change"}}, entry_id)
    deletion = entries.delete(person, entry_id)
    assert drafts.load(person, entry_id) is None
    deletion.undo(person)
    assert drafts.load(person, entry_id).content == {"fields": {"note": "half a change"}}


def test_a_deletion_holds_no_plain_text_and_shows_nothing(person: Session) -> None:
    deletion = entries.delete(person, full_entry(person))
    everything = repr([row.values for row in deletion._rows]).encode()
    for private in (NEW.note.encode(), b"walk", b"calm", WAV[:40], JPEG[:40]):
        assert private not in everything
    assert "sealed" not in repr(deletion)


def test_a_deleted_entry_lies_nowhere_in_the_files(person: Session, data_folder: Path) -> None:
    entry_id = full_entry(person)
    with database.connect() as db:
        sealed = db.execute("select sealed from entries where id = ?", [entry_id]).fetchone()[0]
    entries.delete(person, entry_id)
    database.erase_deleted()
    assert sealed not in b"".join(file.read_bytes() for file in data_folder.rglob("*") if file.is_file())


@pytest.mark.parametrize(("table", "column"), [("entries", "sealed"), ("media", "sealed"), ("photos", "sealed")])
def test_a_damaged_row_comes_back_as_damaged_as_it_was(person: Session, table: str, column: str) -> None:
    full_entry(person)
    entry_id = full_entry(person)
    turn_a_bit(table, column, "id" if table == "entries" else "entry_id", entry_id)
    before = stored()
    entries.delete(person, entry_id).undo(person)
    assert stored() == before


def test_text_that_is_none_comes_back_as_its_bytes(person: Session) -> None:
    entry_id = full_entry(person)
    with database.transaction() as db:
        db.execute("pragma ignore_check_constraints = on")
        db.execute("update entries set mood = cast(x'ff73' as text), timezone = cast(x'c328' as text)")
    before = stored()
    entries.delete(person, entry_id).undo(person)
    assert stored() == before


def test_a_row_number_that_is_in_use_again_changes_no_order(person: Session, stranger: Session) -> None:
    full_entry(person)
    entry_id = full_entry(person)
    of_before, media_before = readings.of_entry(person, entry_id), media.of_entry(person, entry_id)
    deletion = entries.delete(person, entry_id)
    entries.add(stranger, replace(NEW, id="0" * 32), readings=READINGS)  # takes the numbers of the last rows
    deletion.undo(person)
    assert readings.of_entry(person, entry_id) == of_before
    assert media.of_entry(person, entry_id) == media_before
    assert entries.get(person, entry_id).note == NEW.note
    assert len(readings.of_entry(stranger, "0" * 32)) == len(READINGS)


def test_an_entry_that_came_back_otherwise_is_not_touched(person: Session) -> None:
    entry_id = full_entry(person)
    deletion = entries.delete(person, entry_id)
    entries.add(person, replace(NEW, id=entry_id, note="from an import"))
    before = stored()
    with pytest.raises(errors.AlreadyBack):
        deletion.undo(person)
    assert stored() == before


def test_undone_twice_it_is_there_once(person: Session) -> None:
    deletion = entries.delete(person, full_entry(person))
    deletion.undo(person)
    before = stored()
    with pytest.raises(errors.AlreadyBack):
        deletion.undo(person)
    assert stored() == before


def test_a_recording_does_not_come_back_without_its_entry(person: Session) -> None:
    medium_id = medium_of(person, "sound")
    (entry,) = entries.every(person)
    deletion = media.delete(person, medium_id)
    entries.delete(person, entry.id)
    with pytest.raises(errors.EntryNotFound):
        deletion.undo(person)
    assert not any(stored().values())


def test_a_failing_row_leaves_nothing_half(person: Session) -> None:
    deletion = entries.delete(person, full_entry(person))
    with database.transaction() as db:
        db.execute("create trigger full before insert on transcripts begin select raise(abort, 'no'); end")
    with pytest.raises(sqlite3.IntegrityError):
        deletion.undo(person)
    assert not any(stored().values())
    with database.transaction() as db:
        db.execute("drop trigger full")
    deletion.undo(person)
    assert len(stored()["transcripts"]) == 1


def test_it_comes_back_to_nobody_else_and_not_after_the_end(person: Session, stranger: Session) -> None:
    deletion = entries.delete(person, full_entry(person))
    with pytest.raises(errors.EntryNotFound):
        deletion.undo(stranger)
    sessions.end_all(person.account_id)
    with pytest.raises(errors.SessionEnded):
        deletion.undo(person)
    accounts.delete(person)
    with pytest.raises(errors.SessionEnded):
        deletion.undo(person)
    assert not any(stored().values())


def test_what_a_withdrawn_consent_deletes_stays_deleted(person: Session) -> None:
    own_id = own_track(person)
    entry_id = full_entry(person)
    (medium, _) = media.of_entry(person, entry_id)
    of_medium, of_track = media.delete(person, medium.id), own_tracks.delete(person, own_id)
    of_entry = entries.delete(person, entry_id)
    consents.set_given(person, "media", False)
    of_entry.undo(person)
    of_track.undo(person)
    assert entries.get(person, entry_id).note == NEW.note
    assert len(readings.of_entry(person, entry_id)) == len(READINGS)
    assert [track.mime for track in own_tracks.every(person)] == [""]
    with pytest.raises(errors.KeepingNotAllowed):
        of_medium.undo(person)
    assert {table for table, rows in stored().items() if rows} == {"entries", "readings", "own_tracks"}


def test_checks_hold_for_every_other_connection(person: Session) -> None:
    entries.delete(person, full_entry(person)).undo(person)
    with pytest.raises(sqlite3.IntegrityError), database.transaction() as db:
        db.execute("update entries set intensity = 9")
