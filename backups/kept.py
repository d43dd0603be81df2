"""Makes automatic backups in the data folder and removes those that are no longer kept."""

from __future__ import annotations

import errno
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import settings
from backups import generations, sealing
from diary import database, database_file, errors, file_lock, server_secret

log = logging.getLogger("haru.backups")

SPARE_BYTES = 64 * 1024 * 1024
"""What a backup leaves free on the disk for the diary."""
_HOUR = 3
"""Of the night, in UTC, from which the day's backup is due."""


def names() -> list[str]:
    """The automatic backups in the data folder, the newest first."""
    try:
        return generations.automatic(os.listdir(database.backups_folder()))
    except OSError:  # no folder yet
        return []


def is_due(now: datetime) -> bool:
    """Whether the day's backup is missing. A backup from the future, of a clock that was wrong, does not count."""
    since = now.replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    if since > now:
        since -= timedelta(days=1)
    moments = (generations.made_at(name) for name in names())
    return not any(since <= moment <= now for moment in moments if moment)


def has_content() -> bool:
    """Whether there is an account, so something to lose."""
    with database.connect() as db:
        return db.table("accounts").exists() and db.execute("select 1 from accounts limit 1").fetchone() is not None


def make_if_due(now: datetime) -> Path | None:
    """Makes the day's backup if no process has; returns its file."""
    if settings.BACKUPS.get() is None or not is_due(now) or not has_content():
        return None
    try:
        with alone():
            return _make(now) if is_due(now) else None
    except file_lock.InUse:
        return None


def make(now: datetime) -> Path:
    """Makes an automatic backup now; raises `file_lock.InUse`."""
    with alone():
        return _make(now)


def seal_into(file: Path, key: bytes, now: datetime) -> None:
    """Makes an automatic backup and seals it into a file; never overwrites one."""
    if file.exists():
        raise FileExistsError(f"{file} exists already; name a file that does not.")
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone():
        made = _make(now)
        facts = sealing.Facts(database.timestamp(now), server_secret.server_secret())
        unfinished = file.with_name(file.name + database.UNFINISHED)
        with database.new_file(unfinished) as made_file, sealing.sealed(made, facts, key) as sealed:
            with open(made_file, "wb", closefd=False) as written:
                while piece := sealed.read(sealing.CHUNK):
                    written.write(piece)
            os.fsync(made_file)
            unfinished.rename(file)
        database_file.flush_folder(file.parent)
        if settings.BACKUPS.get() is None:
            made.unlink()  # nothing else would ever remove it


@contextmanager
def alone() -> Iterator[None]:
    """Lets one process at a time work in the folder of backups; raises `file_lock.InUse`."""
    folder = database.backups_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file_lock.alone(os.open(folder, os.O_RDONLY | os.O_DIRECTORY)):
        yield


def _make(now: datetime) -> Path:
    database.tidy_backups()
    _check_space()
    made = database.backups_folder() / generations.name_of(now)
    if made.exists():  # from this very second
        return made
    try:
        database.backup(made)
    except OSError as error:
        raise errors.DiskFull() if _is_full(error) else errors.DatabaseReadOnly() from error
    log.info("backups: made %s", made.name)
    if kept := settings.BACKUPS.get():
        for name in generations.expired(names(), kept, made.name):
            with suppress(OSError):
                (made.parent / name).unlink()
                log.info("backups: removed %s", name)
    return made


def _check_space() -> None:
    live = database.path()
    needed = live.stat().st_size
    with suppress(FileNotFoundError):  # the write-ahead log, which may go at any moment
        needed += live.with_name(live.name + "-wal").stat().st_size
    if shutil.disk_usage(database.backups_folder()).free < needed + SPARE_BYTES:
        raise errors.DiskFull()


def _is_full(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
