"""Accounts: signs people up and in, changes and recovers passwords, deletes accounts.

It checks every rule again, whatever the form checked. Password hashing (Argon2id) is slow on purpose, so callers use a
worker thread.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlite_utils import Database

from diary import (
    account_locks,
    common_passwords,
    consents,
    database,
    errors,
    guesses,
    identities,
    invitations,
    ledger,
    names,
    second_factor,
    sessions,
    slow_hashes,
    throttle,
    vault,
)
from diary.identities import Identity
from diary.second_factor import CodeNeeded
from diary.sessions import Session
from diary.vault import Vault

PASSWORD_MIN, PASSWORD_MAX = 10, 256
AGE_MIN = 14  # Korea's PIPA requires a guardian's consent for younger people, and Haru cannot ask for it
AGE_MAX = 120

_hasher = PasswordHasher()
# Verified for unknown names, so that signing in takes as long as for known ones.
_UNKNOWN_NAME_HASH = _hasher.hash(secrets.token_urlsafe(16))
# The same for recovery codes; no code opens it.
_UNKNOWN_NAME = {"id": "", "key_by_recovery": vault.new().wrap_for(os.urandom(vault.KEY_BYTES), "")}


@dataclass(frozen=True)
class NewAccount:
    """The content of the sign-up form."""

    name: str
    password: str = field(repr=False)
    born: date
    """Checked, not stored."""
    allowed: Iterable[str]
    """The kinds of consent that the person gives."""
    language: str
    timezone: str
    invitation: str = field(default="", repr=False)
    """The token of the link that the person opened, if any."""
    identity: Identity | None = None
    """Whom the organisation's provider named, if anybody: the account is linked to them."""
    is_vouched_for: bool = False
    """Whether that is enough to come in (HARU_OIDC_SIGN_UP)."""


@slow_hashes.place()
def sign_up(new: NewAccount, *, today: date, address: str) -> str:
    """Makes an account and signs it in; returns the session token."""
    allowed = frozenset(new.allowed)
    if consents.DIARY not in allowed:
        raise errors.StorageNotAllowed()
    check_age(new.born, today)
    shown = names.tidy(new.name)
    compared = names.compared(shown)
    password = check_password(new.password, compared)
    throttle.count((throttle.SIGN_UPS_BY_ADDRESS, throttle.network_of(address)))
    if not new.is_vouched_for:
        invitations.check(new.invitation)  # also before the slow hashes
    account_id, salt, opened = secrets.token_hex(16), os.urandom(16), vault.new()
    row = {
        "id": account_id,
        **names.sealed_copies(shown, account_id, opened),
        "password_hash": _hasher.hash(password),
        "password_salt": salt,
        "key_by_password": opened.wrap_for(vault.key_from_password(password, salt), account_id),
        "language": new.language,
        "timezone": new.timezone,
        "created_at": database.now(),
        "learns_since": database.now(),
    }
    with database.connect() as db:
        row["name_hash"] = names.hashed(db, compared)
    with database.transaction() as db:
        invitation_id = _invitation(db, new)
        try:
            db.table("accounts").insert(row)
        except sqlite3.IntegrityError as error:
            raise errors.NameTaken() from error
        if invitation_id is not None:
            invitations.use_up(db, invitation_id, account_id)
        if new.identity is not None:  # in one transaction: else two tabs could make two accounts of one identity
            identities.link_new(db, account_id, new.identity)
        ledger.begin(db, account_id, opened)
        for kind in (consents.DIARY, *consents.OPTIONAL):
            if kind in allowed:
                consents.insert(db, account_id, kind)
    return sessions.start(account_id, opened)


def _invitation(db: Database, new: NewAccount) -> int | None:
    """The invitation that the account uses up, also where its person could have come in without one."""
    try:
        return invitations.usable(db, new.invitation)
    except errors.SignUpRefused:
        if new.is_vouched_for:
            return None
        raise


@slow_hashes.place()
def sign_in(name: str, password: str, *, address: str, browser: str = "") -> str | CodeNeeded:
    """Returns a new session token, or the need for a code; raises `SignInFailed` for a wrong name or password alike.

    `browser` is the cookie by which an account knows a browser.
    """
    if names.is_too_long_to_compose(password, PASSWORD_MAX) or names.is_too_long_to_compose(name, names.NAME_MAX):
        raise errors.SignInFailed()
    compared, password = names.compared(name), _normalised(password)
    if len(password) > PASSWORD_MAX:
        raise errors.SignInFailed()
    guesses.check_password_may_be_tried(compared, address, browser)
    row = _by_name(compared)
    guess = guesses.of_password(compared, row, address, browser)
    guess.count()
    opened, columns = _opened(row, password)
    assert row is not None  # nothing opens for an unknown name
    _renew(row, opened, names.renewed_copies(row, opened, name) | columns)
    guess.was_right()
    return second_factor.start_session(row["id"], opened)


