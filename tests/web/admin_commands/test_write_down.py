"""`haru-admin write-down`: with the person's own password, and nothing of it stays behind."""

from __future__ import annotations

import getpass
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import sleep

import pytest

from diary import consents, database, entries, media, sessions, throttle, transcripts
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.sessions import Session
from language import say
from reading import Refusal
from stt import predict
from tests.conftest import PASSWORD
from tests.diary.transfer.conftest import recording
from tests.understanding.scripted_speech import ScriptedTranscriber, scripted_speech
from tests.understanding.transcripts import transcript
from understanding import speech_to_text
from understanding.speech_to_text import SpeechToText
from web import admin

RAIN, SUN, HUM, JAPANESE, NOISE = (recording(bytes([number]) * 400) for number in range(5))
SCRIPT = {
    RAIN: transcript("it rained", "all day"),
    SUN: transcript("then the sun came"),
    HUM: Refusal("no_words", "No words."),
    JAPANESE: Refusal("other_language", "Japanese.", {"language": "ja", "probability": 0.9}),
    NOISE: Refusal("unreadable", "Not a sound."),
}


@pytest.fixture
def speech(monkeypatch: pytest.MonkeyPatch) -> ScriptedTranscriber:
    made, transcriber = scripted_speech(SCRIPT)
    monkeypatch.setattr(speech_to_text, "SpeechToText", lambda: made)
    monkeypatch.setattr(predict, "has_weights", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda _: PASSWORD)
    return transcriber


@pytest.fixture
def speaker(person: Session, speech: ScriptedTranscriber) -> Session:
    for kind in ("media", "transcript"):
        consents.set_given(person, kind, True)
    return person


def keep(session: Session, sound: bytes, note: str = "") -> str:
    new = NewEntry("sadness", 2, date(2026, 1, 2), "Asia/Seoul", note=note)
    return entries.add(session, new, media=[NewMedium("sound", sound)])


def words(session: Session, entry_id: str) -> str | None:
    (medium,) = media.of_entry(session, entry_id)
    found = transcripts.of_medium(session, medium.id)
    return found.text if found else None


def session_count() -> int:
    with database.connect() as db:
        return db["sessions"].count


def test_all_recordings_of_a_person(speaker: Session, capsys: pytest.CaptureFixture) -> None:
    empty, own = keep(speaker, RAIN), keep(speaker, SUN, note="my own")
    for sound in (HUM, JAPANESE, NOISE):
        keep(speaker, sound)
    before = session_count()
    assert admin.main(["write-down", "--name", "Jiwoo"]) == 0
    said = capsys.readouterr().out
    assert "Written down: 2 of 5 recordings; empty notes filled: 1." in said
    assert all(f"{what}: 1." in said for what in ("Without words", "to be opened in their entries", "Not readable"))
    assert "rained" not in said
    assert [entries.get(speaker, entry).note for entry in (empty, own)] == ["it rained all day", "my own"]
    assert words(speaker, own) == "then the sun came"
    assert session_count() == before  # the session that it made has ended


def test_progress_is_shown(speaker: Session, speech: ScriptedTranscriber, capsys: pytest.CaptureFixture) -> None:
    keep(speaker, RAIN)
    sleeping = iter([1.2, 0.0])  # seconds; longer than the refresh
    speech.before_window = lambda: sleep(next(sleeping))
    assert admin.main(["write-down", "--name", "Jiwoo"]) == 0
    assert "0 of 1 recordings" in capsys.readouterr().err


