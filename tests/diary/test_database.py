from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Migrations

from diary import database, entries, errors, migrations, sessions
from diary.entries import NewEntry
from diary.sessions import Session

TODAY = NewEntry("happiness", 3, date(2026, 1, 2), "Asia/Seoul", note="kept")


def content(file: Path) -> list[str]:
    with sqlite3.connect(file) as connection:
        return list(connection.iterdump())


def test_preparing_twice_changes_nothing(data_folder: Path) -> None:
    before = content(database.path())
    database.prepare()
    assert content(database.path()) == before
    assert not (data_folder / "backups").exists()


def test_every_connection_is_told_the_same(data_folder: Path) -> None:
    with database.connect() as db:
        assert db.execute("pragma foreign_keys").fetchone() == (1,)
        assert db.execute("pragma secure_delete").fetchone() == (1,)
        assert db.execute("pragma journal_mode").fetchone() == ("wal",)


def test_every_table_is_strict_and_its_rows_go_with_the_account(data_folder: Path) -> None:
    with database.connect() as db:
        for table in db.tables:
            if table.name == "_sqlite_migrations":
                continue
            assert table.strict, table.name
            if "account_id" in table.columns_dict:
                assert "on delete cascade" in table.schema, table.name
        with pytest.raises(sqlite3.IntegrityError):
            db.execute("insert into consents (account_id, kind, given_at) values ('nobody', 'voice', '')")


def test_the_file_is_its_owners_alone(data_folder: Path) -> None:
    assert database.path().stat().st_mode & 0o077 == 0


def test_a_change_is_kept_whole_or_not_at_all(person: Session) -> None:
    with pytest.raises(RuntimeError), database.transaction() as db:
        db["accounts"].update(person.account_id, {"language": "ko"})
        raise RuntimeError
    with database.connect() as db:
        assert db["accounts"].get(person.account_id)["language"] == "en"


@pytest.mark.parametrize("before", ["nothing", "a file without the write-ahead log"])
def test_a_first_start_that_was_killed_is_made_good(
    before: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARU_DATA", str(tmp_path))
    database.path().touch(mode=0o600)
    if before != "nothing":
        with sqlite3.connect(database.path()) as killed:
            killed.execute("create table _sqlite_migrations (x)")
            killed.execute("drop table _sqlite_migrations")
    database.prepare()
    with database.connect() as db:
        assert db.execute("pragma journal_mode").fetchone() == ("wal",)
    assert not (tmp_path / "backups").exists(), "there was nothing to back up"


def test_a_restored_file_gets_its_write_ahead_log_back(person: Session) -> None:
    entries.add(person, TODAY)
    with sqlite3.connect(database.path()) as db:
        db.execute("pragma journal_mode = delete")
    database.prepare()
    with database.connect() as db:
        assert db.execute("pragma journal_mode").fetchone() == ("wal",)
    assert [entry.note for entry in entries.every(person)] == ["kept"]


def modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in (folder, *folder.iterdir())}


