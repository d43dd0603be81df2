"""Exports of Health Connect: the same days as those of Apple Health, from SQLite."""

from __future__ import annotations

import errno
import io
import os
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from diary import errors
from diary.transfer import detect, health_connect
from diary.transfer.parsed import HealthSeries
from tests.diary.transfer import health_exports
from tests.diary.transfer.files import refused, zipped
from tests.diary.transfer.health_exports import insert

SEOUL = "Asia/Seoul"
DAY, NEXT = date(2026, 3, 10), date(2026, 3, 11)
NAME = "health_connect_export.db"


def at(day: int, hour: int, minute: int = 0) -> int:
    """A moment in Seoul, in milliseconds."""
    return int(datetime(2026, 3, day, hour, minute, tzinfo=UTC).timestamp() - 9 * 3600) * 1000


def series(*statements: str) -> dict[str, HealthSeries]:
    parsed = detect.read(zipped((NAME, health_exports.health_connect(*statements))), SEOUL)
    assert parsed.format == "health_connect"
    return {one.key: one for one in parsed.health}


def steps(*rows: tuple[object, object, object]) -> str:
    made = ({"app_info_id": app, "start_time": start, "end_time": start, "count": count} for app, start, count in rows)
    return insert("steps_record_table", made)


def test_steps_by_day_and_by_app() -> None:
    found = series(steps((1, at(10, 8), 3000), (1, at(10, 20), 1000), (2, at(10, 8), 4500), (9, at(11, 0), 6)))["steps"]
    assert found.by_source == {"Watch": {DAY: 4000}, "com.example.phone": {DAY: 4500}, "": {NEXT: 6}}
    assert found.values() == {DAY: 4500, NEXT: 6}


def test_a_night_with_stages_and_one_without() -> None:
    found = series(
        insert(
            "sleep_session_record_table",
            [
                {"row_id": 1, "app_info_id": 1, "start_time": at(9, 23), "end_time": at(10, 7)},
                {"row_id": 2, "app_info_id": 1, "start_time": at(10, 23), "end_time": at(11, 6)},
            ],
        ),
        insert(
            "sleep_stages_table",
            [
                {"parent_key": 1, "stage_start_time": start, "stage_end_time": end, "stage_type": kind}
                for start, end, kind in (
                    (at(9, 23), at(10, 1), 4),
                    (at(10, 1), at(10, 2), 1),
                    (at(10, 2), at(10, 3), 6),
                    (at(10, 2), at(10, 3), 6),
                    (at(10, 3), at(10, 4), 7),
                )
            ],
        ),
    )
    assert found["sleep"].values() == {DAY: 180, NEXT: 420}


def test_workouts() -> None:
    rows = [{"app_info_id": 1, "start_time": at(10, 8), "end_time": at(10, 8, 45), "exercise_type": 56}]
    found = series(insert("exercise_session_record_table", rows))
    assert found["workouts"].values() == {DAY: 45}


def test_rows_that_make_no_sense_cost_only_themselves() -> None:
    rows = [(1, at(10, 8), 5), (1, None, 5), (1, "x", 5), (1, 2**62, 5), (1, -(2**62), 5), (1, at(10, 9), "y")]
    rows += [(1, at(10, 9), None), (1, at(10, 9), -1), (1, at(10, 9), 10**12), (None, at(10, 9), 1)]
    assert series(steps(*rows))["steps"].by_source == {"Watch": {DAY: 5}, "": {DAY: 1}}


def test_the_database_itself_and_a_database_of_something_else() -> None:
    made = health_exports.health_connect(steps((1, at(10, 8), 5)))
    assert detect.read(made, SEOUL).health[0].values() == {DAY: 5}
    assert refused(health_exports.health_connect(tables="create table notes (x)")).code == "file_unknown"
    assert refused(health_exports.health_connect()).code == "health_export_empty"


def test_damaged_databases() -> None:
    made = health_exports.health_connect(steps(*((1, at(10, 8), 5) for _ in range(3000))))
    for length in (16, 100, 3000, len(made) // 2):
        assert refused(made[:length]).code == "file_damaged"
    spoilt = made[:2000] + os.urandom(len(made) - 2000)
    assert refused(spoilt).code in ("file_damaged", "health_export_empty")
    assert refused(health_exports.health_connect(tables="create table steps_record_table (x)")).code == "file_damaged"


def test_a_view_that_never_ends_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = "with recursive n(i) as (select 1 union all select i + 1 from n)"
    endless = f"{numbers} select 1 app_info_id, 1 start_time, i count from n"
    view = f"create view steps_record_table as {endless}; create table exercise_session_record_table (x)"
    assert refused(health_exports.health_connect(tables=view)).code == "file_damaged"
    # A query that takes too long is stopped.
    monkeypatch.setattr(health_connect, "_SECONDS_MAX", -1.0)
    monkeypatch.setattr(health_connect, "_STEPS_BETWEEN_CHECKS", 10)
    made = health_exports.health_connect(steps(*((1, at(10, 8), 5) for _ in range(3000))))
    assert refused(made).code == "file_damaged"


def test_nothing_of_it_stays_on_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = health_exports.health_connect(steps((1, at(10, 8), 5)))
    left: list[list[str]] = []
    detect.read(zipped((NAME, made)), SEOUL, progress=lambda _: left.append([p.name for p in tmp_path.rglob("*.db")]))
    assert left[-1] == []
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_not_a_damaged_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The zip's own errors are errors of the operating system too."""

    class FullDisk(io.RawIOBase):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(health_connect, "open", lambda *_, **__: FullDisk(), raising=False)
    with pytest.raises(errors.DiskFull):
        detect.read(zipped((NAME, health_exports.health_connect())), SEOUL)
    assert list(tmp_path.iterdir()) == []


def test_a_database_larger_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_connect, "LARGEST", 1000)
    assert refused(health_exports.health_connect()).code == "file_too_large"
