"""Opens, migrates and backs up the SQLite database."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

import settings
from diary import database_file, errors, exchange, file_lock, folder_lock, server_secret
from diary.migrations import ERASE, migrations

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
_MAYBE_FULL = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
"""What SQLite also says where a file of its own has no space, on a disk with less than `_LITTLE` free."""
_LITTLE = 64 * 1024  # bytes; the shared memory beside the database has 32 KiB

UNFINISHED = ".unfinished"


def folder() -> Path:
    """The folder of the database, its backups and the server's secret: HARU_DATA, or `data/` in the project."""
    return settings.DATA.get()


def path() -> Path:
    return folder() / "haru.db"


def backups_folder() -> Path:
    return folder() / "backups"


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
        error_class = _class_of(error)
        if error_class is None:
            raise
        # SQLite's message names tables and columns, never a value.
        log.error("database: %s (%s: %s)", error_class.code, getattr(error, "sqlite_errorname", ""), error)
        raise error_class() from error


def _class_of(error: sqlite3.DatabaseError) -> type[errors.DatabaseError] | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        if code == sqlite3.SQLITE_IOERR_SHMSIZE or (code & 0xFF in _MAYBE_FULL and _free_bytes() < _LITTLE):
            return errors.DiskFull
        if code & 0xFF in _BY_SQLITE_CODE:
            return _BY_SQLITE_CODE[code & 0xFF]
    # For example missing tables: somebody moved the file away.
    return errors.DatabaseBroken if isinstance(error, sqlite3.OperationalError) else None


def _free_bytes() -> float:
    """Of the disk that holds the database; endless where nobody can say."""
    try:
        return shutil.disk_usage(folder()).free
    except OSError:
        return float("inf")


@contextmanager
def connect() -> Iterator[Database]:
    """A connection for one operation. Threads must not share it."""
    if not path().exists():
        # Opening would make an empty file where somebody moved the database away.
        log.error("database: there is no %s", path().name)
        raise errors.DatabaseBroken()
    with translated_errors():
        db = Database(_opened())
        # With sqlite3's own decoding, one damaged character would fail the whole query.
        db.conn.text_factory = _decode
        try:
            for pragma in PRAGMAS:
                db.execute(f"pragma {pragma}")
            yield db
        finally:
            db.close()


def _opened() -> sqlite3.Connection:
    """A connection. It only reads where the disk has no space even for SQLite's shared memory: people can read then."""
    opened = sqlite3.connect(path(), timeout=5)
    try:
        opened.execute("pragma schema_version").fetchone()  # makes the shared memory
    except sqlite3.DatabaseError as error:
        opened.close()
        is_full = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_SHMSIZE
        if is_full and database_file.is_in_one(path()):
            return database_file.open_alone(path())
        raise
    return opened


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
    _finish_restore()
    tidy_backups()
    if not path().exists():
        _create()
    with connect() as db:
        # Also after a first start that was killed, or where somebody restored a file without it.
        db.enable_wal()
        pending = [step.name for step in migrations.pending(db)]
        if pending:
            _migrate_with_backup(db, pending[0])
        (leftover,) = db.execute("pragma user_version").fetchone()
    if leftover == ERASE:
        _erase_after_migration()


def _finish_restore() -> None:
    with suppress(OSError):  # a folder that this user may only read
        if not folder_lock.is_held_alone(folder()):
            exchange.finish(path(), backups_folder(), folder() / server_secret.FILE)


def _migrate_with_backup(db: Database, first: str) -> None:
    if set(db.table_names()) - {"_sqlite_migrations"}:
        saved_as = backups_folder() / f"haru-{datetime.now(UTC):%Y%m%dT%H%M%S%f}-before-{first}.db"
        backup(saved_as, verify=False)  # also of a database that is damaged somewhere
        log.info("database: backup taken before migrating (%s)", saved_as.name)
    migrate(db)


def migrate(db: Database) -> None:
    """Applies all pending migrations in one transaction."""
    try:
        with db.atomic():
            migrations.apply(db)
    except Exception as error:
        log.exception("database: migration failed; the file did not change")
        raise errors.MigrationFailed() from error


