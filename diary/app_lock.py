"""The app lock: after some idle minutes, or at once, a session loses its copy of the data key.

While a session is open, its cookie alone unwraps the key. Locking deletes that copy. What is left is a copy that needs
the PIN and the cookie, if this browser has a PIN, and the one that needs the password. So a guessed PIN opens nothing
in a stolen database, and a stolen cookie opens nothing while Haru is locked.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sqlite_utils import Database

from diary import (
    accounts,
    database,
    errors,
    idle,
    ledger,
    passkeys,
    preferences,
    sessions,
    slow_hashes,
    throttle,
    vault,
)
from diary.sessions import Session
from diary.vault import Vault

AFTER = preferences.one_of(idle.PREFERENCE, *idle.MINUTES)
"""After how many idle minutes Haru locks itself, in every browser of the person; 0 is never."""
PIN_MIN, PIN_MAX = 4, 12
WRONG_PINS_MAX = 10
"""So many wrong PINs delete the PIN: only the password, or a passkey, opens this browser then."""
_TYPED_MAX = 64
_BY_PIN = throttle.Limit("pin", free=3, reset_after=timedelta(hours=24))


@dataclass(frozen=True)
class Locked:
    """A session that is locked."""

    account_id: str
    token_hash: str
    language: str
    has_pin: bool


def find(token: object) -> Locked | None:
    """The locked session of a cookie; None for an open or ended one."""
    row = sessions.find_locked(token)
    if row is None:
        return None
    return Locked(row["account_id"], row["token_hash"], row["language"], row["key_by_pin"] is not None)


def choose_minutes(session: Session, minutes: int) -> None:
    """Stores after how many minutes Haru locks itself. The choice itself is activity in this browser."""
    with sessions.transaction(session) as db:
        _note_activity(db, session.token_hash)
    AFTER.choose(session, minutes)


def note_activity(session: Session) -> None:
    """Call it when the person did something: pressed a key, touched, scrolled. What pages do by themselves is none."""
    with sessions.transaction(session) as db:
        _note_activity(db, session.token_hash)


def _note_activity(db: Database, token_hash: str) -> None:
    db.execute("update sessions set active_at = ? where token_hash = ?", [database.now(), token_hash])


def lock(token_hash: str) -> None:
    """Deletes the session's copy of the data key. Nothing that a person typed is in it."""
    with database.transaction() as db:
        db.execute(
            "update sessions set data_key = x'', locked_at = ? where token_hash = ? and locked_at is null",
            [database.now(), token_hash],
        )


def lock_idle() -> list[str]:
    """Locks the sessions in which nobody did anything for too long; returns their hashes."""
    found = sessions.idle_sessions(datetime.now(UTC))
    for token_hash in found:
        lock(token_hash)
    return found


def has_pin(session: Session) -> bool:
    with database.connect() as db:
        return bool(db.table("sessions").count_where("token_hash = ? and key_by_pin is not null", [session.token_hash]))


def set_pin(session: Session, token: str, pin: str, password: str) -> None:
    """Gives this browser a PIN, in place of an earlier one, after the password."""
    pin = _checked(pin)
    accounts.confirm_password(session, password)
    salt = os.urandom(16)
    with slow_hashes.place():
        key = vault.key_from_pin(pin, salt, token)
    with sessions.transaction(session) as db:
        db.execute(
            "update sessions set key_by_pin = ?, pin_salt = ?, wrong_pins = 0 where token_hash = ?",
            [session.vault.wrap_for(key, session.account_id), salt, session.token_hash],
        )
    throttle.reset(_BY_PIN, session.token_hash)


def remove_pin(session: Session, password: str) -> None:
    accounts.confirm_password(session, password)
    with sessions.transaction(session) as db:
        _delete_pin(db, session.token_hash)


def unlock_with_pin(token: str, pin: str) -> None:
    """Opens a locked session; raises `WrongPin`, and `NoPin` from the tenth wrong PIN in a row on."""
    locked = _locked(token)
    if not locked.has_pin:
        raise errors.NoPin()
    throttle.count((_BY_PIN, locked.token_hash))
    with database.transaction() as db:
        # Counted before it is judged: of many guesses at once, none is free.
        row = db.execute(
            "update sessions set wrong_pins = wrong_pins + 1 where token_hash = ? and wrong_pins < ? "
            "returning key_by_pin, pin_salt, wrong_pins",
            [locked.token_hash, WRONG_PINS_MAX],
        ).fetchone()
    if row is None or row[0] is None:
        raise errors.NoPin()
    wrapped, salt, wrong = row
    with slow_hashes.place():
        key = vault.key_from_pin(_tidy(pin), salt, token)
    try:
        opened = vault.unwrap(wrapped, key, locked.account_id)
    except errors.Unopenable as error:
        if wrong < WRONG_PINS_MAX:
            raise errors.WrongPin(left=WRONG_PINS_MAX - wrong) from error
        with database.transaction() as db:
            _delete_pin(db, locked.token_hash)
        raise errors.NoPin() from error
    _open(token, locked, opened)


def unlock_with_password(token: str, password: str) -> None:
    locked = _locked(token)
    _open(token, locked, accounts.open_with_password(locked.account_id, locked.token_hash, password))


def unlock_with_passkey(token: str, read_answer: Callable[[], passkeys.Answer]) -> None:
    """Opens a locked session; raises `PasskeyUnknown` for a passkey of another account.

    `read_answer` is called once the try is counted.
    """
    locked = _locked(token)
    throttle.count((throttle.BY_SESSION, locked.token_hash))
    opened = passkeys.open(read_answer())
    if opened.account_id != locked.account_id:
        raise errors.PasskeyUnknown()
    throttle.reset(throttle.BY_SESSION, locked.token_hash)
    _open(token, locked, opened.vault)


def _open(token: str, locked: Locked, opened: Vault) -> None:
    wrapped = opened.wrap_for(vault.key_from_token(token), locked.account_id)
    with database.transaction() as db:
        ledger.ensure(db, locked.account_id, opened)
        # Not where somebody signed this browser out meanwhile: an ended session has no row.
        db.execute(
            "update sessions set data_key = ?, locked_at = null, active_at = ?, wrong_pins = 0 where token_hash = ?",
            [wrapped, database.now(), locked.token_hash],
        )
    throttle.reset(_BY_PIN, locked.token_hash)


def _locked(token: str) -> Locked:
    locked = find(token)
    if locked is None:
        raise errors.SessionEnded()
    return locked


def _delete_pin(db: Database, token_hash: str) -> None:
    db.execute(
        "update sessions set key_by_pin = null, pin_salt = null, wrong_pins = 0 where token_hash = ?", [token_hash]
    )


def _checked(pin: str) -> str:
    digits = _tidy(pin)
    if not re.fullmatch(rf"[0-9]{{{PIN_MIN},{PIN_MAX}}}", digits):
        raise errors.PinUnusable(least=PIN_MIN, most=PIN_MAX)
    if _is_easy(digits):
        raise errors.PinTooEasy()
    return digits


def _is_easy(digits: str) -> bool:
    """One digit again and again, digits in a row up or down, or a short group that repeats: 0000, 1234, 4321, 1212."""
    steps = {int(second) - int(first) for first, second in pairwise(digits)}
    repeats = any(
        digits == (digits[:length] * len(digits))[: len(digits)] for length in (2, 3) if length < len(digits) - 1
    )
    return steps in ({0}, {1}, {-1}) or repeats


def _tidy(pin: str) -> str:
    """The digits as 0 to 9, whatever a keyboard makes of them, without spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", pin[:_TYPED_MAX]))
