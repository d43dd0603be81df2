"""Reminders that arrive: once, in time, in the person's language, with nothing of the diary in them."""

from __future__ import annotations

import json
import logging
import multiprocessing
import sqlite3
import threading
import time as clock_time
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from diary import accounts, database, entries, errors, sessions
from diary.entries import NewEntry
from diary.sessions import Session
from reminders import claims, devices, schedule, sender
from tests.reminders.conftest import Clock
from tests.reminders.push_service import HOST, FakeBrowser, PushService

SEOUL = "Asia/Seoul"
NINE_IN_SEOUL = (2026, 11, 20, 12, 0)
DAY = date(2026, 11, 20)


def subscribed(session: Session, service: PushService, name: str = "1") -> FakeBrowser:
    """A browser with reminders at nine every evening, switched on long ago."""
    browser = FakeBrowser(f"https://{HOST}:{service.port}/{name}")
    devices.add(session, browser.subscription, None)
    long_ago(session, "21:00")
    return browser


def long_ago(session: Session, at: str) -> None:
    with database.transaction() as db:
        db.execute(
            "update reminders set at = ?, since = '2026-01-01T00:00:00+00:00' where account_id = ?",
            [at, session.account_id],
        )


def keep_one(session: Session, day: date = DAY) -> None:
    entries.add(session, NewEntry("sadness", 2, day, SEOUL, note="비밀", tags=("산책",)))


@pytest.mark.parametrize(("language", "asks"), [("ko", "오늘은 어땠나요?"), ("en", "How was today?")])
def test_it_asks_in_the_persons_language_and_says_nothing_else(
    sign_up: Callable[..., str], service: PushService, language: str, asks: str
) -> None:
    token = sign_up(language=language)
    session = sessions.find(token)
    assert session is not None
    keep_one(session, date(2026, 11, 19))
    browser = subscribed(session, service)
    sessions.end(token)  # it is sent while the person is signed out
    sender.send_due(Clock(*NINE_IN_SEOUL))
    (request,) = service.received
    message = json.loads(browser.open(request.body))
    assert message == {
        "title": {"ko": "하루", "en": "Haru"}[language], "body": asks, "lang": language, "tag": "haru-2026-11-20",
    }  # fmt: skip
    assert request.headers["Content-Encoding"] == "aes128gcm"
    assert request.headers["Authorization"].startswith("vapid t=")
    assert request.headers["Topic"] == "haru-2026-11-20"
    for secret in ("비밀", "산책", "sadness", "Jiwoo", session.account_id):
        assert secret.encode() not in request.body
        assert secret not in str(request.headers) + request.path


def test_it_does_not_arrive_the_next_day(person: Session, service: PushService, monkeypatch) -> None:
    from reminders import web_push

    class At(datetime):
        @classmethod
        def now(cls, zone=None):
            return datetime(2026, 11, 20, 14, 10, tzinfo=UTC)

    subscribed(person, service)
    long_ago(person, "23:05")
    monkeypatch.setattr(web_push, "datetime", At)
    sender.send_due(Clock(2026, 11, 20, 14, 10))
    assert service.received[0].headers["TTL"] == str(50 * 60)


def test_it_is_sent_once_a_day_and_again_the_next(person: Session, service: PushService) -> None:
    subscribed(person, service)
    clock = Clock(2026, 11, 20, 11, 59)
    for minute in range(-1, 90):
        clock.now = datetime(2026, 11, 20, 12, tzinfo=UTC) + timedelta(minutes=minute)
        sender.send_due(clock)
    assert len(service.received) == 1
    clock.now += timedelta(days=1, minutes=-80)
    sender.send_due(clock)
    assert len(service.received) == 2


def test_only_if_nothing_was_kept_that_day(person: Session, stranger: Session, service: PushService) -> None:
    subscribed(person, service, "1")
    subscribed(stranger, service, "2")
    keep_one(person)
    keep_one(stranger, date(2026, 11, 19))
    sender.send_due(Clock(*NINE_IN_SEOUL))
    assert [each.path for each in service.received] == ["/2"]


