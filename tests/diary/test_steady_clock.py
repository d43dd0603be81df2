from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from diary import database, steady_clock, throttle
from tests.diary.conftest import Machine


def now() -> datetime:
    with database.transaction() as db:
        return steady_clock.now(db)


def test_it_begins_with_the_machines_time_and_goes_on_with_it(data_folder: Path) -> None:
    first = now()
    assert abs(first - datetime.now(UTC)) < timedelta(minutes=1)
    time.sleep(0.05)
    assert timedelta(seconds=0.05) <= now() - first < timedelta(minutes=1)


def test_the_machines_clock_does_not_move_it(data_folder: Path, machine: Machine) -> None:
    first = now()
    machine.wall -= timedelta(days=1000)
    machine.wait(timedelta(seconds=7))
    machine.wall += timedelta(days=2000)
    assert now() - first == timedelta(seconds=7)


def test_after_a_boot_it_takes_the_machines_time_unless_that_lies_before_the_latest_try(
    data_folder: Path, machine: Machine
) -> None:
    throttle.count((throttle.BY_NAME, "somebody"))
    latest = now()
    machine.wall -= timedelta(days=1000)
    machine.reboot()
    assert now() == latest
    machine.wall = latest + timedelta(hours=1)
    machine.reboot()
    assert now() == latest + timedelta(hours=1)


def test_where_no_boot_is_named_each_process_is_one(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady_clock, "_BOOT_FILE", data_folder / "none")
    assert now() <= now()
