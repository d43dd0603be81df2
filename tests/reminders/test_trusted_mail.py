"""The mail to a trusted person: one sentence, once a week, only while both want it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from diary import accounts, database, trusted
from diary.sessions import Session
from reminders import addresses, sender
from tests.reminders.conftest import Clock
from tests.reminders.mail_server import MailServer
from tests.reminders.subscribed import keep_one

SUNDAY = datetime(2026, 11, 22, 9, tzinfo=UTC)
"""Six in the evening in Seoul."""
ADDRESS = "mina@example.org"


@pytest.fixture(autouse=True)
def sunday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trusted.days, "today", lambda zone: date(2026, 11, 22))


def wanted(person: Session, other: Session, shows: str = trusted.MOODS) -> str:
    """Somebody who sees it wants it by mail, too, since long ago."""
    trusted.accept(other, trusted.invite(person, "Mina", "Jiwoo", shows), "Mina")
    (seen,) = trusted.seen(other)
    trusted.choose_mail(other, seen.id, True)
    _, code = addresses.propose(other, addresses.MAIL, ADDRESS)
    addresses.confirm(other, addresses.MAIL, code)
    with database.transaction() as db:
        db.execute("update trusted set mailed_since = '2026-01-01T00:00:00+00:00'")
        db.execute("delete from reminders")  # the daily one, which comes with an address
    return seen.id


def test_it_is_one_sentence_once_a_week(person: Session, stranger: Session, mail_server: MailServer) -> None:
    keep_one(person, date(2026, 11, 20))
    wanted(person, stranger)
    for hour in range(-24, 24 * 8):
        clock = Clock(2026, 1, 1)
        clock.now = SUNDAY + timedelta(hours=hour)
        sender.send_due(clock)
    assert [address for address, _ in mail_server.received] == [ADDRESS] * 2
    message = mail_server.received[0][1]
    assert message["Subject"] == "Haru: once a week"
    text = message.get_content().replace("\r\n", "\n")
    first, _, rest = text.partition("\n\n")
    assert first == "Jiwoo last kept a day 2 days ago."
    assert "-- \nTo stop these e-mails: https://diary.example.org/account/reminders/stop/" in rest
    for secret in ("비밀", "산책", "sadness", "Sadness", person.account_id):
        assert secret not in message.get_content()
    assert trusted.allowed(person)[0].is_mailed, "the person sees that"


def test_it_is_off_by_default(person: Session, stranger: Session, mail_server: MailServer) -> None:
    seen = wanted(person, stranger)
    trusted.choose_mail(stranger, seen, False)
    assert trusted.for_mail(seen) is None
    sender.send_due(Clock(2026, 11, 22, 9))
    assert mail_server.received == []


def test_only_the_one_who_sees_it_chooses(person: Session, stranger: Session, mail_server: MailServer) -> None:
    seen = wanted(person, stranger)
    trusted.choose_mail(person, seen, False)
    assert trusted.for_mail(seen) is not None


@pytest.mark.parametrize("how", ["ended", "refused", "deleted", "other deleted", "no address"])
def test_nothing_is_mailed_once_it_ended(person: Session, stranger: Session, mail_server: MailServer, how: str) -> None:
    seen = wanted(person, stranger)
    if how == "ended":
        trusted.end(person, seen)
    elif how == "refused":
        trusted.end(stranger, seen)
    elif how == "deleted":
        accounts.delete(person)
    elif how == "other deleted":
        accounts.delete(stranger)
    else:
        addresses.remove(stranger, addresses.MAIL)
    sender.send_due(Clock(2026, 11, 22, 9))
    assert mail_server.received == []


def test_a_mail_that_failed_is_tried_again(person: Session, stranger: Session, mail_server: MailServer) -> None:
    wanted(person, stranger)
    mail_server.refusal = "451 later"
    sender.send_due(Clock(2026, 11, 22, 9))
    mail_server.refusal = ""
    for minute in range(1, 20):
        sender.send_due(Clock(2026, 11, 22, 9, minute))
    assert len(mail_server.received) == 1
