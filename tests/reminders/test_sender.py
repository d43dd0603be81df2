"""Reminders: when one is sent, what it says, and what ends it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from diary import accounts, database, errors, sessions
from diary.sessions import Session
from reminders import devices, sender
from tests.reminders.conftest import Clock
from tests.reminders.push_service import HOST, PushService
from tests.reminders.subscribed import NINE_IN_SEOUL, keep_one, long_ago, subscribed


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
