"""Transcripts of kept recordings: sealed, stored and deleted with the recording, and never an error page."""

from __future__ import annotations

import json
import math
import secrets
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from diary import accounts, consents, database, entries, errors, media, sessions, transcripts
from diary.entries import NewEntry
from diary.media import NewMedium, StoredMedium
from diary.search import Query, find
from diary.sessions import Session
from stt.transcript import Segment, Transcript, Word
from tests.diary.damaging import turn_a_bit
from tests.diary.transfer.conftest import JPEG, WAV

DAY = date(2026, 1, 2)
NEW = NewEntry("sadness", 3, DAY, "Asia/Seoul")
SAID = Transcript(
    (Segment((Word("오늘은", 0.0, 0.52, 0.91), Word(" 비가", 0.52, 1.1, 0.4), Word(" 왔다.", 1.1, 1.75, 1.0))),),
    "ko",
    0.97,
    2.5,
    "whisper-base 1",
)


def keep(session: Session, transcript: Transcript | None = SAID, new: NewEntry = NEW) -> tuple[str, StoredMedium]:
    """Adds an entry with a recording; returns the entry's id and the recording."""
    consents.set_given(session, "media", True)
    new = replace(new, id=secrets.token_hex(16))
    entry_id = entries.add(session, new, media=[NewMedium("sound", WAV, transcript)])
    (medium,) = media.of_entry(session, entry_id)
    return entry_id, medium


def rows() -> int:
    with database.connect() as db:
        return db["transcripts"].count


def test_a_transcript_comes_back_word_by_word(person: Session) -> None:
    _, medium = keep(person)
    assert transcripts.of_medium(person, medium.id) == SAID


def test_it_is_sealed_and_moving_it_to_another_recording_does_not_open_it(person: Session, data_folder: Path) -> None:
    _, mine = keep(person)
    _, other = keep(person, None)
    stored = b"".join(file.read_bytes() for file in data_folder.rglob("*") if file.is_file())
    for word in ("오늘은", "왔다", "whisper-base"):
        assert word.encode() not in stored
        assert json.dumps(word)[1:-1].encode() not in stored
    with database.transaction() as db:
        db.execute("update transcripts set medium_id = ?", [other.id])
    assert transcripts.of_medium(person, other.id) is None
    assert transcripts.of_medium(person, mine.id) is None


