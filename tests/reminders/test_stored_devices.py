"""What the database holds of devices, and when it goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from diary import accounts, database, errors
from diary.sessions import Session
from reminders import devices, schedule, sender
from tests.reminders.conftest import Clock
from tests.reminders.push_service import HOST, FakeBrowser, PushService
from tests.reminders.subscribed import NINE_IN_SEOUL, subscribed


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
