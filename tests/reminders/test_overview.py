"""What is stored about reminders is in the export of a person's data, and nothing that lets others send to them."""

from __future__ import annotations

import json
from datetime import time

from diary.sessions import Session
from diary.transfer import export
from reminders import addresses, devices, overview, schedule
from tests.reminders.push_service import FakeBrowser


def test_nothing_is_stored_about_a_person_who_chose_nothing(person: Session) -> None:
    assert overview.exported(person) == {}
    assert json.loads(export.as_json(person, reminders=overview.exported(person)))["reminders"] == {}


def test_time_browsers_and_addresses_are_exported_without_their_secrets(person: Session) -> None:
    schedule.choose(person, time(7, 30), {4, 0})
    devices.add(person, FakeBrowser("https://push.example.net/a-long-secret").subscription, None)
    _, code = addresses.propose(person, addresses.MAIL, "me@example.org")
    found = json.loads(export.as_json(person, reminders=overview.exported(person)))["reminders"]
    assert (found["at"], found["weekdays"]) == ("07:30", [0, 4])
    (browser,), (address,) = found["browsers"], found["addresses"]
    assert browser["push_service"] == "push.example.net"
    assert browser["added_at"]
    assert (address["kind"], address["address"], address["confirmed"]) == ("mail", "me@example.org", False)
    assert "a-long-secret" not in json.dumps(found)
    assert code not in json.dumps(found)
    addresses.confirm(person, addresses.MAIL, code)
    assert overview.exported(person)["addresses"][0]["confirmed"]


def test_what_does_not_open_any_more_is_named_without_its_address(person: Session, monkeypatch) -> None:
    addresses.propose(person, addresses.MAIL, "me@example.org")
    monkeypatch.setattr(addresses, "of", lambda session, kind: None)
    assert overview.exported(person)["addresses"][0]["address"] is None