def test_a_backup_is_its_owners_alone_from_its_first_byte(
    person: Session, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    while_copying: list[dict[str, int]] = []
    folder = data_folder / "backups"

    def fail(*_: object) -> None:
        while_copying.append(modes(folder))
        raise OSError("the machine stops here")

    usual = os.umask(0o022)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", fail)
            with pytest.raises(OSError, match="stops here"):
                database.backup(folder / "now.db")
        database.backup(folder / "now.db")
    finally:
        os.umask(usual)
    assert while_copying == [{"backups": 0o700, "now.db.unfinished": 0o600}]
    assert modes(folder) == {"backups": 0o700, "now.db": 0o600}


def test_the_next_start_removes_what_a_killed_backup_left(person: Session, data_folder: Path) -> None:
    folder = data_folder / "backups"
    database.backup(folder / "whole.db")
    folder.chmod(0o755)  # as older versions made it
    (folder / "half.db.unfinished").write_bytes(b"half a database" * 1000)
    (folder / "half.db.unfinished-journal").touch()
    (folder / "notes.txt").touch()
    with (folder / "running.db.unfinished").open("wb") as running:
        fcntl.flock(running, fcntl.LOCK_EX)  # as a process does that is copying
        database.prepare()
    assert {file.name for file in folder.iterdir()} == {"whole.db", "notes.txt", "running.db.unfinished"}
    assert folder.stat().st_mode & 0o007 == 0


@pytest.fixture
def next_migration(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable], None]:
    """Adds migrations, as a later version of Haru will."""

    def add(*steps: Callable) -> None:
        later = Migrations("haru")
        for step in migrations.migrations._migrations:
            later(name=step.name)(step.fn)
        for number, step in enumerate(steps, start=9001):
            later(name=f"{number}_{step.__name__}")(step)
        monkeypatch.setattr(database, "migrations", later)

    return add


def add_column(db) -> None:
    db.execute("alter table entries add column weather text")


def fail(db) -> None:
    db.execute("delete from entries")
    raise ValueError("a migration with a mistake")


def test_a_migration_takes_a_backup_first(person: Session, next_migration: Callable, data_folder: Path) -> None:
    entries.add(person, TODAY)
    before = content(database.path())
    next_migration(add_column)
    database.prepare()
    (saved,) = (data_folder / "backups").iterdir()
    assert content(saved) == before
    assert saved.stat().st_mode & 0o077 == 0
    assert [entry.note for entry in entries.every(person)] == ["kept"]


