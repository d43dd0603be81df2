"""Who may make an account, and that an invitation makes exactly one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import settings
from diary import accounts, database, errors, invitations, sessions
from tests.conftest import PASSWORD

HERE = "192.0.2.1"


@pytest.fixture
def invited(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> None:
    monkeypatch.setenv("HARU_SIGN_UP", "invited")


def account_names() -> list[str]:
    return sorted(accounts.shown_names().values())


def test_without_a_setting_this_machine_is_open(sign_up: Callable[..., str]) -> None:
    for name in ("Jiwoo", "Minho"):
        assert invitations.mode() == "open"
        sign_up(name)


def test_without_a_setting_a_server_for_others_is_open_until_the_first_account(
    sign_up: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARU_ADDRESS", "0.0.0.0")  # noqa: S104
    assert invitations.mode() == "open"
    sign_up("The operator")
    assert invitations.mode() == "invited"
    with pytest.raises(errors.InvitationNeeded):
        sign_up("Jiwoo")
    monkeypatch.setenv("HARU_SIGN_UP", "open")
    sign_up("Jiwoo")


def test_of_two_first_people_at_once_one_comes_in(sign_up: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_ADDRESS", "0.0.0.0")  # noqa: S104
    assert sorted(at_once(monkeypatch, lambda name: sign_up(name))) == ["InvitationNeeded", "in"]
    assert len(account_names()) == 1


def test_an_invitation_brings_one_person(sign_up: Callable[..., str], invited: None, data_folder: Path) -> None:
    made, token = invitations.new()
    assert not made.is_expired
    assert len(token) * 6 >= 128
    assert token.encode() not in b"".join(file.read_bytes() for file in data_folder.glob("haru.db*"))
    session = sessions.find(sign_up("Jiwoo", invitation=token))
    (used,) = invitations.every()
    assert session is not None
    assert (used.id, used.account_id) == (made.id, session.account_id)
    with pytest.raises(errors.InvitationUsed):
        sign_up("Minho", invitation=token)
    assert account_names() == ["Jiwoo"]
    assert accounts.sign_in("Jiwoo", PASSWORD, address=HERE), "those who are in need no invitation"


def test_of_two_people_with_one_invitation_one_comes_in(
    sign_up: Callable[..., str], invited: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = invitations.new()
    assert sorted(at_once(monkeypatch, lambda name: sign_up(name, invitation=token))) == ["InvitationUsed", "in"]
    assert len(account_names()) == 1


def at_once(monkeypatch: pytest.MonkeyPatch, join: Callable[[str], object]) -> list[str]:
    """Two people whose first check passes before either account is made: what each of them is answered."""
    both, check, answers = threading.Barrier(2), invitations.check, []

    def check_together(token: str) -> None:
        check(token)
        both.wait(30)

    def sign_up_as(name: str) -> None:
        try:
            join(name)
            answers.append("in")
        except errors.DiaryError as error:
            answers.append(type(error).__name__)

    monkeypatch.setattr(invitations, "check", check_together)
    people = [threading.Thread(target=sign_up_as, args=[name]) for name in ("Jiwoo", "Minho")]
    for one in people:
        one.start()
    for one in people:
        one.join(60)
    return answers


@pytest.mark.parametrize("token", ["x", "", "\ud800", "a" * 100_000, "' or 1=1 --", None])
def test_a_wrong_link_brings_nobody(sign_up: Callable[..., str], invited: None, token: str | None) -> None:
    _, whole = invitations.new()
    given = whole[:-1] if token is None else token
    with pytest.raises(errors.InvitationUnknown if given else errors.InvitationNeeded):
        sign_up(invitation=given)
    assert account_names() == []


def test_an_invitation_expires(sign_up: Callable[..., str], invited: None) -> None:
    _, token = invitations.new(days=1)
    with database.transaction() as db:
        past = database.timestamp(datetime.now(UTC) - timedelta(seconds=1))
        db.execute("update invitations set expires_at = ?", [past])
    with pytest.raises(errors.InvitationExpired):
        sign_up(invitation=token)
    assert [invitation.is_expired for invitation in invitations.every()] == [True]


def test_a_revoked_invitation_is_worth_nothing_and_a_used_one_stays(sign_up: Callable[..., str], invited: None) -> None:
    (first, unused), (second, used) = invitations.new(), invitations.new()
    sign_up(invitation=used)
    assert invitations.revoke(first.id)
    assert not invitations.revoke(first.id)
    assert not invitations.revoke(second.id)
    with pytest.raises(errors.InvitationUnknown):
        sign_up("Minho", invitation=unused)
    assert [invitation.id for invitation in invitations.every()] == [second.id]


def test_closed_is_closed_with_an_invitation_too(
    sign_up: Callable[..., str], data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = invitations.new()
    monkeypatch.setenv("HARU_SIGN_UP", "closed")
    for given in ("", token):
        with pytest.raises(errors.SignUpClosed):
            sign_up(invitation=given)


def test_where_everybody_may_come_in_an_old_link_does_not_matter(sign_up: Callable[..., str]) -> None:
    _, token = invitations.new()
    sign_up("Jiwoo", invitation=token)
    sign_up("Minho", invitation=token)
    sign_up("Sora", invitation="x")
    assert [invitation.account_id is not None for invitation in invitations.every()] == [True]


def test_a_refused_sign_up_leaves_the_invitation(sign_up: Callable[..., str], invited: None) -> None:
    (_, first), (_, second) = invitations.new(), invitations.new()
    sign_up("Jiwoo", invitation=first)
    with pytest.raises(errors.NameTaken):
        sign_up("Jiwoo", invitation=second)
    with pytest.raises(errors.PasswordTooShort):
        sign_up("Minho", "short", invitation=second)
    sign_up("Minho", invitation=second)


def test_killed_between_the_account_and_the_end_of_its_transaction(invited: None, sign_up: Callable[..., str]) -> None:
    _, token = invitations.new()
    killed = """
import os, signal, sys
from datetime import date
from diary import accounts, consents
consents.insert = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
new = accounts.NewAccount("Jiwoo", sys.argv[1], date(1995, 5, 5), ["diary"], "en", "UTC", sys.argv[2])
accounts.sign_up(new, today=date(2026, 11, 20), address="192.0.2.1")
"""
    done = subprocess.run([sys.executable, "-c", killed, PASSWORD, token], cwd=settings.PROJECT, env=os.environ)
    assert done.returncode == -signal.SIGKILL
    assert account_names() == []
    sign_up("Jiwoo", invitation=token)


def test_no_account_of_somebody_deleted_is_named_by_an_invitation(sign_up: Callable[..., str], invited: None) -> None:
    _, token = invitations.new()
    session = sessions.find(sign_up(invitation=token))
    assert session is not None
    accounts.delete(session)
    assert invitations.every() == []
    with pytest.raises(errors.InvitationUnknown):
        sign_up(invitation=token)
