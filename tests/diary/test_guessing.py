"""A day of somebody who guesses, by a machine whose clock the test moves."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from diary import accounts, errors, known_browsers, vault
from diary.sessions import Session
from tests.conftest import PASSWORD
from tests.diary.conftest import Machine
from tests.thoroughness import IS_WHOLE

HOME = "2001:db8:aa:1::7"
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
JUDGED_IN_AN_HOUR = 30
BETWEEN_GUESSES = (30 if IS_WHOLE else 60) * SECOND


def one_address() -> Iterator[str]:
    return itertools.repeat("198.51.100.1")


def many_addresses() -> Iterator[str]:
    return (f"2001:db8:{number:x}::1" for number in itertools.count(1))


def one_network() -> Iterator[str]:
    return (f"2001:db8:bb:1::{number:x}" for number in itertools.count(1))


def the_owners_network() -> Iterator[str]:
    return (f"2001:db8:aa:1::{number:x}" for number in itertools.count(0x100))


def is_judged(address: str, number: int) -> bool:
    """One guess, a code every third time."""
    try:
        if number % 3:
            accounts.sign_in("Jiwoo", f"wrong horse {number}", address=address)
        else:
            accounts.recover("Jiwoo", vault.new_recovery_code(), "staple and a new horse", address=address)
    except errors.TooManyTries:
        return False
    except (errors.SignInFailed, errors.WrongRecoveryCode):
        return True
    raise AssertionError("guessed")


def most_in_an_hour(moments: list[timedelta]) -> int:
    return max(sum(start <= moment < start + HOUR for moment in moments) for start in moments)


@pytest.mark.parametrize("addresses", [one_address, many_addresses, one_network, the_owners_network])
def test_a_day_of_guesses_at_one_account(
    person: Session, machine: Machine, addresses: Callable[[], Iterator[str]]
) -> None:
    cookie = known_browsers.remember(person, "")
    begin, judged, owner_tries = machine.running, [], 0
    for number, address in enumerate(addresses()):
        now = machine.running - begin
        if now >= DAY:
            break
        if is_judged(address, number):
            judged.append(now)
        if now >= owner_tries * 20 * MINUTE:  # the owner comes in
            accounts.sign_in("Jiwoo", PASSWORD, address=HOME, browser=cookie)
            accounts.confirm_password(person, PASSWORD)
            owner_tries += 1
        machine.wait(BETWEEN_GUESSES)
    assert owner_tries == 72
    assert most_in_an_hour(judged) <= JUDGED_IN_AN_HOUR


def test_one_guesser_leaves_tries_for_the_owners_new_browser(person: Session, machine: Machine) -> None:
    """From another address: the owner waits only while more than one address guesses."""
    longest = waited = timedelta(0)
    for number in range(6 * 120):
        if number % 3:  # an hour of codes would leave tries for passwords anyway
            is_judged("198.51.100.1", number)
        if number % 120 >= 100:  # in the last ten minutes of each hour, until it works
            try:
                accounts.sign_in("Jiwoo", PASSWORD, address=HOME)
                waited = timedelta(0)
            except errors.TooManyTries:
                waited += 30 * SECOND
        longest = max(longest, waited)
        machine.wait(30 * SECOND)
    assert longest <= timedelta(minutes=6)


def test_a_clock_that_jumps_helps_no_guesser_and_locks_nobody_out(person: Session, machine: Machine) -> None:
    random_jumps = random.Random(27)
    cookie = known_browsers.remember(person, "")
    begin, judged = machine.running, []
    for number, address in zip(range(12 * 120), many_addresses(), strict=False):
        if is_judged(address, number):
            judged.append(machine.running - begin)
        if number % 40 == 0:
            accounts.sign_in("Jiwoo", PASSWORD, address=HOME, browser=cookie)
        machine.wait(30 * SECOND)
        machine.wall += timedelta(minutes=random_jumps.choice([-600_000, -900, -16, -3, 0, 3, 16, 900, 600_000]))
    assert most_in_an_hour(judged) <= JUDGED_IN_AN_HOUR
    # Nobody guesses any more: a new browser comes in after the one wait that it was told.
    while is_judged("203.0.113.9", 1):
        pass
    with pytest.raises(errors.TooManyGuesses) as refused:
        accounts.sign_in("Jiwoo", PASSWORD, address=HOME)
    assert refused.value.facts["minutes"] <= 15
    machine.wall -= 4 * 365 * DAY
    machine.wait(timedelta(minutes=refused.value.facts["minutes"]))
    assert accounts.sign_in("Jiwoo", PASSWORD, address=HOME)
