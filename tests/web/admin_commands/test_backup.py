"""`haru-admin backup`."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest

import settings
from backups import kept, sealing
from diary import database, entries, server_secret
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
    assert json.loads(capsys.readouterr().out) == {
        "file": str(made),
        "bytes": made.stat().st_size,
        "sealed": False,
        "sent_as": None,
    }


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


def test_a_sealed_backup_is_opened_by_its_key_alone(
    person: Session,
    data_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert admin.main(["backup", "--new-key"]) == 0
    key = capsys.readouterr().out.strip()
    entries.add(person, TODAY)
    before, file = tables(database.path()), tmp_path / "elsewhere" / "haru.sealed"
    assert admin.main(["backup", "--sealed", str(file)]) == 2
    assert "Set HARU_BACKUP_KEY" in capsys.readouterr().err
    monkeypatch.setenv("HARU_BACKUP_KEY", key)
    assert admin.main(["backup", "--sealed"]) == 2
    assert admin.main(["backup", "--sealed", str(file)]) == 0
    assert key not in capsys.readouterr().out
    assert [(each.name, each.stat().st_mode & 0o777) for each in file.parent.iterdir()] == [("haru.sealed", 0o600)]
    assert b"CREATE TABLE" not in file.read_bytes()
    assert admin.main(["backup", "--sealed", str(file)]) == 1
    with file.open("rb") as sealed, (tmp_path / "opened.db").open("wb") as opened:
        facts = sealing.unseal(sealed, opened, settings.BACKUP_KEY.get())
    assert tables(tmp_path / "opened.db") == before
    assert facts.secret == server_secret.server_secret()
    assert len(kept.names()) == 1
    monkeypatch.setenv("HARU_BACKUPS", "off")
    monkeypatch.setenv("HARU_DATA", str(data_folder))
    (data_folder / "backups" / kept.names()[0]).unlink()
    assert admin.main(["backup", "--sealed", str(tmp_path / "other.sealed")]) == 0
    assert kept.names() == []


@pytest.mark.parametrize("arguments", [["--sealed", "--new-key"]])
def test_what_does_not_go_together(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        admin.main(["backup", *arguments])
