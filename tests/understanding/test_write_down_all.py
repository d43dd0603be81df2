"""All kept recordings at once: each is stored as it is done, and no note of the person's own changes."""

from __future__ import annotations

import gc
import logging
import weakref
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from time import sleep

import pytest

from diary import consents, database, entries, errors, media, sessions, transcripts, vault
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.sessions import Session
from reading import Refusal
from stt.transcript import Transcript
from tests.diary.damaging import turn_a_bit
from tests.diary.transfer.conftest import JPEG, recording
from tests.understanding.scripted_speech import ScriptedTranscriber, scripted_speech
from tests.understanding.transcripts import transcript
from understanding import write_down_all
from understanding.write_down_all import WriteDownAll

RAIN, SUN, HUM, JAPANESE, NOISE = (recording(bytes([number]) * 99) for number in range(5))
SCRIPT = {
    RAIN: transcript("it rained", "all day", language="en"),
    SUN: transcript("then the sun came"),
    HUM: Refusal("no_words", "No words."),
    JAPANESE: Refusal("other_language", "Japanese.", {"language": "ja", "probability": 0.9}),
    NOISE: Refusal("unreadable", "Not a sound."),
}
LANGUAGES = ("ko", "en")


@pytest.fixture
def speaker(person: Session) -> Session:
    for kind in ("media", "transcript"):
        consents.set_given(person, kind, True)
    return person


def keep(session: Session, *sounds: bytes, note: str = "", day: int = 2) -> str:
    new = NewEntry("sadness", 3, date(2026, 1, day), "Asia/Seoul", note=note, tags=("walk",), at=time(9, day))
    return entries.add(session, new, media=[NewMedium("sound", sound) for sound in sounds])


def words(session: Session, entry_id: str) -> list[str | None]:
    found = [transcripts.of_medium(session, medium.id) for medium in media.of_entry(session, entry_id)]
    return [each.text if each else None for each in found]


def work_on(script: dict = SCRIPT) -> tuple[WriteDownAll, ScriptedTranscriber]:
    speech, transcriber = scripted_speech(script)
    return WriteDownAll(speech, LANGUAGES), transcriber


def test_everything_is_written_down_and_counted(speaker: Session) -> None:
    empty, own, hummed = keep(speaker, RAIN), keep(speaker, SUN, note="my own", day=3), keep(speaker, HUM, day=4)
    foreign, broken = keep(speaker, JAPANESE, day=5), keep(speaker, NOISE, day=6)
    entries.add(speaker, NewEntry("fear", 1, date(2026, 1, 7), "Asia/Seoul"), media=[NewMedium("picture", JPEG)])
    work, transcriber = work_on()
    work.run(speaker)
    assert work.is_over
    assert work.error is None
    assert (work.total, work.finished, work.share, work.notes) == (5, 5, 1.0, 1)
    assert work.outcomes == {"written": 2, "no_words": 1, "other_language": 1, "unreadable": 1}
    assert [asked for _, asked in transcriber.asked] == [LANGUAGES] * 5
    assert entries.get(speaker, empty).note == "it rained all day"
    assert entries.get(speaker, own).note == "my own"
    assert [words(speaker, entry) for entry in (empty, own)] == [["it rained all day"], ["then the sun came"]]
    assert [words(speaker, entry) for entry in (hummed, foreign, broken)] == [[""], [None], [None]]


def test_nothing_else_of_an_entry_changes(speaker: Session) -> None:
    entry_id = keep(speaker, RAIN)
    before = entries.get(speaker, entry_id)
    work_on()[0].run(speaker)
    after = entries.get(speaker, entry_id)
    assert after == replace(before, note="it rained all day", version=2, updated_at=after.updated_at)


def test_a_second_time_only_what_is_missing_is_tried(speaker: Session) -> None:
    for number, sound in enumerate((RAIN, HUM, JAPANESE), start=2):
        keep(speaker, sound, day=number)
    work_on()[0].run(speaker)
    again, transcriber = work_on()
    again.run(speaker)
    assert [sound for sound, _ in transcriber.asked] == [JAPANESE]


