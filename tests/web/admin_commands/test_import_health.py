"""`haru-admin import-health`: shows what would come in, asks, and imports a file from the disk."""

from __future__ import annotations

import builtins
import getpass
from datetime import date
from pathlib import Path

import pytest

from diary import database, trackers
from diary.sessions import Session
from diary.trackers import Tracker
from tests.conftest import PASSWORD
from tests.diary.transfer import health_exports
from tests.diary.transfer.files import zipped
from web import admin

DAY, NEXT = date(2026, 3, 10), date(2026, 3, 11)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An export of Apple Health, and a person at the terminal who types the password and agrees."""
    monkeypatch.setattr(getpass, "getpass", lambda _: PASSWORD)
    monkeypatch.setattr(builtins, "input", lambda _: "y")
    content = health_exports.apple_health(
        health_exports.steps("2026-03-10 08:00:00 +0900", 3000, "Phone"),
        health_exports.steps("2026-03-10 08:00:00 +0900", 4000, "Watch"),
        health_exports.steps("2026-03-11 08:00:00 +0900", 5000, "Phone"),
        health_exports.workout("2026-03-10 08:00:00 +0900", 30, source="Watch"),
    )
    path = tmp_path / "export.zip"
    path.write_bytes(zipped(("apple_health_export/export.xml", content)))
    return str(path)


def values(session: Session) -> dict[str, dict[date, float]]:
    names = {tracker.id: tracker.name for tracker in trackers.intact(session)}
    return {names[key]: dict(found) for key, found in trackers.between(session, date.min, date.max).items()}


def run(*arguments: str) -> int:
    return admin.main(["import-health", "--name", "Jiwoo", *arguments])


def test_it_imports_after_a_yes_and_twice_is_once(
    person: Session, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(file) == 0
    assert values(person) == {"Steps": {DAY: 4000, NEXT: 5000}, "Exercise": {DAY: 30}}
    said = capsys.readouterr().out
    assert "Steps: 2 days, 2026-03-10 to 2026-03-11" in said
    assert "Imported 3 values." in said
    assert run(file) == 0
    assert "There is nothing new in this file." in capsys.readouterr().out
    with database.connect() as db:
        assert db.table("sessions").count == 1, "the command's own session ended with it"


def test_without_a_yes_nothing_changes(person: Session, file: str, monkeypatch, capsys) -> None:
    for answer in ("", "no", "nein"):
        monkeypatch.setattr(builtins, "input", lambda _, answer=answer: answer)
        assert run(file) == 1
    assert "Nothing was changed." in capsys.readouterr().err
    assert trackers.every(person) == []
    assert run("--yes", file) == 0
    assert len(trackers.every(person)) == 2


def test_only_one_thing_from_one_source(person: Session, file: str, capsys) -> None:
    assert run("--only", "steps", "--source", "Phone", file) == 0
    assert values(person) == {"Steps": {DAY: 3000, NEXT: 5000}}
    assert run("--source", "Fridge", file) == 0
    assert "steps: left out, because Fridge recorded none of it (sources: Phone, Watch)." in capsys.readouterr().out


def test_a_tracker_that_is_here_is_joined_and_one_of_another_kind_is_left_alone(
    person: Session, file: str, capsys
) -> None:
    trackers.add(person, Tracker("steps", "🦶", "count", "a" * 32))
    trackers.add(person, Tracker("Exercise", "💪", "yes_no", "b" * 32))
    trackers.set_value(person, "a" * 32, DAY, 7, "Asia/Seoul")
    assert run(file) == 0
    assert values(person) == {"steps": {DAY: 7, NEXT: 5000}}
    said = capsys.readouterr().out
    assert "1 days that have a value already" in said
    assert "another kind" in said


def test_what_goes_wrong_is_a_sentence(person: Session, file: str, tmp_path: Path, monkeypatch, capsys) -> None:
    other = tmp_path / "other.zip"
    other.write_bytes(zipped(("a.txt", b"x")))
    for path in (str(tmp_path / "missing.zip"), str(other), str(tmp_path)):
        assert run(path) == 1
        assert len(capsys.readouterr().err) > 20
    monkeypatch.setattr(getpass, "getpass", lambda _: "wrong")
    assert run(file) == 1
    assert trackers.every(person) == []
