"""The operator's lock: nothing is read, changed or sent, and nothing is lost."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from diary import account_locks, accounts, database, entries, errors, sessions
from diary.entries import NewEntry
from diary.sessions import Session
from reminders import addresses, sender
from tests.conftest import PASSWORD

HERE = "192.0.2.1"
TODAY = NewEntry("happiness", 3, date(2026, 1, 2), "Asia/Seoul", note="kept")


@pytest.fixture
def token(sign_up: Callable[..., str]) -> str:
    return sign_up()


@pytest.fixture
def locked(token: str) -> Session:
    session = sessions.find(token)
    assert session is not None
    entries.add(session, TODAY)
    assert account_locks.lock(session.account_id)
    return session


def test_nobody_signs_in_and_only_the_owner_learns_why(locked: Session) -> None:
    with pytest.raises(errors.AccountLocked):
        accounts.sign_in("Jiwoo", PASSWORD, address=HERE)
    with pytest.raises(errors.SignInFailed):
        accounts.sign_in("Jiwoo", "a wrong password", address=HERE)


def test_the_recovery_code_opens_nothing_and_changes_nothing(token: str) -> None:
    session = sessions.find(token)
    assert session is not None
    code = accounts.recovery_code(session)
    assert code is not None
    account_locks.lock(session.account_id)
    with pytest.raises(errors.AccountLocked):
        accounts.recover("Jiwoo", code, "staple and a new horse", address=HERE)
    account_locks.unlock(session.account_id)
    assert accounts.sign_in("Jiwoo", PASSWORD, address=HERE)
    assert sessions.find(token) is not None


@pytest.mark.parametrize(
    "act",
    [
        lambda session: entries.add(session, TODAY),
        lambda session: accounts.set_language(session, "ko"),
        lambda session: accounts.recovery_code(session),
        lambda session: accounts.change_password(session, PASSWORD, "staple and a new horse"),
    ],
)
def test_whoever_is_signed_in_changes_nothing(locked: Session, act: Callable[[Session], object]) -> None:
    before = everything()
    with pytest.raises(errors.AccountLocked):
        act(locked)
    assert everything() == before


def everything() -> list[str]:
    with database.connect() as db:
        return [line for line in db.conn.iterdump() if 'INTO "tries"' not in line and "steady_clock" not in line]


def test_its_sessions_answer_with_the_lock_until_it_is_gone(locked: Session, token: str) -> None:
    with pytest.raises(errors.AccountLocked):
        sessions.find(token)
    assert not sessions.is_open(locked), "long work stops"
    assert account_locks.unlock(locked.account_id)
    session = sessions.find(token)
    assert session is not None
    assert [entry.note for entry in entries.of_day(session, TODAY.day)] == ["kept"]


def test_a_locked_person_can_sign_out(locked: Session, token: str) -> None:
    sessions.end(token)
    assert sessions.find(token) is None


def test_locking_twice_keeps_the_first_moment(locked: Session) -> None:
    assert not account_locks.lock(locked.account_id)
    assert account_locks.unlock(locked.account_id)
    assert not account_locks.unlock(locked.account_id)


def test_others_notice_nothing(locked: Session, sign_up: Callable[..., str]) -> None:
    other = sessions.find(sign_up("Somebody else"))
    assert other is not None
    entries.add(other, replace(TODAY, id=secrets.token_hex(16)))


def test_a_lock_that_comes_while_signing_in_holds(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password takes a second to check, and the operator may be faster."""
    session, verify = sessions.find(token), accounts._verify
    assert session is not None

    def lock_meanwhile(password_hash: str, password: str) -> bool:
        account_locks.lock(session.account_id)
        return verify(password_hash, password)

    monkeypatch.setattr(accounts, "_verify", lock_meanwhile)
    with pytest.raises(errors.AccountLocked):
        accounts.sign_in("Jiwoo", PASSWORD, address=HERE)


def test_no_reminder_is_sent(locked: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.transaction() as db:
        db.table("reminders").insert(
            {"account_id": locked.account_id, "at": "20:00", "weekdays": "0123456", "since": database.now()}
        )
        db.table("reminder_addresses").insert(
            {
                "account_id": locked.account_id,
                "kind": addresses.MAIL,
                "sealed": b"x",
                "confirmed": 1,
                "created_at": database.now(),
            }
        )
    reminded: list[str] = []
    monkeypatch.setattr(sender, "_remind", lambda occasion, row, *_: reminded.append(row["account_id"]))
    sender.send_due(lambda: datetime.now(UTC))
    assert reminded == []
    account_locks.unlock(locked.account_id)
    sender.send_due(lambda: datetime.now(UTC))
    assert reminded == [locked.account_id]