def test_what_is_kept_between_two_tries_ends_them(person: Session, service: PushService) -> None:
    subscribed(person, service)
    service.status = 503
    sender.send_due(Clock(*NINE_IN_SEOUL))
    keep_one(person)
    service.status = 201
    sender.send_due(Clock(2026, 11, 20, 12, 30))
    assert len(service.received) == 1


def test_a_server_that_was_down_sends_it_within_the_hour_and_not_later(person: Session, service: PushService) -> None:
    subscribed(person, service)
    sender.send_due(Clock(2026, 11, 20, 13, 1))
    assert service.received == []
    sender.send_due(Clock(2026, 11, 21, 12, 59))
    assert len(service.received) == 1


def test_without_a_network_it_is_tried_again_within_the_hour(
    person: Session, service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    browser = subscribed(person, service)
    service.status = 500
    tried: list[int] = []
    clock = Clock(*NINE_IN_SEOUL)
    for minute in range(75):
        clock.now = datetime(2026, 11, 20, 12, tzinfo=UTC) + timedelta(minutes=minute)
        before = len(service.received)
        sender.send_due(clock)
        if len(service.received) > before:
            tried.append(minute)
    assert tried == [0, 1, 3, 7, 15, 30, 45]
    assert devices.ids(person.account_id), "the device stays"
    for secret in (browser.subscription["endpoint"], HOST, person.account_id, person.name):
        assert secret not in caplog.text
    service.status = 201
    sender.send_due(Clock(2026, 11, 21, 12, 0))
    sender.send_due(Clock(2026, 11, 21, 12, 30))
    assert len(service.received) == len(tried) + 1


def test_a_push_service_that_asks_for_a_pause_gets_it(person: Session, service: PushService) -> None:
    subscribed(person, service)
    service.status, service.headers = 429, {"Retry-After": "1200"}
    for minute in range(0, 25):
        sender.send_due(Clock(2026, 11, 20, 12, minute))
    assert len(service.received) == 2


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(person: Session, service: PushService, status: int) -> None:
    subscribed(person, service)
    service.status = status
    for _ in range(3):
        sender.send_due(Clock(*NINE_IN_SEOUL))
    assert len(service.received) == 1
    assert devices.ids(person.account_id) == []


def test_an_address_of_the_own_network_is_forgotten(person: Session, service: PushService, monkeypatch) -> None:
    from reminders import public_https

    subscribed(person, service)
    monkeypatch.setattr(public_https, "is_public", lambda address: False)
    sender.send_due(Clock(*NINE_IN_SEOUL))
    assert (service.received, devices.ids(person.account_id)) == ([], [])


def test_each_device_gets_its_own(person: Session, service: PushService) -> None:
    subscribed(person, service, "1")
    subscribed(person, service, "2")
    sender.send_due(Clock(*NINE_IN_SEOUL))
    sender.send_due(Clock(*NINE_IN_SEOUL))
    assert sorted(each.path for each in service.received) == ["/1", "/2"]


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


def test_another_time_of_the_same_day_does_not_ask_twice(person: Session, service: PushService) -> None:
    subscribed(person, service)
    sender.send_due(Clock(*NINE_IN_SEOUL))
    long_ago(person, "22:00")
    sender.send_due(Clock(2026, 11, 20, 13, 0))
    assert len(service.received) == 1


def test_a_person_who_travels_is_asked_once_for_a_day(person: Session, service: PushService) -> None:
    subscribed(person, service)
    sender.send_due(Clock(*NINE_IN_SEOUL))
    accounts.set_timezone(person, "America/Los_Angeles")
    sender.send_due(Clock(2026, 11, 21, 5, 0))  # nine in the evening of the same day there
    assert len(service.received) == 1
    sender.send_due(Clock(2026, 11, 22, 5, 0))
    assert len(service.received) == 2


def count_rows() -> int:
    tables = ("reminders", "push_devices", "reminder_addresses", "reminder_sendings")
    with database.connect() as db:
        return sum(db.table(table).count for table in tables)


def test_stopping_deletes_everything(person: Session, service: PushService) -> None:
    subscribed(person, service)
    sender.send_due(Clock(*NINE_IN_SEOUL))
    assert count_rows() == 3
    schedule.stop(person)
    assert count_rows() == 0


def test_deleting_the_account_deletes_everything(person: Session, service: PushService, data_folder: Path) -> None:
    browser = subscribed(person, service)
    sender.send_due(Clock(*NINE_IN_SEOUL))
    with database.connect() as db:
        sealed = next(db.query("select sealed from push_devices"))["sealed"]
    accounts.delete(person)
    assert count_rows() == 0
    files = b"".join(file.read_bytes() for file in data_folder.glob("haru.db*"))
    assert sealed not in files
    assert browser.subscription["endpoint"].encode() not in files


def test_the_database_and_its_backup_do_not_say_where_reminders_go(person: Session, service, data_folder: Path) -> None:
    browser = subscribed(person, service, "a-long-secret")
    database.backup(data_folder / "copy.db")
    content = (data_folder / "copy.db").read_bytes() + (data_folder / "haru.db").read_bytes()
    for secret in (HOST, "a-long-secret", browser.subscription["keys"]["auth"]):
        assert secret.encode() not in content


def test_devices_of_a_lost_secret_are_forgotten(person: Session, service: PushService, data_folder: Path) -> None:
    subscribed(person, service)
    (data_folder / "server.secret").unlink()
    sender.send_due(Clock(*NINE_IN_SEOUL))
    assert (service.received, devices.ids(person.account_id)) == ([], [])


def test_an_account_has_a_few_devices(person: Session, service: PushService) -> None:
    for number in range(devices.MOST):
        subscribed(person, service, str(number))
    subscribed(person, service, "0")  # the same again
    with pytest.raises(errors.TooManyDevices):
        subscribed(person, service, "one-more")
    assert len(devices.ids(person.account_id)) == devices.MOST


def test_a_browser_belongs_to_the_person_who_subscribed_last(
    person: Session, stranger: Session, service: PushService
) -> None:
    browser = subscribed(person, service)
    devices.add(stranger, browser.subscription, None)
    assert (len(devices.ids(person.account_id)), len(devices.ids(stranger.account_id))) == (0, 1)
    devices.remove(person, browser.subscription["endpoint"])
    assert len(devices.ids(stranger.account_id)) == 1, "nobody removes another person's device"
    devices.remove(stranger, browser.subscription["endpoint"])
    assert devices.ids(stranger.account_id) == []


def test_a_subscription_that_the_browser_replaced(person: Session, service: PushService) -> None:
    old = subscribed(person, service, "old")
    new = FakeBrowser(f"https://{HOST}:{service.port}/new")
    assert not devices.renew("https://push.example.net/guessed", new.subscription)
    assert devices.renew(old.subscription["endpoint"], new.subscription)
    sender.send_due(Clock(*NINE_IN_SEOUL))
    assert [each.path for each in service.received] == ["/new"]
    assert not devices.renew(old.subscription["endpoint"], new.subscription)


def test_one_to_see_it_now(person: Session, service: PushService) -> None:
    with pytest.raises(errors.ReminderNotSent):
        sender.send_now(person)
    subscribed(person, service)
    sender.send_now(person)
    assert len(service.received) == 1
    sender.send_due(Clock(*NINE_IN_SEOUL))
    assert len(service.received) == 2, "the evening's comes all the same"
    service.status = 500
    with pytest.raises(errors.ReminderNotSent):
        sender.send_now(person)
    with pytest.raises(errors.TooManyTries):
        for _ in range(20):
            service.status = 201
            sender.send_now(person)


def test_what_is_wrong_with_one_person_keeps_no_reminder_from_others(
    person: Session, stranger: Session, service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = sorted([person, stranger], key=lambda each: each.account_id)
    subscribed(first, service, "first")
    subscribed(second, service, "second")
    with database.transaction() as db:
        db.execute("update reminders set weekdays = 'x' where account_id = ?", [first.account_id])
    with caplog.at_level(logging.ERROR):
        sender.send_due(Clock(*NINE_IN_SEOUL))
    assert [each.path for each in service.received] == ["/second"]
    assert "reminder" in caplog.text


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
