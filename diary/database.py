"""Opens, migrates and backs up the SQLite database."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

import settings
from diary import errors
from diary.migrations import migrations

log = logging.getLogger("haru.database")

# Settings of every connection; `secure_delete` overwrites deleted content, free pages included.
PRAGMAS = ("foreign_keys = on", "busy_timeout = 5000", "secure_delete = on", "synchronous = full")

_BY_SQLITE_CODE = {
    sqlite3.SQLITE_FULL: errors.DiskFull,
    sqlite3.SQLITE_IOERR: errors.DatabaseBroken,
    sqlite3.SQLITE_READONLY: errors.DatabaseReadOnly,
    sqlite3.SQLITE_CANTOPEN: errors.DatabaseReadOnly,
    sqlite3.SQLITE_PERM: errors.DatabaseReadOnly,
    sqlite3.SQLITE_BUSY: errors.DatabaseBusy,
    sqlite3.SQLITE_LOCKED: errors.DatabaseBusy,
    sqlite3.SQLITE_NOTADB: errors.DatabaseBroken,
    sqlite3.SQLITE_CORRUPT: errors.DatabaseBroken,
}


def folder() -> Path:
    """The folder of the database, its backups and the server's secret: HARU_DATA, or `data/` in the project."""
    return settings.DATA.get()


def path() -> Path:
    return folder() / "haru.db"


def now() -> str:
    """The present moment as the database stores it."""
    return timestamp(datetime.now(UTC))


def timestamp(moment: datetime) -> str:
    """The moment as text in UTC with microseconds, so that sorting the text sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


@contextmanager
def translated_errors() -> Iterator[None]:
    """Replaces SQLite's errors by those of `diary.errors`, which have a sentence for the person."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", None)
        error_class = _BY_SQLITE_CODE.get(code & 0xFF) if code is not None else None
        if error_class is None and isinstance(error, sqlite3.OperationalError):
            error_class = errors.DatabaseBroken  # for example missing tables: somebody moved the file away
        if error_class is None:
            raise
        # SQLite's message names tables and columns, never a value.
        log.error("database: %s (%s: %s)", error_class.code, getattr(error, "sqlite_errorname", code), error)
        raise error_class() from error


@contextmanager
def connect() -> Iterator[Database]:
    """A connection for one operation. Threads must not share it."""
    if not path().exists():
        # Opening would make an empty file where somebody moved the database away.
        log.error("database: there is no %s", path().name)
        raise errors.DatabaseBroken()
    with translated_errors():
        db = Database(sqlite3.connect(path(), timeout=5))
        # With sqlite3's own decoding, one damaged character would fail the whole query.
        db.conn.text_factory = _decode
        try:
            for pragma in PRAGMAS:
                db.execute(f"pragma {pragma}")
            yield db
        finally:
            db.close()


def _decode(stored: bytes) -> str:
    return stored.decode(errors="replace")


@contextmanager
def transaction() -> Iterator[Database]:
    """A connection with one write transaction: SQLite stores all of its changes or none.

    It takes the write lock at once. sqlite-utils' `atomic()` begins as a reader: if another connection writes
    meanwhile, SQLite raises an error instead of waiting for the lock.
    """
    with connect() as db:
        db.conn.execute("begin immediate")
        try:
            yield db
            db.conn.execute("commit")
        except BaseException:
            if db.conn.in_transaction:
                db.conn.execute("rollback")
            raise


@contextmanager
def without_sync() -> Iterator[None]:
    """Skips waiting for the disk. Only for databases that are deleted anyway: the demo's and the benchmarks'."""
    global PRAGMAS
    before = PRAGMAS
    PRAGMAS = tuple(pragma.replace("synchronous = full", "synchronous = off") for pragma in before)
    try:
        yield
    finally:
        PRAGMAS = before


def prepare() -> None:
    """Makes or migrates the database; the app calls it once, before the first visitor.

    It makes a backup before it migrates. All pending migrations are one transaction, so either all apply or none.
    """
    try:
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise errors.DatabaseReadOnly() from error
    is_new = not path().exists()
    if is_new:
        _create()
    with connect() as db:
        pending = [step.name for step in migrations.pending(db)]
        if not pending:
            return
        if not is_new:
            saved_as = folder() / "backups" / f"haru-{datetime.now(UTC):%Y%m%dT%H%M%S%f}-before-{pending[0]}.db"
            backup(saved_as)
            log.info("database: backup taken before migrating (%s)", saved_as.name)
        try:
            with db.atomic():
                migrations.apply(db)
        except Exception as error:
            log.exception("database: migration failed; the file did not change")
            raise errors.MigrationFailed() from error


def _create() -> None:
    try:
        path().touch(mode=0o600)
    except OSError as error:
        raise errors.DatabaseReadOnly() from error
    with connect() as db:
        db.enable_wal()


def backup(target: Path) -> None:
    """Copies the live database consistently. Never overwrites a file."""
    if target.exists():
        raise FileExistsError(f"{target} exists already; name a file that does not.")
    if not path().exists():
        raise FileNotFoundError(f"There is no database at {path()} yet.")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with connect() as db, translated_errors():
            copy = sqlite3.connect(unfinished)
            try:
                db.conn.backup(copy)
            finally:
                copy.close()
        unfinished.chmod(0o600)
        unfinished.rename(target)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def erase_deleted() -> None:
    """Removes deleted content from the file, its free pages and its write-ahead log."""
    with connect() as db:
        db.execute("vacuum")
        db.execute("pragma wal_checkpoint(truncate)").fetchall()
