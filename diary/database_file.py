"""Examines one file of a database, such as a backup, and makes sure that a file is on the disk."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

BESIDE = ("-wal", "-shm", "-journal")
"""How the names of the files end that SQLite puts beside a database."""


def row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
    quoted = {name: name.replace('"', '""') for name in names}
    return {
        name: connection.execute(f'select count(*) from "{quoted[name]}"').fetchone()[0]  # noqa: S608 - a table's name
        for name in names
    }


def fault(file: Path, counts: Mapping[str, int] | None = None) -> str:
    """What is wrong with a file of its own; empty if it is a whole database, with these counts of rows.

    SQLite's messages name tables and pages, never a value.
    """
    try:
        with closing(open_alone(file)) as opened:
            (found,) = opened.execute("pragma integrity_check(1)").fetchone()
            if found != "ok":
                return found
            if counts is not None and row_counts(opened) != dict(counts):
                return "not the rows of the original"
    except sqlite3.DatabaseError as error:
        return str(error)
    return ""


def open_alone(file: Path) -> sqlite3.Connection:
    """Opens a file that no process writes, for reading. It leaves no other file beside it."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def is_in_one(file: Path) -> bool:
    """Whether all of a database is in its own file, and none of it in the write-ahead log."""
    try:
        return file.with_name(file.name + "-wal").stat().st_size == 0
    except FileNotFoundError:
        return True


def remove(file: Path) -> None:
    """Removes a database and what SQLite puts beside it: the file comes last, so that a kill leaves nothing unnamed."""
    for ending in BESIDE:
        file.with_name(file.name + ending).unlink(missing_ok=True)
    file.unlink(missing_ok=True)


def flush(file: Path) -> None:
    """Waits until a file is on the disk."""
    _flush(file, os.O_RDONLY)


def flush_folder(folder: Path) -> None:
    """Waits until the names in a folder are on the disk, so that a renamed file survives a power cut."""
    _flush(folder, os.O_RDONLY | os.O_DIRECTORY)


def _flush(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