def test_a_failed_migration_leaves_the_file_as_it_was_and_says_so(
    person: Session, next_migration: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    entries.add(person, TODAY)
    before = content(database.path())
    next_migration(add_column, fail)  # the first step would succeed: it must not stay behind alone
    with pytest.raises(errors.MigrationFailed):
        database.prepare()
    assert content(database.path()) == before
    assert "the file did not change" in caplog.text
    assert [entry.note for entry in entries.every(person)] == ["kept"]


def test_a_file_that_was_moved_away_is_named_and_not_made_anew(person: Session) -> None:
    database.path().rename(database.path().with_name("elsewhere.db"))
    with pytest.raises(errors.DatabaseBroken):
        entries.every(person)
    assert not database.path().exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HARU_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(errors.DatabaseReadOnly):
        database.prepare()


def test_a_broken_file_is_named_and_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_DATA", str(tmp_path))
    database.path().write_bytes(b"this is no database" * 100)
    with pytest.raises(errors.DatabaseBroken):
        database.prepare()
    assert database.path().read_bytes() == b"this is no database" * 100


def test_a_read_only_file_is_named_and_can_still_be_read(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    entries.add(person, TODAY)
    monkeypatch.setattr(database, "PRAGMAS", (*database.PRAGMAS, "query_only = on"))
    with pytest.raises(errors.DatabaseReadOnly):
        entries.add(person, TODAY)
    assert [entry.note for entry in entries.every(person)] == ["kept"]


def test_a_full_file_is_named_and_nothing_is_half_saved(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    entries.add(person, TODAY)
    with database.connect() as db:
        (pages,) = db.execute("pragma page_count").fetchone()
    monkeypatch.setattr(database, "PRAGMAS", (*database.PRAGMAS, f"max_page_count = {pages}"))
    with pytest.raises(errors.DiskFull):
        entries.add(person, NewEntry("anger", 3, date(2026, 1, 2), "Asia/Seoul", note="x" * 50_000))
    assert [entry.note for entry in entries.every(person)] == ["kept"]


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A disk of its own, where the machine lets a test mount one; the data folder is on it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("this user may not mount a small disk")
    monkeypatch.setenv("HARU_DATA", str(disk))
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_really_full_disk(sign_up: Callable, small_disk: Path) -> None:
    database.prepare()
    person = sessions.find(sign_up())
    kept = 0
    with pytest.raises(errors.DatabaseError) as refused:
        for _ in range(100):
            entries.add(person, NewEntry("anger", 3, date(2026, 1, 2), "Asia/Seoul", note="x" * 20_000))
            kept += 1
    assert isinstance(refused.value, errors.DiskFull)
    assert kept
    assert entries.count(person) == kept


def fill(disk: Path) -> Path:
    filling = disk / "filling"
    with filling.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(bytes(4096))
    return filling


def test_without_a_free_block_people_read_and_writing_says_that_the_disk_is_full(
    sign_up: Callable, small_disk: Path
) -> None:
    """SQLite needs a little shared memory even to read; its error then is the disk's, not the database's."""
    database.prepare()
    token = sign_up()
    person = sessions.find(token)
    entries.add(person, TODAY)
    filling = fill(small_disk)
    assert sessions.find(token).account_id == person.account_id
    assert [entry.note for entry in entries.every(person)] == ["kept"]
    for note in ("short", "x" * 20_000):
        with pytest.raises(errors.DiskFull):
            entries.add(person, NewEntry("anger", 3, date(2026, 1, 2), "Asia/Seoul", note=note))
    filling.unlink()
    assert [entry.note for entry in entries.every(person)] == ["kept"]
    entries.add(person, NewEntry("anger", 3, date(2026, 1, 2), "Asia/Seoul", note="afterwards"))
    assert entries.count(person) == 2


def test_what_is_only_in_the_log_is_not_overlooked_on_a_full_disk(sign_up: Callable, small_disk: Path) -> None:
    database.prepare()
    person = sessions.find(sign_up())
    entries.add(person, TODAY)
    copies = {}
    with database.connect() as db:
        db.execute("select count(*) from entries").fetchone()
        entries.add(person, NewEntry("anger", 3, date(2026, 1, 2), "Asia/Seoul", note="in the log"))
        for ending in ("", "-wal"):  # as a kill leaves them
            copies[ending] = (small_disk / f"haru.db{ending}").read_bytes()
    assert copies["-wal"]
    for ending, content in copies.items():
        (small_disk / f"haru.db{ending}").write_bytes(content)
    fill(small_disk)
    with pytest.raises(errors.DiskFull):
        entries.every(person)


@pytest.mark.parametrize(
    ("code", "free", "said"),
    [
        (sqlite3.SQLITE_IOERR_SHMSIZE, 10**9, errors.DiskFull),
        (sqlite3.SQLITE_IOERR_WRITE, 0, errors.DiskFull),
        (sqlite3.SQLITE_CANTOPEN, 0, errors.DiskFull),
        (sqlite3.SQLITE_READONLY, 0, errors.DiskFull),
        (sqlite3.SQLITE_READONLY, 10**9, errors.DatabaseReadOnly),
        (sqlite3.SQLITE_IOERR_READ, 10**9, errors.DatabaseBroken),
        (sqlite3.SQLITE_CANTOPEN, 10**9, errors.DatabaseReadOnly),
    ],
)
def test_an_error_on_a_full_disk_is_the_disks(
    code: int, free: int, said: type[errors.DatabaseError], data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_free_bytes", lambda: free)
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    with pytest.raises(said), database.translated_errors():
        raise error


def test_a_busy_file_is_waited_for_then_named(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PRAGMAS", ("busy_timeout = 50",))
    with database.transaction(), pytest.raises(errors.DatabaseBusy):
        entries.add(person, TODAY)
    assert entries.add(person, TODAY)


def test_a_hurry_ends_even_if_it_fails() -> None:
    usual = database.PRAGMAS
    with pytest.raises(RuntimeError), database.without_sync():
        assert "synchronous = off" in database.PRAGMAS
        assert "foreign_keys = on" in database.PRAGMAS
        raise RuntimeError("in the middle")
    assert usual == database.PRAGMAS
