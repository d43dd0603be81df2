"""Hashing of passwords, which takes much memory, waits its turn and stops nobody else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import anyio
import pytest
from anyio import to_thread
from starlette.requests import HTTPConnection

from diary import accounts, errors, slow_hashes
from tests import asynchronous
from tests.conftest import PASSWORD
from web import password_queue


def of(address: str) -> HTTPConnection:
    return HTTPConnection({"type": "http", "client": (address, 1)})


class Counting:
    """Counts how many threads are in it at once."""

    def __init__(self) -> None:
        self.most = self._now = 0
        self._lock = threading.Lock()

    def __call__(self, seconds: float = 0.02) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(seconds)
        with self._lock:
            self._now -= 1


def test_few_run_at_once_and_all_others_have_their_threads() -> None:
    slow, quick = Counting(), Counting()

    async def crowd() -> None:
        async with anyio.create_task_group() as group:
            for number in range(60):
                group.start_soon(password_queue.run, of(f"192.0.2.{number}"), slow)
            await anyio.sleep(0.01)
            begun = time.monotonic()
            await to_thread.run_sync(quick, 0.0)
            assert time.monotonic() - begun < 0.15, "sixty wait before it, but not in a thread"

    asynchronous.run(crowd())
    assert slow.most == password_queue.AT_ONCE


def test_who_waits_for_too_long_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password_queue, "PATIENCE", 0.05)

    async def crowd() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(password_queue.AT_ONCE):
                group.start_soon(password_queue.run, of("192.0.2.1"), time.sleep, 0.3)
            await anyio.sleep(0.01)
            with pytest.raises(errors.ServerBusy):
                await password_queue.run(of("192.0.2.1"), time.sleep, 0)
        await password_queue.run(of("192.0.2.1"), time.sleep, 0)  # there is room again

    asynchronous.run(crowd())


def test_one_address_has_few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also a /64 of IPv6: its owner could otherwise keep everybody waiting with tries that count as none."""
    monkeypatch.setattr(password_queue, "OF_ONE_ADDRESS", 6)
    done = []

    async def crowd() -> None:
        async with anyio.create_task_group() as group:
            for number in range(6):
                group.start_soon(password_queue.run, of(f"2001:db8::{number}"), time.sleep, 0.1)
            await anyio.sleep(0.01)
            with pytest.raises(errors.ServerBusy):
                await password_queue.run(of("2001:db8::ffff"), time.sleep, 0)
            await password_queue.run(of("2001:db8:0:1::1"), done.append, "of another")
        await password_queue.run(of("2001:db8::ffff"), done.append, "afterwards")

    asynchronous.run(crowd())
    assert done == ["of another", "afterwards"]


def test_whatever_hashes_a_password_keeps_to_its_places(
    sign_up: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up()
    counting = Counting()
    verify = accounts._verify
    monkeypatch.setattr(accounts, "_verify", lambda *known: (counting(), verify(*known))[1])
    with ThreadPoolExecutor(12) as threads:
        waiting = [
            threads.submit(accounts.sign_in, "Jiwoo", PASSWORD, address=f"192.0.2.{number}") for number in range(12)
        ]
        for each in waiting:
            with suppress(errors.TooManyTries):
                each.result()
    assert counting.most == slow_hashes.AT_ONCE


def test_a_full_house_is_said_and_counts_as_no_try(
    sign_up: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up()
    monkeypatch.setattr(slow_hashes, "_PATIENCE", 0.01)
    with slow_hashes.place(), slow_hashes.place():
        for _ in range(20):
            with pytest.raises(errors.ServerBusy):
                accounts.sign_in("Jiwoo", "wrong horse battery", address="192.0.2.1")
    assert accounts.sign_in("Jiwoo", PASSWORD, address="192.0.2.1")
