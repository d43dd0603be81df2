"""Restores a backup: checks it first, then puts it in the place of the present database, which is kept.

Nobody may use the data folder meanwhile. Everything happens on a copy beside the database; the exchange itself is one
renaming (diary/exchange.py).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

import settings
from backups import carried_over, sealing
from backups.carried_over import CarriedOver, Present
from diary import database, database_file, exchange, file_lock, folder_lock, server_secret, sessions
from diary.migrations import migrations

_SQLITE = b"SQLite format 3\0"


class NotRestored(Exception):
    """Why nothing was restored, as a sentence for the operator."""


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    accounts: int
    migrations: tuple[str, ...]
    """The steps by which an older backup was brought up to date."""
    ended: int
    """Signed-in and known browsers that the backup held."""
    made_at: str | None
    """When a sealed backup was made; another one does not say."""
    has_secret: bool
    """Whether the backup brought the server's secret along."""
    carried_over: CarriedOver
    kept_as: Path | None = None
    """The database that was here before."""


def restore(file: Path) -> Restored:
    """Puts a backup in the place of the present database; raises `NotRestored` or a `DatabaseError`."""
    live, backups, secret_file = database.path(), database.backups_folder(), database.folder() / server_secret.FILE
    try:
        with folder_lock.alone(database.folder()):
            exchange.finish(live, backups, secret_file)
            staged = exchange.staged(live)
            try:
                is_whole = live.exists() and exchange.into_one_file(live)
                restored, secret = _stage(file, staged, carried_over.read(live) if is_whole else None)
                kept_as = backups / f"haru-{datetime.now(UTC):%Y%m%dT%H%M%S%f}{exchange.KEPT}.db"
                restored = replace(restored, kept_as=kept_as if live.exists() else None)
                exchange.put(live, kept_as, secret_file, secret)
                return restored
            finally:
                exchange.finish(live, backups, secret_file)
    except (file_lock.InUse, exchange.OpenElsewhere) as error:
        raise NotRestored(f"Haru, or a command of it, is using {database.folder()}. Stop it first.") from error


def _stage(file: Path, staged: Path, present: Present | None) -> tuple[Restored, bytes | None]:
    """Prepares the backup beside the present database."""
    facts = _copy(file, staged)
    if fault := database_file.fault(staged):
        raise NotRestored(f"{file} is damaged: {fault}.")
    with closing(Database(sqlite3.connect(staged))) as db:
        for pragma in database.PRAGMAS:
            db.execute(f"pragma {pragma}")
        _check_schema(file, db)
        pending = tuple(step.name for step in migrations.pending(db))
        database.migrate(db)
        with db.conn:
            ended = sessions.end_everywhere(db)
            carried = carried_over.carry_over(present, db)
        accounts = db.table("accounts").count
        db.execute("pragma journal_mode = delete")  # one file, to be renamed
    secret = facts.secret if facts else None
    made_at = facts.made_at if facts else None
    return Restored(accounts, pending, ended, made_at, secret is not None, carried), secret


def _copy(file: Path, staged: Path) -> sealing.Facts | None:
    """Copies or unseals the backup; what a sealed one tells besides its database."""
    try:
        with file.open("rb") as opened, open(staged, "wb", opener=_private) as target:
            start = opened.read(len(sealing.MAGIC))
            opened.seek(0)
            if start == sealing.MAGIC:
                key = settings.BACKUP_KEY.get()
                if key is None:
                    raise NotRestored(f"{file} is sealed: set HARU_BACKUP_KEY or HARU_BACKUP_KEY_FILE to open it.")
                return sealing.unseal(opened, target, key)
        if not start.startswith(_SQLITE):
            raise NotRestored(f"{file} is no backup of Haru.")
        with closing(_open(file)) as source, closing(sqlite3.connect(staged)) as copy:
            source.backup(copy)
            copy.execute("pragma journal_mode = delete")
    except sealing.NotOpened as error:
        raise NotRestored(f"{file} was not opened. {error}") from error
    except OSError as error:
        raise NotRestored(f"{file} could not be copied to {staged.parent}: {error.strerror}.") from error
    except sqlite3.DatabaseError as error:
        raise NotRestored(f"{file} is damaged: {error}.") from error
    return None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _open(file: Path) -> sqlite3.Connection:
    """The database in a file, with the write-ahead log that may lie beside it."""
    if file.with_name(file.name + "-wal").exists():
        return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    return database_file.open_alone(file)


def _check_schema(file: Path, db: Database) -> None:
    if not {"accounts", "sessions", "_sqlite_migrations"} <= set(db.table_names()):
        raise NotRestored(f"{file} is a database, but not of Haru.")
    if unknown := database.unknown_steps(db):
        raise NotRestored(f"{file} was made by a newer Haru ({max(unknown)}). Update Haru first.")
