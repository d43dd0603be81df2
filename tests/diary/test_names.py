"""Names stand nowhere in clear, and everybody gets in all the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from diary import accounts, database, errors, names, server_secret, sessions, throttle, vault
from diary.sessions import Session
from diary.transfer import export
from tests.conftest import PASSWORD
from tests.diary.test_migrations import NOW, up_to

HERE = "192.0.2.1"


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def in_every_encoding(name: str) -> list[bytes]:
    return [form.encode(encoding) for form in {name, name.casefold()} for encoding in ("utf-8", "utf-16-le")]


def lose_the_secret(folder: Path) -> None:
    (folder / server_secret.FILE).unlink()


def test_a_name_is_shown_and_found_but_not_in_the_file(sign_up: Callable[..., str], data_folder: Path) -> None:
    session = sessions.find(sign_up("Sentinel Jiwoo"))
    assert session is not None
    assert session.name == "Sentinel Jiwoo"
    assert b'"name": "Sentinel Jiwoo"' in export.as_json(session)
    with pytest.raises(errors.NameTaken):
        sign_up("sentinel JIWOO ")
    assert accounts.find_id("SENTINEL jiwoo") == session.account_id
    assert accounts.find_id("somebody") is None
    assert accounts.shown_names() == {session.account_id: "Sentinel Jiwoo"}
    with pytest.raises(errors.SignInFailed):
        accounts.sign_in("Sentinel Jiwoo", "wrong horse battery", address=HERE)
    assert not any(form in everything_in(data_folder) for form in in_every_encoding("Sentinel Jiwoo"))


def test_each_database_hashes_with_a_salt_of_its_own(
    person: Session, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.connect() as db:
        here = names.hashed(db, "jiwoo")
        assert here == names.hashed(db, "jiwoo") != names.hashed(db, "jiwoo2")
    monkeypatch.setenv("HARU_DATA", str(tmp_path_factory.mktemp("another")))
    database.prepare()
    with database.connect() as db:
        assert names.hashed(db, "jiwoo") != here


def test_a_backup_without_the_secret_lets_everybody_in(person: Session, data_folder: Path) -> None:
    lose_the_secret(data_folder)
    assert accounts.shown_names() == {person.account_id: None}
    token = accounts.sign_in("jiwoo", PASSWORD, address=HERE)
    found = sessions.find(token)
    assert found is not None
    assert found.name == "Jiwoo"  # as it was written, not as it was typed now
    assert accounts.shown_names() == {person.account_id: "Jiwoo"}


def test_recovery_renews_the_operators_copy_too(person: Session, data_folder: Path) -> None:
    code = accounts.recovery_code(person)
    assert code is not None
    lose_the_secret(data_folder)
    accounts.recover("Jiwoo", code, "staple and a new horse", address=HERE)
    assert accounts.shown_names() == {person.account_id: "Jiwoo"}


def test_a_damaged_copy_is_made_again(person: Session) -> None:
    for column in ("own_name", "server_name"):
        with database.transaction() as db:
            db.execute(f"update accounts set {column} = x'02'")
        assert sessions.find(accounts.sign_in("jiwoo", PASSWORD, address=HERE)).name == "Jiwoo"  # type: ignore[union-attr]
        assert accounts.shown_names() == {person.account_id: "Jiwoo"}


def test_without_both_copies_the_typed_name_counts(person: Session) -> None:
    with database.transaction() as db:
        db.execute("update accounts set own_name = null, server_name = x'02'")
    token = accounts.sign_in(" JIWOO", PASSWORD, address=HERE)
    assert sessions.find(token).name == "JIWOO"  # type: ignore[union-attr]


def test_a_session_without_any_copy_still_opens_its_diary(sign_up: Callable[..., str]) -> None:
    token = sign_up()
    with database.transaction() as db:
        db.execute("update accounts set own_name = null, server_name = x'02'")
    session = sessions.find(token)
    assert session is not None
    assert session.name == ""
    assert accounts.change_password(session, PASSWORD, "staple and a new horse")


def test_a_copy_does_not_open_in_another_account(person: Session, stranger: Session) -> None:
    with database.transaction() as db:
        (theirs,) = db.execute("select server_name from accounts where id = ?", [stranger.account_id]).fetchone()
        db.execute("update accounts set server_name = ? where id = ?", [theirs, person.account_id])
    assert accounts.shown_names() == {person.account_id: None, stranger.account_id: "Somebody else"}


def test_who_has_to_wait_is_refused_before_the_name_is_hashed(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise refusals, of which anybody can have any number, would take the places of those who sign in."""
    for number in range(throttle.BY_NAME.free):
        with pytest.raises(errors.SignInFailed):
            accounts.sign_in("Jiwoo", "wrong horse battery", address=f"203.0.113.{number}")
    monkeypatch.setattr(names, "hashed", lambda *_: pytest.fail("hashed"))
    for cookie in ("", "a.cookie.of.nobody"):
        with pytest.raises(errors.TooManyGuesses):
            accounts.sign_in("Jiwoo", PASSWORD, address=HERE, browser=cookie)


