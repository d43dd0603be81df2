"""Which recordings are in the diary already."""

from __future__ import annotations

from datetime import date

from diary import consents, database, entries, voice_memos
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.sessions import Session
from tests.sounds import spoken

ZONE = "Asia/Seoul"
DAY = date(2026, 3, 2)


def keep(session: Session, recording: bytes, *, with_medium: bool = False, **changes: object) -> str:
    new = NewEntry(**{"mood": "fear", "intensity": 3, "day": DAY, "timezone": ZONE} | changes)
    return entries.add(session, new, media=[NewMedium("sound", recording)] if with_medium else [])


def test_the_same_recording_always_gives_the_same_entry_of_one_account(person: Session, stranger: Session) -> None:
    recording = spoken()
    assert voice_memos.entry_id(person, recording) == voice_memos.entry_id(person, bytes(recording))
    others = {voice_memos.entry_id(person, spoken(1.0)), voice_memos.entry_id(stranger, recording)}
    assert voice_memos.entry_id(person, recording) not in others


def test_a_memo_that_is_an_entry_already_is_found_until_the_entry_is_deleted(
    person: Session, stranger: Session
) -> None:
    recording = spoken()
    assert voice_memos.kept_on(person, recording) is None
    entry_id = keep(person, recording, id=voice_memos.entry_id(person, recording))
    assert voice_memos.kept_on(person, recording) == DAY
    assert voice_memos.kept_on(person, spoken(1.0)) is None
    assert voice_memos.kept_on(stranger, recording) is None
    entries.delete(person, entry_id)
    assert voice_memos.kept_on(person, recording) is None


def test_a_recording_that_is_kept_with_any_entry_is_found(person: Session, stranger: Session) -> None:
    for session in (person, stranger):
        consents.set_given(session, "media", True)
    recording = spoken()
    keep(person, recording, with_medium=True)
    assert voice_memos.kept_on(person, recording) == DAY
    assert voice_memos.kept_on(stranger, recording) is None
    same_length = recording[:-2] + bytes([recording[-2] ^ 1, recording[-1]])
    assert voice_memos.kept_on(person, same_length) is None


def test_a_damaged_recording_is_none_that_can_be_compared(person: Session) -> None:
    consents.set_given(person, "media", True)
    recording = spoken()
    keep(person, recording, with_medium=True)
    with database.transaction() as db:
        db.execute("update media set sealed = zeroblob(length(sealed))")
    assert voice_memos.kept_on(person, recording) is None
