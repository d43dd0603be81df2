"""A reminder is sent once, whatever threads and processes do."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
import time as clock_time
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from diary import database, errors
from diary.sessions import Session
from reminders import claims, schedule, sender
from tests.reminders.conftest import Clock
from tests.reminders.push_service import PushService
from tests.reminders.subscribed import DAY, NINE_IN_SEOUL, long_ago, subscribed


def test_after_a_crash_while_sending_it_is_tried_again(person: Session, service: PushService, monkeypatch) -> None:
    subscribed(person, service)

    class Killed(BaseException):
        pass

    def die(*_arguments: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(sender, "_to", die)
        with pytest.raises(Killed):
            sender.send_due(Clock(*NINE_IN_SEOUL))
    sender.send_due(Clock(2026, 11, 20, 12, 1))
    assert service.received == [], "the other process may be sending still"
    sender.send_due(Clock(2026, 11, 20, 12, 6))
    sender.send_due(Clock(2026, 11, 20, 12, 12))
    assert len(service.received) == 1


def _claim(folder: str, account_id: str, ready, answers) -> None:
    import os

    os.environ["HARU_DATA"] = folder
    ready.wait()
    answers.put(claims.claim(account_id, DAY, "device", datetime(*NINE_IN_SEOUL, tzinfo=UTC)))


def test_of_several_processes_one_sends(person: Session, data_folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, answers = context.Barrier(3), context.Queue()
    processes = [
        context.Process(target=_claim, args=(str(data_folder), person.account_id, ready, answers)) for _ in range(3)
    ]
    for process in processes:
        process.start()
    found = [answers.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    assert sorted(found) == [False, False, True]


def test_of_many_threads_one_sends(person: Session, service: PushService) -> None:
    subscribed(person, service)
    ready = threading.Barrier(6)

    def look() -> None:
        ready.wait()
        sender.send_due(Clock(*NINE_IN_SEOUL))

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(service.received) == 1


def test_the_thread_outlives_a_broken_database_and_ends_when_it_is_told(
    person: Session, service: PushService, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    subscribed(person, service)
    schedule.choose(person, time(0, 0), schedule.EVERY_DAY)
    monkeypatch.setattr(sender, "_INTERVAL", 0.02)
    monkeypatch.setattr(sender, "_now", Clock(*NINE_IN_SEOUL))
    long_ago(person, "21:00")
    connect, broken = database.connect, threading.Event()
    broken.set()

    def sometimes():
        if broken.is_set() and threading.current_thread().name == "reminders":
            raise errors.DatabaseBusy
        return connect()

    monkeypatch.setattr(database, "connect", sometimes)
    working = sender.Sender()
    working.start()

    def until(condition: Callable[[], bool]) -> None:
        ends = clock_time.monotonic() + 60
        while not condition():
            assert clock_time.monotonic() < ends
            clock_time.sleep(0.01)

    until(lambda: "reminders cannot be sent now: database_busy" in caplog.text)
    broken.clear()
    until(lambda: len(service.received) == 1)
    working.stop()
    assert not working._thread.is_alive()
    assert caplog.text.count("cannot be sent now") == 1


def test_a_restart_waits_for_the_message_that_is_being_sent(
    person: Session, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed(person, service)
    monkeypatch.setattr(sender, "_INTERVAL", 0.01)
    monkeypatch.setattr(sender, "_now", Clock(*NINE_IN_SEOUL))
    send, sending, go_on = sender._to, threading.Event(), threading.Event()

    def slowly(*arguments: object) -> bool:
        sending.set()
        assert go_on.wait(60)
        return send(*arguments)

    monkeypatch.setattr(sender, "_to", slowly)
    first = sender.Sender()
    first.start()
    assert sending.wait(60)
    stopping = threading.Thread(target=first.stop)
    stopping.start()
    go_on.set()
    stopping.join(60)
    second = sender.Sender()
    second.start()
    clock_time.sleep(0.1)
    second.stop()
    assert len(service.received) == 1
    with sqlite3.connect(database.path()) as db:
        assert db.execute("select sent from reminder_sendings").fetchall() == [(1,)]