def test_two_recordings_of_one_entry_fill_its_note_together(speaker: Session) -> None:
    entry_id = keep(speaker, RAIN, SUN)
    work, _ = work_on()
    work.run(speaker)
    assert entries.get(speaker, entry_id).note == "it rained all day\nthen the sun came"
    assert work.notes == 1


def test_a_note_that_the_person_writes_meanwhile_stays(speaker: Session) -> None:
    entry_id = keep(speaker, RAIN, SUN)
    work, transcriber = work_on()
    transcriber.may_go_on.clear()
    work.start(speaker, lambda: True)
    assert transcriber.has_begun.wait(30)
    entries.change_note(speaker, entry_id, 1, "typed in another tab")
    transcriber.may_go_on.set()
    assert work.wait(30)
    assert entries.get(speaker, entry_id).note == "typed in another tab"
    assert words(speaker, entry_id) == ["it rained all day", "then the sun came"]
    assert (work.outcomes["written"], work.notes) == (2, 0)


@pytest.mark.parametrize("way", ["cancel", "sign out", "withdraw", "close"])
def test_it_stops_and_what_is_done_stays(speaker: Session, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_down_all, "_STEP", 0.02)
    monkeypatch.setattr(write_down_all, "UNWATCHED_SECONDS", 0.1)
    first, second = keep(speaker, RAIN), keep(speaker, SUN, day=3)
    is_open = [True]
    work, transcriber = work_on()
    transcripts.save(speaker, media.of_entry(speaker, first)[0].id, SCRIPT[RAIN])
    transcriber.may_go_on.clear()
    work.start(speaker, lambda: is_open[0])
    assert transcriber.has_begun.wait(30)
    if way == "cancel":
        work.cancel()
    elif way == "sign out":
        sessions.end_all(speaker.account_id)
    elif way == "withdraw":
        consents.set_given(speaker, "transcript", False)
    else:
        is_open[0] = False
    assert work.wait(30)
    transcriber.may_go_on.set()
    assert work.error is None
    assert (work.total, work.finished) == (1, 0)
    assert [words(speaker, entry) for entry in (first, second)] == [["it rained all day"], [None]]


def test_a_connection_that_comes_back_in_time_stops_nothing(speaker: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_down_all, "_STEP", 0.01)
    monkeypatch.setattr(write_down_all, "UNWATCHED_SECONDS", 5.0)
    keep(speaker, RAIN)
    answers = iter([False] * 10)
    work, transcriber = work_on()
    transcriber.may_go_on.clear()

    def is_watched() -> bool:
        watched = next(answers, True)
        if watched:
            transcriber.may_go_on.set()
        return watched

    work.run(speaker, is_watched)
    assert work.outcomes == {"written": 1}


def test_without_consent_nothing_is_transcribed(person: Session) -> None:
    consents.set_given(person, "media", True)
    keep(person, RAIN)
    work, transcriber = work_on()
    work.run(person)
    assert transcriber.asked == []
    assert work.finished == 0


def test_what_is_deleted_meanwhile_is_passed_over(speaker: Session) -> None:
    gone, stays = keep(speaker, RAIN), keep(speaker, SUN, day=3)
    work, transcriber = work_on()
    transcriber.may_go_on.clear()
    work.start(speaker, lambda: True)
    assert transcriber.has_begun.wait(30)
    entries.delete(speaker, gone)
    transcriber.may_go_on.set()
    assert work.wait(30)
    assert work.outcomes == {"gone": 1, "written": 1}
    assert words(speaker, stays) == ["then the sun came"]