@slow_hashes.place()
def sign_in_as(account_id: str, password: str, *, address: str, browser: str = "") -> str | CodeNeeded:
    """As `sign_in`, for a person whom the organisation's provider named: no name is guessed."""
    if names.is_too_long_to_compose(password, PASSWORD_MAX):
        raise errors.WrongPassword()
    row, password = _by_id(account_id), _normalised(password)
    guess = guesses.of_password(account_id, row, address, browser)
    guess.count()
    try:
        opened, columns = _opened(row, password)
    except errors.SignInFailed as error:
        raise errors.WrongPassword() from error
    _renew(row, opened, columns)
    guess.was_right()
    return second_factor.start_session(account_id, opened)


def _opened(row: dict | None, password: str) -> tuple[Vault, dict[str, object]]:
    """The vault that the password opens, and what to store anew; raises `SignInFailed` also for an unknown name."""
    if not _verify(row["password_hash"] if row else _UNKNOWN_NAME_HASH, password) or row is None:
        raise errors.SignInFailed()
    key = vault.key_from_password(password, row["password_salt"])
    try:
        opened = vault.unwrap(row["key_by_password"], key, row["id"])
    except errors.Unopenable as error:  # the password is right, so its copy of the key is damaged
        raise errors.KeyDamaged() from error
    columns = _renewed_hash(row, password)
    if vault.is_unpadded(row["key_by_password"]):
        columns["key_by_password"] = opened.wrap_for(key, row["id"])
    return opened, columns


@slow_hashes.place()
def confirm_password(session: Session, password: str) -> None:
    """Checks the password again before an action for which a session is not enough; it has its own throttle."""
    _confirm(_by_id(session.account_id), session.token_hash, password)


@slow_hashes.place()
def open_with_password(account_id: str, token_hash: str, password: str) -> Vault:
    """Opens the diary of a locked session again, under the throttle of `confirm_password`."""
    row = _by_id(account_id)
    _confirm(row, token_hash, password)
    try:
        key = vault.key_from_password(_normalised(password), row["password_salt"])
        return vault.unwrap(row["key_by_password"], key, account_id)
    except errors.Unopenable as error:
        raise errors.KeyDamaged() from error


def _confirm(row: Mapping, token_hash: str, password: str) -> None:
    throttle.count((throttle.BY_SESSION, token_hash))
    if names.is_too_long_to_compose(password, PASSWORD_MAX) or not _verify(row["password_hash"], _normalised(password)):
        raise errors.WrongPassword()
    throttle.reset(throttle.BY_SESSION, token_hash)


def change_password(session: Session, old: str, new: str) -> str:
    """Ends every session, this one too, and returns the token of a new one."""
    new = check_password(new, names.compared(session.name))
    confirm_password(session, old)
    _set_password(session.account_id, session.vault, new)
    return sessions.start(session.account_id, session.vault)


def recover(name: str, code: str, new: str, *, address: str, browser: str = "") -> str:
    """Sets a new password with the recovery code; the diary stays readable. Returns a new session token.

    It asks for no second factor, but switches it off: who lost the phone must not lose the diary with it.

    `browser` is the cookie by which an account knows a browser.
    """
    if names.is_too_long_to_compose(name, names.NAME_MAX):
        raise errors.WrongRecoveryCode()
    compared = names.compared(name)
    new = check_password(new, compared)
    guesses.check_code_may_be_tried(compared, address, browser)
    with slow_hashes.place():
        row = _by_name(compared)
    guess = guesses.of_code(compared, row, address, browser)
    guess.count()
    account = row if row is not None and row["key_by_recovery"] is not None else _UNKNOWN_NAME
    try:
        opened = vault.unwrap(account["key_by_recovery"], vault.key_from_recovery_code(code), account["id"])
    except errors.Unopenable as error:
        raise errors.WrongRecoveryCode() from error
    _set_password(account["id"], opened, new)
    _renew(account, opened, names.renewed_copies(account, opened, name))
    with database.transaction() as db:
        second_factor.delete(db, account["id"])
    guess.was_right()
    return sessions.start(account["id"], opened)


def recovery_code(session: Session) -> str | None:
    """The recovery code for the person to write down; None after `note_recovery_code`."""
    row = _by_id(session.account_id)
    about = f"recovery code of {session.account_id}"
    if row["pending_code"] is not None:
        try:
            return session.vault.open(row["pending_code"], about).decode()
        except errors.Unopenable as error:
            raise errors.RecoveryCodeDamaged() from error
    if row["key_by_recovery"] is not None:
        return None
    code = vault.new_recovery_code()
    with sessions.transaction(session) as db:
        changed = db.execute(
            "update accounts set key_by_recovery = ?, pending_code = ? where id = ? and key_by_recovery is null",
            [
                session.vault.wrap_for(vault.key_from_recovery_code(code), session.account_id),
                session.vault.seal(code.encode(), about),
                session.account_id,
            ],
        ).rowcount
    return code if changed else recovery_code(session)  # another tab made one first


