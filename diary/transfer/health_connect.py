"""Reads an export of Google's Health Connect: a zip with `health_connect_export.db`, which is SQLite.

Tables and columns are those of the Android Open Source Project (com.android.server.healthconnect.storage):
`steps_record_table` (count), `sleep_session_record_table` with `sleep_stages_table`, `exercise_session_record_table`,
all with times in milliseconds, and `application_info_table` with the app that recorded each. It has no states of mind.

SQLite needs a file: it is written to a folder that only this server reads, and deleted as soon as SQLite has opened it.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO

from diary import errors
from diary.transfer.health_days import HealthDays, moment_of

LARGEST = 2 * 2**30
"""Bytes of the database."""
MAGIC = b"SQLite format 3\0"
Progress = Callable[[float], object]
_PIECE = 2**20
_ROW_MAX = 2**20
_SECONDS_MAX = 300.0
_STEPS_BETWEEN_CHECKS = 100_000
_ASLEEP = (2, 4, 5, 6)  # sleeping, light, deep, REM; the others are awake, out of bed and unknown
_COPIED = 0.5  # the share of progress at which the file is copied
_MINUTE = 60_000

_STEPS = "select app_info_id, start_time, count from steps_record_table"
_WORKOUTS = "select app_info_id, start_time, end_time from exercise_session_record_table"
_SLEEP = """
    select s.app_info_id, s.start_time, s.end_time, t.stage_start_time, t.stage_end_time, t.stage_type
    from sleep_session_record_table s left join sleep_stages_table t on t.parent_key = s.row_id
"""
_SLEEP_WITHOUT_STAGES = "select app_info_id, start_time, end_time, null, null, null from sleep_session_record_table"


def recognises(head: bytes) -> bool:
    return head.startswith(MAGIC)


def read(file: IO[bytes], size: int, found: HealthDays, progress: Progress = lambda _: None) -> None:
    """Adds every record of the database to `found`; raises `FileUnknown` for a database of something else."""
    with _opened(file, size, progress) as db:
        try:
            tables = {name for (name,) in db.execute("select name from sqlite_master where type = 'table'")}
            if not tables & _TAKEN.keys():
                raise errors.FileUnknown()
            sources = _sources(db, tables)
            for number, (table, take) in enumerate(_TAKEN.items(), start=1):
                if table in tables:
                    take(db, tables, sources, found)
                progress(_COPIED + (1 - _COPIED) * number / len(_TAKEN))
        except sqlite3.Error as error:
            raise errors.FileDamaged() from error


def _take_steps(db: sqlite3.Connection, tables: set[str], sources: dict[int, str], found: HealthDays) -> None:
    for app, start, count in db.execute(_STEPS):
        with suppress(ValueError, OverflowError, TypeError):
            found.add_steps(sources.get(app, ""), moment_of(start), float(count))


def _take_workouts(db: sqlite3.Connection, tables: set[str], sources: dict[int, str], found: HealthDays) -> None:
    for app, start, end in db.execute(_WORKOUTS):
        with suppress(ValueError, OverflowError, TypeError):
            found.add_workout(sources.get(app, ""), moment_of(start), (end - start) / _MINUTE)


def _take_sleep(db: sqlite3.Connection, tables: set[str], sources: dict[int, str], found: HealthDays) -> None:
    """The stages of a night in which the person slept; the whole night if the app recorded no stages."""
    rows = db.execute(_SLEEP if "sleep_stages_table" in tables else _SLEEP_WITHOUT_STAGES)
    for app, start, end, stage_start, stage_end, stage in rows:
        with suppress(ValueError, OverflowError, TypeError):
            if stage is None:
                found.add_sleep(sources.get(app, ""), moment_of(start), moment_of(end))
            elif stage in _ASLEEP:
                found.add_sleep(sources.get(app, ""), moment_of(stage_start), moment_of(stage_end))


def _sources(db: sqlite3.Connection, tables: set[str]) -> dict[int, str]:
    """The names of the apps by their ids."""
    if "application_info_table" not in tables:
        return {}
    columns = {row[1] for row in db.execute("pragma table_info(application_info_table)")}
    named = "coalesce(nullif(app_name, ''), package_name)" if "app_name" in columns else "package_name"
    rows = db.execute(f"select row_id, {named} from application_info_table limit 1000")  # noqa: S608
    return {row_id: str(name or "") for row_id, name in rows}


_TAKEN = {
    "steps_record_table": _take_steps,
    "sleep_session_record_table": _take_sleep,
    "exercise_session_record_table": _take_workouts,
}


@contextmanager
def _opened(file: IO[bytes], size: int, progress: Progress) -> Iterator[sqlite3.Connection]:
    with tempfile.TemporaryDirectory(prefix="haru-health-") as folder:
        copy = Path(folder) / "export.db"
        _copy(file, copy, size, progress)
        with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            _restrict(db)
            with suppress(sqlite3.Error):
                db.execute("select 1 from sqlite_master").fetchone()  # opens the file
            with suppress(OSError):  # Windows does not delete a file that is open; the folder goes at the end
                copy.unlink()
            yield db


def _copy(file: IO[bytes], copy: Path, size: int, progress: Progress) -> None:
    written = 0
    with open(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0) as target:
        while piece := file.read(_PIECE):
            written += len(piece)
            if written > LARGEST:
                raise errors.FileTooLarge(megabytes=LARGEST // 2**20)
            try:
                target.write(piece)
            except OSError as error:  # the disk, not the zip, whose errors are OSErrors too
                raise errors.DiskFull() from error
            progress(_COPIED * min(written / max(size, 1), 1.0))


def _restrict(db: sqlite3.Connection) -> None:
    """Somebody may have made the database to do harm: no functions of its own, no large rows, no endless query."""
    db.execute("pragma trusted_schema = off")
    db.execute("pragma cell_size_check = on")
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _ROW_MAX)
    until = time.monotonic() + _SECONDS_MAX
    db.set_progress_handler(lambda: time.monotonic() > until, _STEPS_BETWEEN_CHECKS)
