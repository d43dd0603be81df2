"""A restore undoes no decision of the operator: locks and invitations."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from backups import restore
from diary import account_locks, accounts, consents, database, errors, invitations, sessions
from tests.conftest import PASSWORD
from web import admin

Account = Callable[..., str]


@pytest.fixture
def account(data_folder: Path, quick_argon2: None) -> Account:
    def sign_up(name: str, invitation: str = "") -> str:
        new = accounts.NewAccount(
            name, PASSWORD, date(1995, 1, 1), [consents.DIARY], "en", "Asia/Seoul", invitation=invitation
        )
        session = sessions.find(accounts.sign_up(new, today=date(2026, 1, 2), address="192.0.2.1"))
        assert session is not None
        return session.account_id

    return sign_up


def locked() -> set[str]:
    with database.connect() as db:
        return {row["account_id"] for row in db.table("account_locks").rows}


def test_who_is_locked_now_is_locked_after_the_restore(
    account: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    since, opened, deleted = account("Locked since"), account("Unlocked since"), account("Deleted since")
    for one in (opened, deleted):
        account_locks.lock(one)
    database.backup(tmp_path / "backup.db")
    account_locks.lock(since)
    account_locks.unlock(opened)
    with database.transaction() as db:
        db.table("accounts").delete(deleted)
    account_locks.lock(account("Newer than the backup"))

    assert admin.main(["restore", str(tmp_path / "backup.db")]) == 0
    told = capsys.readouterr().out
    assert locked() == {since, deleted}
    with pytest.raises(errors.AccountLocked):
        accounts.sign_in("Locked since", PASSWORD, address="192.0.2.1")
    assert accounts.sign_in("Unlocked since", PASSWORD, address="192.0.2.1")
    assert "Locked accounts: 2. They stay locked" in told
    assert "unlocked since the backup: 1. They stay unlocked" in told
    assert "that the backup does not have: 1. These people can sign up again" in told


def test_without_the_present_database_the_locks_of_the_backup_hold_and_the_command_says_so(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    person = account("Jiwoo")
    account_locks.lock(person)
    invitations.new()
    backup = tmp_path / "backup.db"
    database.backup(backup)

    account_locks.unlock(person)
    database.path().write_bytes(b"this is no database" * 100)
    assert admin.main(["restore", str(backup)]) == 0
    told = capsys.readouterr().out
    assert locked() == {person}
    assert "It is damaged, so the locks of the backup hold: lock again whom you have locked since." in told
    assert "Invitations of the backup that are not valid any more: 1." in told

    monkeypatch.setenv("HARU_DATA", str(tmp_path / "new"))
    assert admin.main(["restore", str(backup), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert locked() == {person}
    assert (facts["locked"], facts["locks_and_invitations_of"], facts["ended_invitations"]) == (1, "backup", 1)


def test_an_invitation_holds_after_the_restore_only_if_it_holds_now(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, used_before = invitations.new()
    guest = account("Came before", used_before)
    (_, used_since), (revoked, revoked_token), (_, open_token) = (invitations.new() for _ in range(3))
    database.backup(tmp_path / "backup.db")
    account("Came since", used_since)
    invitations.revoke(revoked.id)
    _, newer = invitations.new()

    assert admin.main(["restore", str(tmp_path / "backup.db")]) == 0
    assert "not valid any more: 2." in capsys.readouterr().out
    monkeypatch.setenv("HARU_SIGN_UP", "invited")
    for token in (open_token, newer):
        invitations.check(token)
    for token in (used_before, used_since):
        with pytest.raises(errors.InvitationUsed):
            invitations.check(token)
    with pytest.raises(errors.InvitationUnknown):
        invitations.check(revoked_token)
    assert {one.id: one.account_id for one in invitations.every() if one.account_id} == {first.id: guest}


def test_whom_an_invitation_brought_stays_known_after_their_account_comes_back(
    account: Account, tmp_path: Path
) -> None:
    _, token = invitations.new()
    guest = account("Guest", token)
    database.backup(tmp_path / "backup.db")
    with database.transaction() as db:
        db.table("accounts").delete(guest)
    _, other = invitations.new()  # it has the number of the other one, which went with the account
    restore.restore(tmp_path / "backup.db")
    by_account = {one.account_id: one for one in invitations.every()}
    assert set(by_account) == {guest, None}
    assert by_account[guest].used_at is not None
    invitations.check(other)


def test_a_database_of_an_earlier_haru_has_locked_nobody(account: Account, tmp_path: Path) -> None:
    person = account("Jiwoo")
    database.backup(tmp_path / "backup.db")
    with database.transaction() as db:
        db.execute("drop table account_locks")
        db.execute("drop table invitations")
    assert restore.restore(tmp_path / "backup.db").carried_over.locked == 0
    assert person not in locked()