def note_recovery_code(session: Session) -> None:
    """Deletes the readable copy of the code, once the person has written it down."""
    with sessions.transaction(session) as db:
        db.execute("update accounts set pending_code = null where id = ?", [session.account_id])


def renew_recovery_code(session: Session, password: str) -> None:
    """Invalidates the old code; `recovery_code` then makes a new one."""
    confirm_password(session, password)
    with sessions.transaction(session) as db:
        db.execute("update accounts set key_by_recovery = null, pending_code = null where id = ?", [session.account_id])


def set_language(session: Session, language: str) -> None:
    with sessions.transaction(session) as db:
        db.table("accounts").update(session.account_id, {"language": language})


def set_timezone(session: Session, timezone: str) -> None:
    with sessions.transaction(session) as db:
        db.table("accounts").update(session.account_id, {"timezone": timezone})


def delete(session: Session) -> None:
    """Deletes all data of this person from the file: rows, free pages and write-ahead log."""
    throttle.reset(throttle.BY_SESSION, session.token_hash)
    delete_by_id(session.account_id, session.name)


def delete_by_id(account_id: str, name: str) -> bool:
    """What `delete` does, for the operator; returns what `database.erase_deleted` returns."""
    with database.transaction() as db:
        db.table("accounts").delete(account_id)
    for limit in (throttle.BY_NAME, throttle.RECOVERY_BY_NAME):
        throttle.reset(limit, names.compared(name))
    return database.erase_deleted()


@slow_hashes.place()
def find_id(name: str) -> str | None:
    """The id of the account with this name, however it is written; for the operator."""
    row = None if names.is_too_long_to_compose(name, names.NAME_MAX) else _by_name(names.compared(name))
    return row["id"] if row else None


def shown_names() -> dict[str, str | None]:
    """The names of all accounts, as their people wrote them, by id; for the operator.

    None where another server's secret sealed the name, until the person signs in.
    """
    with database.connect() as db:
        return {row["id"]: names.for_operator(row) for row in db.query("select id, server_name from accounts")}


def check_age(born: date, today: date) -> None:
    """Raises an error for an impossible birth date or a person younger than `AGE_MIN`."""
    if born > today or born.year < today.year - AGE_MAX:
        raise errors.BirthDateUnusable()
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    if today.year - born.year - (not had_birthday) < AGE_MIN:
        raise errors.TooYoung(age=AGE_MIN)


def check_password(password: str, compared_name: str) -> str:
    """The password in the form in which Haru hashes it; raises an error if it does not follow the rules."""
    if names.is_too_long_to_compose(password, PASSWORD_MAX):
        raise errors.PasswordTooLong(characters=PASSWORD_MAX)
    password = _normalised(password)
    if len(password) < PASSWORD_MIN:
        raise errors.PasswordTooShort(characters=PASSWORD_MIN)
    if len(password) > PASSWORD_MAX:
        raise errors.PasswordTooLong(characters=PASSWORD_MAX)
    if common_passwords.is_made_of(password.casefold(), (compared_name,)):
        raise errors.PasswordIsName()
    if common_passwords.is_common(password) or common_passwords.is_made_of(
        password.casefold(), (compared_name, *common_passwords.WORDS)
    ):
        raise errors.PasswordTooCommon()
    return password


@slow_hashes.place()
def _set_password(account_id: str, opened: Vault, password: str) -> None:
    salt = os.urandom(16)
    changed = {
        "password_hash": _hasher.hash(password),
        "password_salt": salt,
        "key_by_password": opened.wrap_for(vault.key_from_password(password, salt), account_id),
    }
    with database.transaction() as db:
        account_locks.refuse_locked(db, account_id)
        ledger.ensure(db, account_id, opened)
        db.table("accounts").update(account_id, changed)
        sessions.delete_all(db, account_id)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def _normalised(password: str) -> str:
    # A Mac types decomposed Hangul and a phone composed: both must be the same password.
    return unicodedata.normalize("NFKC", password)


def _renew(account: Mapping, opened: Vault, columns: Mapping[str, object]) -> None:
    if columns:
        with database.transaction() as db:
            ledger.ensure(db, account["id"], opened)
            db.table("accounts").update(account["id"], dict(columns))


def _renewed_hash(account: Mapping, password: str) -> dict[str, object]:
    is_old = _hasher.check_needs_rehash(account["password_hash"])
    return {"password_hash": _hasher.hash(password)} if is_old else {}


def _by_name(compared: str) -> dict | None:
    """The row of a name; takes as long for a name that nobody has."""
    with database.connect() as db:
        return next(db.query("select * from accounts where name_hash = ?", [names.hashed(db, compared)]), None)


def _by_id(account_id: str) -> dict:
    with database.connect() as db:
        row = next(db.query("select * from accounts where id = ?", [account_id]), None)
    if row is None:
        raise errors.SessionEnded()
    return row