def unknown_steps(db: Database) -> list[str]:
    """Migrations that a newer Haru applied to this database."""
    known = {step.name for step in migrations.pending(Database(memory=True))}
    return [step.name for step in migrations.applied(db) if step.name not in known]


def has_present_schema(db: Database) -> bool:
    """Whether the database has the tables of this Haru, no older and no newer ones."""
    return not migrations.pending(db) and not unknown_steps(db)


def _erase_after_migration() -> None:
    """Erases what a migration removed; if that fails, or the process is killed, the next start does it."""
    try:
        is_erased = erase_deleted()
        if is_erased:
            with connect() as db:
                db.execute("pragma user_version = 0")
    except errors.DatabaseError:  # a full disk: the diaries can be used all the same
        is_erased = False
    if not is_erased:
        log.warning("database: free pages may still hold what the migration removed; the next start erases them")


def _create() -> None:
    try:
        path().touch(mode=0o600)
    except OSError as error:
        raise errors.DatabaseReadOnly() from error


def backup(target: Path, *, verify: bool = True) -> None:
    """Copies the live database consistently, and opens the copy before it counts. Never overwrites a file."""
    if target.exists():
        raise FileExistsError(f"{target} exists already; name a file that does not.")
    if not path().exists():
        raise FileNotFoundError(f"There is no database at {path()} yet.")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_name(target.name + UNFINISHED)
    with new_file(unfinished) as made:
        with connect() as db:
            # One reading transaction: the counts are of the very state that is copied.
            db.conn.execute("begin")
            counts = database_file.row_counts(db.conn)
            with translated_errors(), closing(sqlite3.connect(unfinished)) as copy:
                copy.execute("pragma synchronous = off")  # it is flushed once, below
                db.conn.backup(copy)
                copy.execute("pragma journal_mode = delete")  # one file, without a write-ahead log beside it
        if verify and (fault := database_file.fault(unfinished, counts)):
            log.error("database: a backup was not made, because its copy is damaged: %s", fault)
            raise errors.DatabaseBroken()
        os.fsync(made)
        unfinished.rename(target)
        database_file.flush_folder(target.parent)


@contextmanager
def new_file(unfinished: Path) -> Iterator[int]:
    """A file that only its owner can read, locked while a process writes it, and gone if that fails."""
    if unfinished.exists() and _is_locked(unfinished):
        raise FileExistsError(f"Another process is making {unfinished}.")
    database_file.remove(unfinished)
    # SQLite would make a file that everybody on this machine can read.
    made = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(made, fcntl.LOCK_EX)
        yield made
    finally:
        os.close(made)
        with suppress(OSError):
            database_file.remove(unfinished)


def tidy_backups() -> None:
    """Removes the halves of backups that were killed, and other people's access to the folder."""
    backups = backups_folder()
    with suppress(OSError):  # no folder yet, or one that this user may only read
        backups.chmod(backups.stat().st_mode & 0o770)
        for half in backups.glob("*" + UNFINISHED):
            if not _is_locked(half):
                database_file.remove(half)
                log.info("database: removed a backup that was not finished (%s)", half.name)


def _is_locked(unfinished: Path) -> bool:
    """Whether a process is writing this file just now."""
    with unfinished.open("rb") as opened:
        return not file_lock.take(opened.fileno())


def write_something() -> None:
    """Writes a page that changes nothing, to see whether the disk takes it."""
    with transaction() as db:
        (number,) = db.execute("pragma user_version").fetchone()
        db.execute(f"pragma user_version = {number}")


def erase_deleted() -> bool:
    """Removes deleted content from the file, its free pages and its write-ahead log.

    False if another connection was reading all the while: the content then goes when the last connection closes.
    """
    with connect() as db:
        db.execute("vacuum")
        ((is_busy, *_),) = db.execute("pragma wal_checkpoint(truncate)").fetchall()
    return not is_busy