def test_entry_recording_and_transcript_are_stored_together_or_not_at_all(
    person: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    consents.set_given(person, "media", True)
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(transcripts, "as_row", lambda *_: (_ for _ in ()).throw(RuntimeError()))
        entries.add(person, NEW, media=[NewMedium("sound", WAV, SAID)])
    assert entries.count(person) == 0
    assert not media.has_any(person)

    entry_id = entries.add(person, NEW)
    entries.change(person, entry_id, 1, NEW, media=[NewMedium("sound", WAV, SAID), NewMedium("picture", JPEG)])
    sound, picture = media.of_entry(person, entry_id)
    assert transcripts.of_medium(person, sound.id) == SAID
    assert transcripts.of_medium(person, picture.id) is None


def test_a_later_transcript_replaces_the_first(person: Session) -> None:
    _, medium = keep(person)
    transcripts.save(person, medium.id, replace(SAID, model="whisper-small 1"))
    assert transcripts.of_medium(person, medium.id) == replace(SAID, model="whisper-small 1")
    assert rows() == 1


@pytest.mark.parametrize("way", ["medium", "entry", "consent", "account"])
def test_it_goes_with_its_recording(person: Session, stranger: Session, way: str) -> None:
    keep(stranger)
    entry_id, medium = keep(person)
    if way == "medium":
        media.delete(person, medium.id)
    elif way == "entry":
        entries.delete(person, entry_id)
    elif way == "consent":
        consents.set_given(person, "media", False)
    else:
        accounts.delete(person)
    assert rows() == 1  # the stranger's


def test_withdrawing_the_consent_to_write_down_leaves_what_was_written(person: Session) -> None:
    _, medium = keep(person)
    consents.set_given(person, "transcript", True)
    consents.set_given(person, "transcript", False)
    assert transcripts.of_medium(person, medium.id) == SAID


def test_no_id_reaches_another_persons_transcript(person: Session, stranger: Session) -> None:
    _, medium = keep(person)
    assert transcripts.of_medium(stranger, medium.id) is None
    assert transcripts.untranscribed(stranger) == []
    assert transcripts.between(stranger, date.min, date.max) == {}
    with pytest.raises(errors.EntryNotFound):
        transcripts.save(stranger, medium.id, replace(SAID, language="en"))
    assert transcripts.of_medium(person, medium.id) == SAID


def test_only_a_kept_recording_has_a_transcript(person: Session) -> None:
    consents.set_given(person, "media", True)
    entry_id = entries.add(person, NEW, media=[NewMedium("picture", JPEG)])
    (picture,) = media.of_entry(person, entry_id)
    for medium_id in (picture.id, "0" * 32):
        with pytest.raises(errors.EntryNotFound):
            transcripts.save(person, medium_id, SAID)
    assert rows() == 0


def test_a_session_that_ended_stores_nothing(person: Session) -> None:
    _, medium = keep(person, None)
    sessions.end_all(person.account_id)
    with pytest.raises(errors.SessionEnded):
        transcripts.save(person, medium.id, SAID)
    assert rows() == 0


def test_a_damaged_transcript_is_none_and_can_be_written_anew(person: Session) -> None:
    _, medium = keep(person)
    turn_a_bit("transcripts", "sealed", "medium_id", medium.id)
    assert transcripts.of_medium(person, medium.id) is None
    assert [found.medium_id for found in transcripts.untranscribed(person)] == [medium.id]
    assert [found for found, _ in transcripts.between(person, DAY, DAY).values()] == [None]
    transcripts.save(person, medium.id, SAID)
    assert transcripts.of_medium(person, medium.id) == SAID


@pytest.mark.parametrize(
    "change",
    [
        {"segments": None},
        {"segments": [[["word", 1.0]]]},
        {"segments": [[["word", "soon", 1.0, 0.5]]]},
        {"segments": [[["word", 2.0, 1.0, 0.5]]]},
        {"segments": [[["word", -1.0, 1.0, 0.5]]]},
        {"segments": [[["word", 0.0, math.nan, 0.5]]]},
        {"segments": [[["word", 0.0, 1.0, 1.5]]]},
        {"segments": [[["w" * 1000, 0.0, 1.0, 0.5]]]},
        {"segments": [[["w", 0.0, 1.0, 0.5]] * (transcripts.WORDS_MAX + 1)]},
        {"seconds": math.inf},
        {"seconds": 10**400},
        {"language_probability": -1},
        {"language": "x" * 1000},
        {"model": None, "segments": 3},
    ],
)
def test_what_haru_would_not_have_stored_counts_as_damaged(person: Session, change: dict) -> None:
    _, medium = keep(person)
    sealed = person.vault.seal_json(
        SAID.as_dict() | change, transcripts._about(medium.id, entries.of_day(person, DAY)[0].id)
    )
    with database.transaction() as db:
        db.execute("update transcripts set sealed = ?", [sealed])
    assert transcripts.of_medium(person, medium.id) is None


def test_something_else_than_an_object_counts_as_damaged() -> None:
    for content in (None, [], "text", 3, {}):
        assert transcripts.parsed(content) is None
    assert transcripts.parsed(json.loads(json.dumps(SAID.as_dict()))) == SAID


def test_recordings_without_a_transcript_are_listed_oldest_day_first(person: Session) -> None:
    consents.set_given(person, "media", True)
    later, earlier = (
        entries.add(person, NewEntry("fear", 1, day, "Asia/Seoul"), media=[NewMedium("sound", WAV)] * 2)
        for day in (date(2026, 1, 3), date(2025, 1, 3))
    )
    keep(person)
    entries.add(person, NewEntry("fear", 1, DAY, "Asia/Seoul"), media=[NewMedium("picture", JPEG)])
    found = transcripts.untranscribed(person)
    assert [recording.entry_id for recording in found] == [earlier, earlier, later, later]
    assert [recording.medium_id for recording in found[:2]] == [one.id for one in media.of_entry(person, earlier)]
    # Nothing to hear in it: it was written down all the same, and is not tried for ever.
    transcripts.save(person, found[0].medium_id, replace(SAID, segments=()))
    assert len(transcripts.untranscribed(person)) == 3


def test_halves_of_characters_are_replaced(person: Session) -> None:
    word = Word("half \ud83d", 0.0, 1.0, 1.0)
    _, medium = keep(person, replace(SAID, segments=(Segment((word,)),)))
    found = transcripts.of_medium(person, medium.id)
    assert found is not None
    assert found.text == "half �"


def test_words_are_found_through_the_note_only(person: Session) -> None:
    """A word that the person deleted from the note, because it was misheard, must not find the entry."""
    keep(person, new=replace(NEW, note="비가 온 날"))
    assert find(person, Query(words="오늘은")) == []
    assert len(find(person, Query(words="비가"))) == 1