def test_another_tab_does_not_write_down_the_same_again(speaker: Session) -> None:
    keep(speaker, RAIN)
    entry_id = keep(speaker, SUN, day=3)
    work, transcriber = work_on()
    transcriber.may_go_on.clear()
    work.start(speaker, lambda: True)
    assert transcriber.has_begun.wait(30)
    transcripts.save(speaker, media.of_entry(speaker, entry_id)[0].id, SCRIPT[SUN])
    transcriber.may_go_on.set()
    assert work.wait(30)
    assert work.outcomes == {"written": 1, "gone": 1}
    assert entries.get(speaker, entry_id).note == ""


def test_damage_costs_only_itself(speaker: Session) -> None:
    lost, no_note, whole = keep(speaker, RAIN), keep(speaker, SUN, day=3), keep(speaker, SUN, day=4)
    turn_a_bit("media", "sealed", "entry_id", lost)
    turn_a_bit("entries", "sealed", "id", no_note)
    work, _ = work_on()
    work.run(speaker)
    assert work.outcomes == {"unreadable": 1, "written": 2}
    assert words(speaker, no_note) == ["then the sun came"]
    assert entries.get(speaker, no_note).is_damaged
    assert entries.get(speaker, whole).note == "then the sun came"


def test_a_full_disk_ends_it_with_its_sentence(speaker: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(speaker, RAIN)

    def refuse(*_: object) -> None:
        raise errors.DiskFull()

    monkeypatch.setattr(transcripts, "save", refuse)
    work, _ = work_on()
    work.run(speaker)
    assert isinstance(work.error, errors.DiskFull)
    assert work.is_over


def test_a_mistake_in_it_ends_it_and_no_word_is_logged(
    speaker: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keep(speaker, RAIN)

    def fail(*_: object) -> None:
        raise ValueError("it rained all day")

    monkeypatch.setattr(transcripts, "save", fail)
    work, _ = work_on()
    with caplog.at_level(logging.DEBUG):
        work.run(speaker)
    assert work.error is not None
    assert work.error.code == "unexpected"
    assert "ValueError" in caplog.text
    assert "rained" not in caplog.text


@pytest.mark.parametrize("ends_by", ["itself", "error"])
def test_the_key_leaves_the_memory_with_the_work(
    speaker: Session, monkeypatch: pytest.MonkeyPatch, ends_by: str
) -> None:
    keep(speaker, RAIN)
    if ends_by == "error":

        def refuse(*_: object) -> None:
            raise errors.DiskFull()

        monkeypatch.setattr(transcripts, "save", refuse)
    session = replace(speaker, vault=vault.Vault(speaker.vault._data_key))
    key = weakref.ref(session.vault)
    work, _ = work_on()
    work.start(session, lambda: True)
    del session
    assert work.wait(30)
    assert _until(lambda: key() is None)
    assert work.finished == (ends_by == "itself")


def _until(is_true: Callable[[], bool]) -> bool:
    """The thread ends a moment after the work."""
    for _ in range(100):
        gc.collect()
        if is_true():
            return True
        sleep(0.02)
    return False


def test_the_share_grows_with_each_window(speaker: Session) -> None:
    keep(speaker, RAIN)
    keep(speaker, HUM, day=3)
    work, transcriber = work_on()
    shares = []
    transcriber.before_window = lambda: shares.append(work.share)
    work.run(speaker)
    # Two windows of the first recording, whose first sentence ends at a quarter of it; one of the second.
    assert [*shares, work.share] == [0.0, 0.125, 0.5, 1.0]


def test_a_diary_without_recordings_is_done_at_once(speaker: Session) -> None:
    work, transcriber = work_on()
    work.run(speaker)
    assert (work.total, work.is_over, work.error, transcriber.asked) == (0, True, None, [])
    with database.connect() as db:
        assert db["transcripts"].count == 0


def test_what_is_stored_for_a_recording_without_words_comes_back(speaker: Session) -> None:
    entry_id = keep(speaker, HUM)
    work_on()[0].run(speaker)
    found = transcripts.of_medium(speaker, media.of_entry(speaker, entry_id)[0].id)
    assert isinstance(found, Transcript)
    assert found == write_down_all.WITHOUT_WORDS
