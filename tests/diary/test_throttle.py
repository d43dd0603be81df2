from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from diary import database, errors, throttle


def tries(limit: throttle.Limit, times: int, subject: str = "somebody") -> None:
    for _ in range(times):
        throttle.count(limit, subject)


def wait(how_long: timedelta) -> None:
    """Moves all recorded attempts back, as if time had passed."""
    with database.connect() as db, db.atomic():
        for row in list(db["tries"].rows):
            moved = {
                column: row[column] and database.timestamp(datetime.fromisoformat(row[column]) - how_long)
                for column in ("last_at", "locked_until")
            }
            db["tries"].update(row["subject"], moved)


def test_free_tries_then_a_wait_that_doubles(data_folder: Path) -> None:
    tries(throttle.BY_NAME, 5)
    with pytest.raises(errors.TooManyTries) as refused:
        throttle.count(throttle.BY_NAME, "somebody")
    assert refused.value.facts == {"minutes": 1}
    wait(timedelta(seconds=31))
    throttle.count(throttle.BY_NAME, "somebody")
    wait(timedelta(seconds=31))
    with pytest.raises(errors.TooManyTries):
        throttle.count(throttle.BY_NAME, "somebody")
    wait(timedelta(seconds=31))
    throttle.count(throttle.BY_NAME, "somebody")


def test_no_wait_is_longer_than_the_longest(data_folder: Path) -> None:
    for _ in range(40):
        throttle.count(throttle.BY_NAME, "somebody")
        wait(throttle.LONGEST_WAIT)
    throttle.count(throttle.BY_NAME, "somebody")


@pytest.mark.parametrize("jump", [timedelta(days=4 * 365), timedelta(hours=1), timedelta(minutes=16)])
def test_a_clock_that_goes_back_locks_nobody_for_longer(data_folder: Path, jump: timedelta) -> None:
    tries(throttle.BY_NAME, 5)
    for _ in range(6):
        wait(throttle.LONGEST_WAIT)
        throttle.count(throttle.BY_NAME, "somebody")  # locked for 15 minutes now
    wait(-jump)
    throttle.count(throttle.BY_NAME, "somebody")
    with pytest.raises(errors.TooManyTries) as refused:  # nor is anything forgiven
        throttle.count(throttle.BY_NAME, "somebody")
    assert refused.value.facts["minutes"] <= 15


def test_a_clock_that_goes_back_a_little_never_asks_for_more_than_the_longest(data_folder: Path) -> None:
    tries(throttle.BY_NAME, 5)
    for minutes in range(30):
        wait(-timedelta(minutes=1))
        try:
            throttle.count(throttle.BY_NAME, "somebody")
        except errors.TooManyTries as refused:
            assert refused.facts["minutes"] <= 15, minutes  # noqa: PT017


def test_others_and_other_limits_are_not_held_up(data_folder: Path) -> None:
    tries(throttle.BY_NAME, 5)
    throttle.count(throttle.BY_NAME, "somebody else")
    throttle.count(throttle.BY_ADDRESS, "somebody")


def test_forgiving(data_folder: Path) -> None:
    tries(throttle.BY_NAME, 5)
    throttle.reset(throttle.BY_NAME, "somebody")
    tries(throttle.BY_NAME, 5)


def test_a_school_behind_one_address_can_sign_in_all_day(data_folder: Path) -> None:
    for _ in range(200):
        throttle.count(throttle.BY_ADDRESS, "198.51.100.7")
        throttle.uncount(throttle.BY_ADDRESS, "198.51.100.7")


def test_quiet_for_long_enough_is_forgotten(data_folder: Path) -> None:
    tries(throttle.BY_ADDRESS, 49)
    wait(throttle.BY_ADDRESS.reset_after + timedelta(seconds=1))
    tries(throttle.BY_ADDRESS, 49)


def test_neither_name_nor_address_is_written_down(data_folder: Path) -> None:
    throttle.count(throttle.BY_ADDRESS, "198.51.100.7")
    assert b"198.51.100.7" not in b"".join(file.read_bytes() for file in data_folder.glob("haru.db*"))
