"""Restoring a backup."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from backups import restore, sealing
from backups.restore import NotRestored
from diary import accounts, database, entries, file_lock, folder_lock, known_browsers, server_secret, sessions
from diary.entries import NewEntry
from diary.sessions import Session
from tests.backups.folders import SIGN_INS, content, left_over
from tests.conftest import PASSWORD
from tests.test_settings import BACKUP_KEY
from web import admin

BEFORE = NewEntry("happiness", 3, date(2026, 1, 2), "Asia/Seoul", note="before the backup")
AFTER = NewEntry("anger", 3, date(2026, 1, 3), "Asia/Seoul", note="after the backup")


@pytest.fixture
def backup(person: Session, tmp_path: Path) -> Path:
    """A backup, after which the person wrote more."""
    entries.add(person, BEFORE)
    file = tmp_path / "backup.db"
    database.backup(file)
    entries.add(person, AFTER)
    return file


def notes() -> list[str]:
    session = sessions.find(accounts.sign_in("Jiwoo", PASSWORD, address="192.0.2.1"))
    assert session is not None
    return [entry.note for entry in entries.every(session)]


def test_the_backup_takes_the_place_of_the_database_which_is_kept(backup: Path, data_folder: Path) -> None:
    present = content(database.path())
    done = restore.restore(backup)
    assert content(database.path(), SIGN_INS) == content(backup, SIGN_INS)
    assert database.path().stat().st_mode & 0o777 == 0o600
    assert content(done.kept_as) == present
    assert done.kept_as.stat().st_mode & 0o777 == 0o600
    assert left_over(data_folder) == []
    database.prepare()
    assert notes() == ["before the backup"]
    assert restore.restore(done.kept_as).accounts == 1
    assert sorted(notes()) == ["after the backup", "before the backup"]


def test_no_sign_in_of_the_backup_comes_back(person: Session, sign_up: Callable, tmp_path: Path) -> None:
    token = accounts.sign_in("Jiwoo", PASSWORD, address="192.0.2.1")
    session = sessions.find(token)
    browser = known_browsers.remember(session, "")
    with database.transaction() as db:
        db.execute(
            "insert into trusted (id, account_id, code_hash, shows, sealed, created_at, expires_at) "
            "values ('open', ?, 'of a code', 'kept', x'00', '', '')",
            [person.account_id],
        )
    database.backup(tmp_path / "backup.db")
    assert content(tmp_path / "backup.db")["known_browsers"]
    done = restore.restore(tmp_path / "backup.db")
    assert done.ended == 3
    assert sessions.find(token) is None
    assert known_browsers.find(person.account_id, browser) is None
    with database.connect() as db:
        opened_by_tokens = [table.name for table in db.tables if "token_hash" in table.columns_dict]
        assert set(SIGN_INS) <= set(opened_by_tokens)
        assert [db.table(name).count for name in opened_by_tokens] == [0] * len(opened_by_tokens)
        assert db.table("trusted").count == 0
    assert session.token_hash.encode() not in database.path().read_bytes(), "nor from a free page"


def test_a_backup_of_an_earlier_haru_is_brought_up_to_date(
    backup: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlite_utils import Migrations

    from diary import migrations
    from tests.diary.test_database import add_column

    later = Migrations("haru")
    for step in migrations.migrations._migrations:
        later(name=step.name)(step.fn)
    later(name="9001_weather")(add_column)
    monkeypatch.setattr(database, "migrations", later)
    monkeypatch.setattr(restore, "migrations", later)
    assert restore.restore(backup).migrations == ("9001_weather",)
    with database.connect() as db:
        assert "weather" in db.table("entries").columns_dict
    assert notes() == ["before the backup"]


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("insert into _sqlite_migrations (migration_set, name, applied_at) values ('haru', '9999_later', '')")


def another_program(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("create table places (name text)")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (newer, "made by a newer Haru (9999_later). Update Haru first."),
        (another_program, "is a database, but not of Haru."),
        (lambda file: file.unlink(), "could not be copied"),
        (lambda file: file.write_bytes(b"no database" * 1000), "is no backup of Haru."),
        (lambda file: file.write_bytes(b""), "is no backup of Haru."),
        (lambda file: os.truncate(file, file.stat().st_size // 2), "is damaged"),
        (lambda file: file.write_bytes(file.read_bytes()[:30_000] + bytes(file.stat().st_size - 30_000)), "is damaged"),
        (lambda file: file.write_bytes(sealing.MAGIC + bytes(500)), "is sealed: set HARU_BACKUP_KEY"),
    ],
)
def test_what_cannot_be_restored_changes_nothing_and_is_named(
    damage: Callable[[Path], object], said: str, backup: Path, data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(backup)
    present = content(database.path())
    assert admin.main(["restore", str(backup)]) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("Nothing was restored. ")
    assert said in printed
    assert content(database.path()) == present
    assert left_over(data_folder) == []
    assert not (data_folder / "backups").exists()


def test_while_haru_runs_nothing_is_restored(backup: Path, data_folder: Path) -> None:
    present = content(database.path())
    with folder_lock.shared(data_folder), pytest.raises(NotRestored, match="Stop it first"):
        restore.restore(backup)
    with database.connect() as db:  # another program, which knows no lock
        db.execute("begin")
        db.execute("select * from accounts").fetchone()
        with pytest.raises(NotRestored, match="Stop it first"):
            restore.restore(backup)
    assert content(database.path()) == present
    assert left_over(data_folder) == []
    restore.restore(backup)


def test_a_start_waits_for_the_restore(data_folder: Path) -> None:
    with folder_lock.alone(data_folder):
        (data_folder / "haru.db.restoring").touch()
        database.prepare()  # by somebody who does not wait
        assert (data_folder / "haru.db.restoring").exists()
        with pytest.raises(file_lock.InUse), folder_lock.alone(data_folder):
            pass
    database.prepare()
    assert left_over(data_folder) == []


def test_a_damaged_database_is_kept_with_what_lies_beside_it(backup: Path, data_folder: Path) -> None:
    database.path().write_bytes(b"this is no database" * 100)
    log = data_folder / "haru.db-wal"
    log.write_bytes(b"not applied to the new one")
    done = restore.restore(backup)
    assert done.kept_as.read_bytes() == b"this is no database" * 100
    assert done.kept_as.with_name(done.kept_as.name + "-wal").read_bytes() == b"not applied to the new one"
    database.prepare()
    assert notes() == ["before the backup"]


def test_into_an_empty_folder(backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_DATA", str(tmp_path / "new" / "data"))
    assert restore.restore(backup).kept_as is None
    database.prepare()
    assert notes() == ["before the backup"]


def test_a_live_folder_that_somebody_copied(person: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.connect() as reader:
        reader.execute("begin")
        reader.execute("select * from accounts").fetchone()  # so that the write-ahead log stays
        entries.add(person, BEFORE)
        shutil.copytree(database.folder(), tmp_path / "copied")
    monkeypatch.setenv("HARU_DATA", str(tmp_path / "new"))
    assert (tmp_path / "copied" / "haru.db-wal").stat().st_size
    restore.restore(tmp_path / "copied" / "haru.db")
    assert notes() == ["before the backup"]


@pytest.fixture
def sealed_backup(backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("HARU_BACKUP_KEY", BACKUP_KEY)
    file = tmp_path / "backup.sealed"
    secret = server_secret.server_secret()
    with sealing.sealed(backup, sealing.Facts("2026-12-01T09:30:00+00:00", secret), bytes(range(32))) as opened:
        file.write_bytes(opened.read())
    return file


def test_a_sealed_backup_brings_the_servers_secret_along(
    sealed_backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = server_secret.server_secret()
    monkeypatch.setenv("HARU_DATA", str(tmp_path / "new"))
    assert admin.main(["restore", str(sealed_backup), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["server_secret"] is True
    assert told["made_at"] == "2026-12-01T09:30:00+00:00"
    assert server_secret.server_secret() == secret
    assert (tmp_path / "new" / "server.secret").stat().st_mode & 0o777 == 0o600
    assert notes() == ["before the backup"]


def test_another_secret_that_was_here_is_kept(sealed_backup: Path, data_folder: Path) -> None:
    (data_folder / "server.secret").write_bytes(b"another server's")
    restore.restore(sealed_backup)
    assert server_secret.server_secret() != b"another server's"
    (kept,) = data_folder.glob("server.secret-before-restore-*")
    assert kept.read_bytes() == b"another server's"
    restore.restore(sealed_backup)
    assert len(list(data_folder.glob("server.secret*"))) == 2, "the same secret is not put anew"


def test_a_changed_sealed_backup_changes_nothing(sealed_backup: Path, data_folder: Path) -> None:
    present = content(database.path())
    sealed_backup.write_bytes(sealed_backup.read_bytes()[:-1])
    with pytest.raises(NotRestored, match="changed or cut"):
        restore.restore(sealed_backup)
    assert content(database.path()) == present
    assert left_over(data_folder) == []
