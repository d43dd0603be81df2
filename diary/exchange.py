"""Puts a restored database in the place of the present one. A kill at any point leaves the one or the other, whole.

A restore fills `staged` first. `put` then keeps the present file under another name and renames the staged one over it:
there is never no database. What a kill leaves behind is finished or removed by `finish`, at the next start.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from diary import database_file

KEPT = "-before-restore"
_RESTORING, _UNFINISHED = ".restoring", ".unfinished"


class OpenElsewhere(Exception):
    """Another program has the present database open."""


def staged(live: Path) -> Path:
    """Where a restore prepares the new database."""
    return live.with_name(live.name + _RESTORING)


def put(live: Path, kept_as: Path, secret_file: Path, secret: bytes | None) -> None:
    """Puts the staged database in the place of the present one, which stays as `kept_as`, and the server's secret.

    Raises `OpenElsewhere`, before anything changes.
    """
    new, new_secret = staged(live), secret_file.with_name(secret_file.name + _RESTORING)
    database_file.flush(new)
    if live.exists():
        _keep(live, kept_as)
    if secret is not None and not (secret_file.exists() and secret_file.read_bytes() == secret):
        _write(new_secret, secret)
    database_file.flush_folder(live.parent)
    new.replace(live)  # from here on it is the new database
    database_file.flush_folder(live.parent)
    if new_secret.exists():
        _put_secret(new_secret, secret_file)


def finish(live: Path, backups: Path, secret_file: Path) -> None:
    """Finishes what a killed restore left, or removes it if the present database is still in its place."""
    new, new_secret = staged(live), secret_file.with_name(secret_file.name + _RESTORING)
    if new_secret.exists():
        if new.exists():
            new_secret.unlink()
        else:
            _put_secret(new_secret, secret_file)
    new_secret.with_name(new_secret.name + _UNFINISHED).unlink(missing_ok=True)
    database_file.remove(new)
    for kept in backups.glob(f"*{KEPT}.db"):
        with suppress(OSError):
            if kept.samefile(live):  # a second name of the present file, no copy
                kept.unlink()


def _keep(live: Path, kept_as: Path) -> None:
    """Gives the present database a second name, with everything in one file."""
    is_whole = into_one_file(live)
    kept_as.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _give_name(live, kept_as)
    if not is_whole:  # a damaged one: what lies beside it must not be applied to the new database
        for ending in database_file.BESIDE:
            beside = live.with_name(live.name + ending)
            if beside.exists():
                _give_name(beside, kept_as.with_name(kept_as.name + ending))
                beside.unlink()
    database_file.flush_folder(kept_as.parent)


def into_one_file(live: Path) -> bool:
    """Brings the write-ahead log into the database; False if that is damaged. Raises `OpenElsewhere`."""
    try:
        with closing(database_file.open_alone(live)) as present:  # otherwise SQLite may delete a log that it cannot use
            present.execute("select count(*) from sqlite_master").fetchone()
        with closing(sqlite3.connect(live, timeout=2)) as present:
            (mode,) = present.execute("pragma journal_mode = delete").fetchone()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise OpenElsewhere() from error
        return False
    if mode != "delete":
        raise OpenElsewhere()
    return True


def _give_name(file: Path, name: Path) -> None:
    try:
        os.link(file, name)
    except OSError:  # another disk, or one without hard links
        unfinished = name.with_name(name.name + _UNFINISHED)
        shutil.copyfile(file, unfinished)
        unfinished.chmod(0o600)
        database_file.flush(unfinished)
        unfinished.rename(name)


def _write(file: Path, content: bytes) -> None:
    unfinished = file.with_name(file.name + _UNFINISHED)
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
    database_file.flush(unfinished)
    unfinished.rename(file)


def _put_secret(new_secret: Path, secret_file: Path) -> None:
    if secret_file.exists():
        _give_name(secret_file, secret_file.with_name(f"{secret_file.name}{KEPT}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"))
    new_secret.replace(secret_file)
    database_file.flush_folder(secret_file.parent)
