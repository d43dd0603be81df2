from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from diary import errors, throttle
from tests.diary.conftest import Machine

LIMIT = throttle.BY_NAME_AND_ADDRESS
SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))


def tries(limit: throttle.Limit, times: int, subject: str = "somebody") -> None:
    for _ in range(times):
        throttle.count((limit, subject))


def wait_of_a_try(machine: Machine, longest: timedelta = HOUR) -> timedelta:
    """How long somebody really waits who tries every ten seconds."""
    waited, told = timedelta(0), []
    while waited <= longest:
        try:
            throttle.count((LIMIT, "somebody"))
        except errors.TooManyTries as refused:
            told.append(refused.facts["minutes"])
        else:
            assert all(1 <= minutes <= 15 for minutes in told)
            return waited
        machine.wait(10 * SECOND)
        waited += 10 * SECOND
    raise AssertionError("locked out")


def locked_for_longest(machine: Machine) -> None:
    tries(LIMIT, 5)
    for _ in range(6):
        machine.wait(throttle.LONGEST_WAIT)
        throttle.count((LIMIT, "somebody"))


def test_free_tries_then_a_wait_that_doubles(data_folder: Path, machine: Machine) -> None:
    tries(LIMIT, 5)
    with pytest.raises(errors.TooManyTries) as refused:
        throttle.count((LIMIT, "somebody"))
    assert refused.value.facts == {"minutes": 1}
    waits = [wait_of_a_try(machine) for _ in range(8)]
    assert [wait / MINUTE for wait in waits] == [0.5, 1, 2, 4, 8, 15, 15, 15]


def test_a_clock_that_is_set_lengthens_and_shortens_no_wait(data_folder: Path, machine: Machine) -> None:
    locked_for_longest(machine)
    for jump in (-4 * 365 * DAY, HOUR, -16 * MINUTE, 5 * MINUTE, -10 * MINUTE, 3 * DAY, -DAY, 2 * SECOND):
        machine.wait(MINUTE)
        machine.wall += jump
        assert wait_of_a_try(machine) == throttle.LONGEST_WAIT - MINUTE, jump


def test_neither_does_a_restart_of_the_machine_with_a_wrong_clock(data_folder: Path, machine: Machine) -> None:
    locked_for_longest(machine)
    for jump in (-4 * 365 * DAY, -10 * MINUTE, timedelta(0)):
        machine.reboot()
        machine.wall += jump
        assert wait_of_a_try(machine) <= throttle.LONGEST_WAIT
        with pytest.raises(errors.TooManyTries):  # nothing is forgiven
            throttle.count((LIMIT, "somebody"))


def test_others_and_other_limits_are_not_held_up(data_folder: Path) -> None:
    tries(LIMIT, 5)
    throttle.count((LIMIT, "somebody else"))
    throttle.count((throttle.BY_ADDRESS, "somebody"))


def test_a_refused_try_counts_against_nothing(data_folder: Path, machine: Machine) -> None:
    tries(LIMIT, 5)
    for _ in range(throttle.BY_ADDRESS.free):
        with pytest.raises(errors.TooManyTries):
            throttle.count((throttle.BY_ADDRESS, "a school"), (LIMIT, "somebody"))
    tries(throttle.BY_ADDRESS, throttle.BY_ADDRESS.free, "a school")


def test_forgiving(data_folder: Path) -> None:
    tries(LIMIT, 5)
    throttle.reset(LIMIT, "somebody")
    tries(LIMIT, 5)


def test_a_school_behind_one_address_can_sign_in_all_day(data_folder: Path) -> None:
    for _ in range(200):
        counted_at = throttle.count((throttle.BY_ADDRESS, "198.51.100.7"))
        throttle.uncount(throttle.BY_ADDRESS, "198.51.100.7", counted_at)


def test_a_right_answer_ends_its_own_wait_and_no_other(data_folder: Path, machine: Machine) -> None:
    tries(LIMIT, 3)
    right = throttle.count((LIMIT, "somebody"))
    machine.wait(SECOND)
    throttle.count((LIMIT, "somebody"))  # the fifth, a wrong one, waits
    throttle.uncount(LIMIT, "somebody", right)
    with pytest.raises(errors.TooManyTries):
        throttle.count((LIMIT, "somebody"))
    machine.wait(MINUTE)
    throttle.uncount(LIMIT, "somebody", throttle.count((LIMIT, "somebody")))
    throttle.count((LIMIT, "somebody"))


def test_quiet_for_long_enough_is_forgotten(data_folder: Path, machine: Machine) -> None:
    tries(throttle.BY_ADDRESS, 49)
    machine.wait(throttle.BY_ADDRESS.reset_after + SECOND)
    tries(throttle.BY_ADDRESS, 49)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_the_network_of_an_address(address: str, network: str) -> None:
    assert throttle.network_of(address) == network


def test_neither_name_nor_address_is_written_down(data_folder: Path) -> None:
    throttle.count((throttle.BY_ADDRESS, "198.51.100.7"))
    assert b"198.51.100.7" not in b"".join(file.read_bytes() for file in data_folder.glob("haru.db*"))