@pytest.fixture
def of_version_15(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_argon2: None) -> dict[str, vault.Vault]:
    """A database with two names in clear; returns the vaults by account id."""
    monkeypatch.setenv("HARU_DATA", str(tmp_path))
    with monkeypatch.context() as earlier:
        earlier.setattr(database, "migrations", up_to("0015_known_browsers"))
        database.prepare()
    vaults = {}
    salt = b"0" * 16
    for account_id, name in (("a" * 32, "Sentinel Jiwoo"), ("b" * 32, "센티널 하나")):
        opened = vaults[account_id] = vault.new()
        row = {
            "id": account_id,
            "name": names.compared(name),
            "shown_name": name,
            "password_hash": accounts._hasher.hash(PASSWORD),
            "password_salt": salt,
            "key_by_password": opened.wrap_for(vault.key_from_password(PASSWORD, salt), account_id),
            "language": "ko",
            "timezone": "Asia/Seoul",
            "created_at": NOW,
        }
        with database.transaction() as db:
            db.table("accounts").insert(row)
    return vaults


def test_the_migration_leaves_no_name_in_the_file(of_version_15: dict[str, vault.Vault], tmp_path: Path) -> None:
    # A connection that stays open keeps the write-ahead log, as a running server does.
    with closing(sqlite3.connect(database.path())) as other:
        other.execute("select count(*) from accounts").fetchone()
        with database.transaction() as db:
            db.execute("update accounts set language = 'en'")
        assert any(form in everything_in(tmp_path) for form in in_every_encoding("Sentinel Jiwoo"))
        database.prepare()
        for backup in (tmp_path / "backups").iterdir():  # of the earlier version, with its names
            backup.unlink()
        for name in ("Sentinel Jiwoo", "센티널 하나"):
            assert not any(form in everything_in(tmp_path) for form in in_every_encoding(name))
    assert accounts.shown_names() == {"a" * 32: "Sentinel Jiwoo", "b" * 32: "센티널 하나"}


def test_after_the_migration_everybody_gets_in(of_version_15: dict[str, vault.Vault], tmp_path: Path) -> None:
    database.prepare()
    account_id, opened = next(iter(of_version_15.items()))
    earlier = sessions.find(sessions.start(account_id, opened))
    assert earlier is not None
    assert earlier.name == "Sentinel Jiwoo"
    lose_the_secret(tmp_path)
    assert sessions.find(sessions.start(account_id, opened)).name == "Sentinel Jiwoo"  # type: ignore[union-attr]
    signed_in = sessions.find(accounts.sign_in("센티널 하나", PASSWORD, address=HERE))
    assert signed_in is not None
    assert signed_in.name == "센티널 하나"


def test_a_kill_before_the_erasing_is_made_up_for_at_the_next_start(
    of_version_15: dict[str, vault.Vault], monkeypatch: pytest.MonkeyPatch
) -> None:
    erased = []
    usual = database.erase_deleted

    def full() -> None:
        erased.append("tried")
        raise errors.DiskFull()

    monkeypatch.setattr(database, "erase_deleted", full)
    database.prepare()
    monkeypatch.setattr(database, "erase_deleted", lambda: erased.append("done") or usual())
    database.prepare()
    database.prepare()
    assert erased == ["tried", "done"]
