"""Automatic backups in the data folder."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from backups import generations, keeper, kept
from diary import database, database_file, entries, errors
from diary.entries import NewEntry
from diary.sessions import Session

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
TODAY = NewEntry("happiness", 3, date(2026, 1, 2), "Asia/Seoul", note="kept")


@pytest.fixture(autouse=True)
def no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "_problem", "")


def files(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}


def test_one_backup_a_day_that_only_its_owner_reads(person: Session, data_folder: Path) -> None:
    entries.add(person, TODAY)
    made = [kept.make_if_due(NOW + timedelta(hours=hours)) for hours in (0, 1, 17, 18, 41)]
    assert [file.name if file else None for file in made] == [
        "haru-20261201T093000Z-auto.db",
        None,
        None,
        "haru-20261202T033000Z-auto.db",
        None,
    ]
    assert files(data_folder / "backups") == {file.name: 0o600 for file in made if file}
    assert (data_folder / "backups").stat().st_mode & 0o777 == 0o700
    assert kept.names() == ["haru-20261202T033000Z-auto.db", "haru-20261201T093000Z-auto.db"]
    with closing(sqlite3.connect(made[0])) as copy, closing(sqlite3.connect(database.path())) as live:
        assert list(copy.iterdump()) == list(live.iterdump())


def test_a_diary_without_accounts_needs_no_backup(data_folder: Path) -> None:
    assert kept.make_if_due(NOW) is None
    assert not (data_folder / "backups").exists()


def test_off_makes_none_and_removes_none(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_BACKUPS", "1/0/0")
    kept.make(NOW - timedelta(days=9))
    monkeypatch.setenv("HARU_BACKUPS", "off")
    assert kept.make_if_due(NOW) is None
    kept.make(NOW)
    assert len(kept.names()) == 2


def test_a_backup_from_the_future_does_not_count(person: Session) -> None:
    kept.make(NOW + timedelta(days=300))
    assert kept.make_if_due(NOW)
    assert not kept.is_due(NOW)


def test_only_automatic_backups_are_removed(
    person: Session, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARU_BACKUPS", "2/0/0")
    database.backup(data_folder / "backups" / "mine.db")
    for day in range(4):
        kept.make_if_due(NOW + timedelta(days=day))
    left = {generations.name_of(NOW + timedelta(days=day)) for day in (2, 3)}
    assert set(files(data_folder / "backups")) == {"mine.db"} | left


def make_when_told(folder: str, told, made) -> None:
    os.environ["HARU_DATA"] = folder
    told.wait()
    made.put(kept.make_if_due(NOW) is not None)


def test_several_processes_make_one_backup(person: Session, data_folder: Path) -> None:
    spawning = multiprocessing.get_context("fork")
    told, made = spawning.Event(), spawning.Queue()
    processes = [spawning.Process(target=make_when_told, args=(str(data_folder), told, made)) for _ in range(4)]
    for process in processes:
        process.start()
    told.set()
    assert sorted(made.get(timeout=60) for _ in processes) == [False, False, False, True]
    for process in processes:
        process.join()
    assert len(kept.names()) == 1


def test_a_damaged_database_pushes_no_good_backup_out(
    person: Session, data_folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARU_BACKUPS", "1/0/0")
    for _ in range(40):
        entries.add(person, NewEntry("anger", 3, date(2026, 1, 2), "Asia/Seoul", note="x" * 3000))
    good = kept.make(NOW)
    with database.connect() as db:
        db.execute("pragma wal_checkpoint(truncate)").fetchall()
        (root,) = db.execute(
            "select rootpage from sqlite_master where type = 'index' and tbl_name = 'entries'"
        ).fetchone()
        (size,) = db.execute("pragma page_size").fetchone()
    with database.path().open("r+b") as file:
        file.seek((root - 1) * size + size // 2)
        file.write(os.urandom(size // 2))
    keeper.work(NOW + timedelta(days=1))
    keeper.work(NOW + timedelta(days=1, minutes=5))
    assert keeper.problem() == "backup_failed"
    assert files(data_folder / "backups") == {good.name: 0o600}
    assert caplog.text.count("no backup could be made") == 1


def test_a_copy_is_compared_with_the_rows_of_its_moment(person: Session, tmp_path: Path) -> None:
    entries.add(person, TODAY)
    with database.connect() as db:
        counts = database_file.row_counts(db.conn)
    database.backup(tmp_path / "copy.db")
    assert counts["entries"] == 1
    assert database_file.fault(tmp_path / "copy.db", counts) == ""
    assert database_file.fault(tmp_path / "copy.db", counts | {"entries": 2}) == "not the rows of the original"
    cut = tmp_path / "cut.db"
    cut.write_bytes((tmp_path / "copy.db").read_bytes()[:-4096])
    assert database_file.fault(cut)
    cut.write_bytes(b"this is no database" * 100)
    assert database_file.fault(cut)


def test_a_full_disk_is_said_once_and_the_last_backup_stays(
    person: Session, data_folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = kept.make(NOW)
    usage = namedtuple("usage", "free")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: usage(kept.SPARE_BYTES))
        for minutes in (0, 5, 10):
            keeper.work(NOW + timedelta(days=1, minutes=minutes))
    assert keeper.problem() == "backup_disk_full"
    assert [record.levelno for record in caplog.records if "no space" in record.message] == [logging.WARNING]
    assert set(files(data_folder / "backups")) == {good.name}
    keeper.work(NOW + timedelta(days=1, minutes=15))
    assert keeper.problem() == ""
    assert len(kept.names()) == 2


def test_a_disk_that_fills_up_while_copying(
    person: Session, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(errors.DiskFull):
        kept.make(NOW)
    assert files(data_folder / "backups") == {}


def test_the_thread_makes_a_backup_and_stops(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "_FIRST", 0.01)
    monkeypatch.setattr(keeper, "_INTERVAL", 0.01)
    running = keeper.Keeper()
    running.start()
    for _ in range(1000):
        if kept.names():
            break
        running._stopping.wait(0.01)
    running.stop()
    assert len(kept.names()) == 1
    assert not running._thread.is_alive()