@pytest.mark.parametrize("given", ["file", "stdin"])
def test_the_password_from_a_file_or_from_standard_input(
    speaker: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    entry_id = keep(speaker, RAIN)
    monkeypatch.setattr(getpass, "getpass", lambda _: pytest.fail("asked on the terminal"))
    if given == "file":
        file = tmp_path / "password"
        file.write_text(f"{PASSWORD}\nsecond line\n")
        chosen = str(file)
    else:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        chosen = "-"
    assert admin.main(["write-down", "--name", "jiwoo", "--password-file", chosen]) == 0
    assert words(speaker, entry_id) == "it rained all day"


@pytest.mark.parametrize(("name", "password"), [("Jiwoo", "a wrong password"), ("Nobody", PASSWORD), ("Jiwoo", "")])
def test_a_wrong_name_or_password_opens_nothing(
    speaker: Session,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    speech: ScriptedTranscriber,
    name: str,
    password: str,
) -> None:
    keep(speaker, RAIN)
    monkeypatch.setattr(getpass, "getpass", lambda _: password)
    before = session_count()
    assert admin.main(["write-down", "--name", name]) == 1
    said = capsys.readouterr()
    assert say("en", "error.sign_in_failed") in said.err
    assert not password or password not in said.out + said.err
    assert speech.asked == []
    assert session_count() == before


def test_guessing_is_throttled_as_on_the_sign_in_page(
    speaker: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    with monkeypatch.context() as guessing:
        guessing.setattr(getpass, "getpass", lambda _: "a wrong password")
        for _ in range(throttle.BY_NAME_AND_ADDRESS.free):
            admin.main(["write-down", "--name", "Jiwoo"])
    capsys.readouterr()
    assert admin.main(["write-down", "--name", "Jiwoo"]) == 1  # even with the right one
    assert say("en", "error.too_many_guesses", minutes=1) in capsys.readouterr().err


def test_without_the_persons_consent_nothing_is_written_down(
    speaker: Session, capsys: pytest.CaptureFixture, speech: ScriptedTranscriber
) -> None:
    keep(speaker, RAIN)
    consents.set_given(speaker, "transcript", False)
    before = session_count()
    assert admin.main(["write-down", "--name", "Jiwoo"]) == 1
    assert "Settings" in capsys.readouterr().err
    assert speech.asked == []
    assert session_count() == before


def test_without_the_model_it_says_where_it_should_be(
    speaker: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(predict, "has_weights", lambda: False)
    assert admin.main(["write-down", "--name", "Jiwoo"]) == 1
    assert str(predict.model_in_use()) in capsys.readouterr().err


def test_interrupted_it_keeps_what_is_done_and_ends_its_session(
    speaker: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, speech: ScriptedTranscriber
) -> None:
    first, second = keep(speaker, RAIN), keep(speaker, SUN)
    before = session_count()

    def interrupt(*_: object) -> None:
        if len(speech.asked) == 2:
            raise KeyboardInterrupt

    def hold() -> None:
        if len(speech.asked) == 2:
            speech.may_go_on.clear()

    from understanding.write_down_all import WriteDownAll
    from web.admin_commands import write_down

    speech.before_window = hold
    wait, cancel = WriteDownAll.wait, WriteDownAll.cancel

    def cancel_and_go_on(work: WriteDownAll) -> None:
        cancel(work)
        assert wait(work, 30)
        speech.may_go_on.set()

    monkeypatch.setattr(WriteDownAll, "cancel", cancel_and_go_on)
    monkeypatch.setattr(write_down, "_REFRESH", 0.02)
    monkeypatch.setattr(write_down._Progress, "show", interrupt)
    assert admin.main(["write-down", "--name", "Jiwoo"]) == 130
    assert "goes on from here" in capsys.readouterr().err
    assert [words(speaker, entry) for entry in (first, second)] == ["it rained all day", None]
    assert session_count() == before


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_password_file_that_cannot_be_read(
    speaker: Session, tmp_path: Path, capsys: pytest.CaptureFixture, content: bytes | None
) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    assert admin.main(["write-down", "--name", "Jiwoo", "--password-file", str(file)]) == 1
    assert "could not be read" in capsys.readouterr().err


def test_where_there_is_no_database_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("HARU_DATA", str(tmp_path / "empty"))
    assert admin.main(["write-down", "--name", "Jiwoo"]) == 1
    assert "no database" in capsys.readouterr().err
    assert not (tmp_path / "empty").exists()


def test_nothing_to_do_is_said(speaker: Session, capsys: pytest.CaptureFixture) -> None:
    assert admin.main(["write-down", "--name", "Jiwoo"]) == 0
    assert "0 of 0" in capsys.readouterr().out


def test_the_worker_has_ended(speaker: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python aborts at exit while a thread is still in the model."""
    stopped: list[SpeechToText] = []
    stop = SpeechToText.stop
    monkeypatch.setattr(SpeechToText, "stop", lambda self: (stop(self), stopped.append(self)))
    keep(speaker, RAIN)
    admin.main(["write-down", "--name", "Jiwoo"])
    (speech,) = stopped
    assert speech._worker is None or not speech._worker.is_alive()


def test_other_people_are_not_touched(speaker: Session, sign_up: Callable[..., str]) -> None:
    other = sessions.find(sign_up("Somebody else"))
    assert other is not None
    for kind in ("media", "transcript"):
        consents.set_given(other, kind, True)
    theirs = keep(other, SUN)
    admin.main(["write-down", "--name", "Jiwoo"])
    assert words(other, theirs) is None
