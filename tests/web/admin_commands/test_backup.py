"""`haru-admin backup`."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from backups import kept
from diary import database, entries
from diary.entries import NewEntry
from diary.sessions import Session
from web import admin

TODAY = NewEntry("happiness", 3, date(2026, 1, 2), "Asia/Seoul", note="kept")


def tables(file: Path) -> list[str]:
    with sqlite3.connect(file) as connection:
        return list(connection.iterdump())


def test_backup_of_the_live_database(person: Session, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    entries.add(person, TODAY)
    target = tmp_path / "elsewhere" / "copy.db"
    with database.connect() as reader:  # the app is running
        reader.execute("select * from entries").fetchone()
        assert admin.main(["backup", str(target)]) == 0
    assert tables(target) == tables(database.path())
    assert str(target) in capsys.readouterr().out


def test_a_backup_overwrites_nothing_and_says_why(data_folder: Path, tmp_path: Path, capsys) -> None:
    target = tmp_path / "copy.db"
    target.write_text("something precious")
    assert admin.main(["backup", str(target)]) == 1
    assert target.read_text() == "something precious"
    assert "exists already" in capsys.readouterr().err


def test_there_is_nothing_to_back_up_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("HARU_DATA", str(tmp_path / "empty"))
    assert admin.main(["backup", str(tmp_path / "copy.db")]) == 1
    assert "no database" in capsys.readouterr().err
    assert not (tmp_path / "copy.db").exists()


def test_without_a_file_it_is_an_automatic_backup(
    person: Session, data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert admin.main(["backup", "--json"]) == 0
    (made,) = (data_folder / "backups").iterdir()
    assert made.name.endswith("-auto.db")
    assert json.loads(capsys.readouterr().out) == {"file": str(made), "bytes": made.stat().st_size}


def test_a_full_disk_is_a_sentence(
    person: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "SPARE_BYTES", 2**60)
    assert admin.main(["backup"]) == 1
    assert capsys.readouterr().err == "No backup was made: the disk has no space for another copy.\n"


def test_another_process_that_makes_one_is_a_sentence(person: Session, capsys: pytest.CaptureFixture[str]) -> None:
    with kept.alone():
        assert admin.main(["backup"]) == 1
    assert "another process" in capsys.readouterr().err
