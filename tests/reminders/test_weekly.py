"""The message once a week: on the chosen day, once, wherever reminders go, with nothing of the diary in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta

import pytest

from diary import accounts, database, errors
from diary.sessions import Session
from reminders import addresses, mail, overview, schedule, sender, weekly
from tests.reminders.conftest import Clock
from tests.reminders.mail_server import MailServer
from tests.reminders.push_service import PushService
from tests.reminders.subscribed import keep_one, subscribed

SUNDAY = datetime(2026, 11, 22, 9, tzinfo=UTC)
"""Six in the evening in Seoul."""


def once_a_week(session: Session, weekday: int = 6, at: time = time(18)) -> None:
    """Switched on long ago, and without the daily reminder."""
    weekly.choose(session, weekday, at)
    schedule.choose(session, time(21), ())
    with database.transaction() as db:
        for table in ("reminders", "weekly_reminders"):
            db.execute(f"update {table} set since = '2026-01-01T00:00:00+00:00'")


def sent_in(hours: range, start: datetime, service: PushService) -> list[datetime]:
    """When messages were sent, among these hours."""
    moments = []
    for hour in hours:
        clock = Clock(2026, 1, 1)
        clock.now = start + timedelta(hours=hour)
        before = len(service.received)
        sender.send_due(clock)
        moments += [clock.now] * (len(service.received) - before)
    return moments


def test_it_is_off_by_default(person: Session, service: PushService) -> None:
    subscribed(person, service)
    schedule.choose(person, time(21), {0})
    assert weekly.of(person) is None
    assert sent_in(range(24), SUNDAY.replace(hour=0), service) == []


def test_it_is_sent_once_a_week_also_when_something_was_kept(person: Session, service: PushService) -> None:
    subscribed(person, service)
    once_a_week(person)
    keep_one(person, SUNDAY.date())
    assert sent_in(range(-24, 24 * 8), SUNDAY, service) == [SUNDAY, SUNDAY + timedelta(days=7)]


def test_each_try_in_its_hour_sends_nothing_more(person: Session, service: PushService) -> None:
    subscribed(person, service)
    once_a_week(person)
    for minute in range(60):
        sender.send_due(Clock(2026, 11, 22, 9, minute))
    assert len(service.received) == 1


@pytest.mark.parametrize(
    ("language", "says"), [("ko", "한 주의 하루가 모였어요"), ("en", "Your week in Haru is ready")]
)
def test_it_says_nothing_of_the_diary(person: Session, service: PushService, language: str, says: str) -> None:
    accounts.set_language(person, language)
    browser = subscribed(person, service)
    once_a_week(person)
    keep_one(person, SUNDAY.date())
    sender.send_due(Clock(2026, 11, 22, 9))
    message = json.loads(browser.open(service.received[0].body))
    title = {"ko": "하루", "en": "Haru"}[language]
    assert message == {
        "title": title, "body": says, "lang": language, "tag": "haru-week-2026-11-22", "path": "/history",
    }  # fmt: skip


def test_it_keeps_to_the_persons_time_zone(person: Session, service: PushService) -> None:
    subscribed(person, service)
    once_a_week(person)
    accounts.set_timezone(person, "America/New_York")
    assert sent_in(range(-24, 48), SUNDAY, service) == [datetime(2026, 11, 22, 23, tzinfo=UTC)]


def test_both_reminders_of_one_day_arrive(person: Session, service: PushService) -> None:
    browser = subscribed(person, service)
    once_a_week(person)
    schedule.choose(person, time(18), {6})
    with database.transaction() as db:
        db.execute("update reminders set since = '2026-01-01T00:00:00+00:00'")
    sender.send_due(Clock(2026, 11, 22, 9))
    tags = {json.loads(browser.open(request.body))["tag"] for request in service.received}
    assert tags == {"haru-2026-11-22", "haru-week-2026-11-22"}


def test_what_was_due_before_the_choice_waits_a_week(person: Session, service: PushService) -> None:
    subscribed(person, service)
    weekly.choose(person, 6, time(18))
    sender.send_due(Clock(2026, 11, 22, 9))  # the choice is later than that
    assert service.received == []


def test_by_mail_only_to_a_confirmed_address(person: Session, mail_server: MailServer) -> None:
    _, code = addresses.propose(person, addresses.MAIL, "jiwoo@example.org")
    once_a_week(person)
    sender.send_due(Clock(2026, 11, 22, 9))
    assert mail_server.received == []
    addresses.confirm(person, addresses.MAIL, code)
    once_a_week(person)
    sender.send_due(Clock(2026, 11, 22, 9, 10))
    sender.send_due(Clock(2026, 11, 22, 9, 20))
    ((address, message),) = mail_server.received
    assert address == "jiwoo@example.org"
    assert message["Subject"] == "Your week in Haru is ready"
    text = message.get_content()
    assert "https://diary.example.org/history" in text
    assert mail.STOP in text
    assert "Jiwoo" not in str(message)


def test_no_day_for_the_daily_one_only_beside_it(person: Session) -> None:
    with pytest.raises(errors.ReminderWithoutDay):
        schedule.choose(person, time(21), ())
    weekly.choose(person, 2, time(18))
    schedule.choose(person, time(21), ())
    assert schedule.of(person).weekdays == frozenset()


def test_it_can_be_switched_off_and_stops_with_all_reminders(person: Session, service: PushService) -> None:
    subscribed(person, service)
    once_a_week(person)
    weekly.stop(person)
    assert sent_in(range(24), SUNDAY.replace(hour=0), service) == []
    once_a_week(person)
    schedule.stop(person)
    assert weekly.of(person) is None


def test_nobody_elses_is_touched(person: Session, stranger: Session) -> None:
    weekly.choose(person, 6, time(18))
    weekly.stop(stranger)
    assert weekly.of(person) is not None
    assert weekly.of(stranger) is None


def test_the_export_names_it_and_deleting_the_account_ends_it(person: Session) -> None:
    weekly.choose(person, 6, time(18))
    assert overview.exported(person)["weekly"] == {"at": "18:00", "weekdays": [6]}
    accounts.delete(person)
    with database.connect() as db:
        assert db["weekly_reminders"].count == 0
