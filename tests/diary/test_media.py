from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from diary import accounts, consents, database, entries, errors, media
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.sessions import Session

TODAY = NewEntry("sadness", 3, date(2026, 1, 2), "Asia/Seoul")
SOUND = NewMedium("sound", b"RIFF    WAVE a very private sound " * 100)
PICTURE = NewMedium("picture", b"\xff\xd8\xff a very private face " * 100)


def allow(session: Session) -> Session:
    consents.set_given(session, "media", True)
    return session


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_kept_media_come_back_and_are_sealed(person: Session, data_folder: Path) -> None:
    entry_id = entries.add(allow(person), TODAY, media=[SOUND, PICTURE])
    kept = media.of_entry(person, entry_id)
    assert [(medium.kind, medium.mime) for medium in kept] == [("sound", "audio/wav"), ("picture", "image/jpeg")]
    assert [media.content(person, medium.id) for medium in kept] == [SOUND.content, PICTURE.content]
    for private in (b"private sound", b"private face", b"RIFF"):
        assert private not in everything_in(data_folder)


def test_without_permission_nothing_is_kept_and_nothing_half_saved(person: Session) -> None:
    with pytest.raises(errors.KeepingNotAllowed):
        entries.add(person, TODAY, media=[SOUND])
    assert entries.count(person) == 0


def test_each_can_be_deleted_on_its_own(person: Session) -> None:
    entry_id = entries.add(allow(person), TODAY, media=[SOUND, PICTURE])
    media.delete(person, media.of_entry(person, entry_id)[0].id)
    assert [medium.kind for medium in media.of_entry(person, entry_id)] == ["picture"]


def test_withdrawing_the_permission_deletes_what_was_kept(person: Session, stranger: Session) -> None:
    mine, theirs = (
        entries.add(allow(one), NewEntry("fear", 1, TODAY.day, "Asia/Seoul"), media=[SOUND])
        for one in (person, stranger)
    )
    consents.set_given(person, "media", False)
    assert media.of_entry(person, mine) == []
    assert media.of_entry(stranger, theirs)
    assert entries.get(person, mine)


def test_no_id_reaches_another_persons_media(person: Session, stranger: Session) -> None:
    entry_id = entries.add(allow(person), TODAY, media=[SOUND])
    (medium,) = media.of_entry(person, entry_id)
    assert media.of_entry(stranger, entry_id) == []
    for ask in (media.content, media.delete):
        with pytest.raises(errors.EntryNotFound):
            ask(stranger, medium.id)
    assert media.content(person, medium.id) == SOUND.content


def test_they_go_with_the_entry_and_with_the_account(person: Session, data_folder: Path) -> None:
    entry_id = entries.add(allow(person), TODAY, media=[SOUND])
    (medium,) = media.of_entry(person, entry_id)
    accounts.delete(person)
    with database.connect() as db:
        assert db["media"].count == 0
    assert medium.id.encode() not in everything_in(data_folder)
