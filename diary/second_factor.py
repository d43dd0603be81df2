"""A second factor: codes of an authenticator app (TOTP, RFC 6238) that signing in by password asks for.

The app's secret is sealed by the data key, so a stolen database does not reveal it. It opens only after the password
did, so between password and code a sign-in is pending: a cookie of its own holds the key, and no session exists yet.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pyotp import random_base32
from pyotp.totp import TOTP
from sqlite_utils import Database

from diary import database, errors, guesses, sessions, throttle, vault
from diary.sessions import Session
from diary.vault import Vault

PENDING_LIFETIME = timedelta(minutes=5)
BACKUP_CODES = 10
_SETUP_LIFETIME = timedelta(minutes=15)
_STEP = 30  # seconds, as every authenticator app expects
_STEPS_OFF = 1  # so far may the clock of a phone be off
_CODE_MAX = 64  # characters that are looked at


@dataclass(frozen=True)
class CodeNeeded:
    """The password was right; this token and a code together start the session."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class Setup:
    """A secret that the person puts into an app, before it counts."""

    secret: str = field(repr=False)
    address: str = field(repr=False)
    """What the QR code holds."""
    sealed: str = field(repr=False)
    """The secret for the form that confirms it; only this person's vault opens it."""


@dataclass(frozen=True)
class State:
    since: datetime
    backup_codes_left: int


def start_session(account_id: str, opened: Vault) -> str | CodeNeeded:
    """What follows a right password: a session's token, or the need for a code."""
    if not is_on(account_id):
        return sessions.start(account_id, opened)
    token = secrets.token_urlsafe(32)
    moment = datetime.now(UTC)
    with database.transaction() as db:
        db.execute("delete from pending_sign_ins where expires_at < ?", [database.timestamp(moment)])
        db.table("pending_sign_ins").insert(
            {
                "token_hash": _hash(token),
                "account_id": account_id,
                "data_key": opened.wrap_for(vault.key_from_token(token), account_id),
                "expires_at": database.timestamp(moment + PENDING_LIFETIME),
            }
        )
    return CodeNeeded(token)


def complete(token: str, code: str, *, browser: str = "") -> str:
    """The token of a session, for a pending sign-in and a right code; raises `SignInTooOld` or `WrongCode`.

    `browser` is the cookie by which an account knows a browser.
    """
    with database.connect() as db:
        row = next(
            db.query(
                "select * from pending_sign_ins where token_hash = ? and expires_at >= ?",
                [_hash(token), database.now()],
            ),
            None,
        )
    if row is None:
        raise errors.SignInTooOld()
    account_id = row["account_id"]
    guess = guesses.of_second_factor(account_id, browser)
    guess.count()
    opened = vault.unwrap(row["data_key"], vault.key_from_token(token), account_id)
    _use(account_id, opened, code)
    guess.was_right()
    with database.transaction() as db:
        if not db.execute("delete from pending_sign_ins where token_hash = ?", [row["token_hash"]]).rowcount:
            raise errors.SignInTooOld()
    return sessions.start(account_id, opened)


def is_pending(token: str) -> bool:
    return _pending(token) is not None


def is_on(account_id: str) -> bool:
    with database.connect() as db:
        return bool(db.table("second_factors").count_where("account_id = ?", [account_id]))


def state(session: Session) -> State | None:
    """Since when a code is asked for, and how many backup codes are left; None if no code is."""
    with database.connect() as db:
        row = next(db.query("select since from second_factors where account_id = ?", [session.account_id]), None)
        left = db.table("backup_codes").count_where("account_id = ?", [session.account_id])
    return State(datetime.fromisoformat(row["since"]), left) if row else None


def begin(session: Session) -> Setup:
    """A new secret. Nothing is stored until `switch_on` gets its first code."""
    secret = random_base32()
    until = time.time() + _SETUP_LIFETIME.total_seconds()
    sealed = session.vault.seal_json({"secret": secret, "until": until}, _about_setup(session))
    return Setup(secret, _address(session, secret), urlsafe_b64encode(sealed).decode())


def opened_setup(session: Session, sealed: str) -> Setup:
    """What `begin` made, from the form that holds it; raises `SetupTooOld`."""
    try:
        content = session.vault.open_json(urlsafe_b64decode(sealed.encode()), _about_setup(session))
        secret, until = content["secret"], content["until"]
    except (ValueError, TypeError, KeyError, errors.Unopenable) as error:
        raise errors.SetupTooOld() from error
    if time.time() >= until:
        raise errors.SetupTooOld()
    return Setup(secret, _address(session, secret), sealed)


def switch_on(session: Session, setup: Setup, code: str) -> list[str]:
    """From now on signing in by password asks for a code. Returns the backup codes, which are shown once."""
    throttle.count((throttle.CODES_BY_SESSION, session.token_hash))
    step = _step_of(setup.secret, _tidy(code))
    if step is None:
        raise errors.WrongCode()
    throttle.reset(throttle.CODES_BY_SESSION, session.token_hash)
    row = {
        "account_id": session.account_id,
        "sealed": session.vault.seal_json({"secret": setup.secret}, _about(session.account_id)),
        "last_step": step,
        "since": database.now(),
    }
    with sessions.transaction(session) as db:
        db.table("second_factors").upsert(row, pk="account_id")
        return _new_backup_codes(db, session)


def renew_backup_codes(session: Session) -> list[str]:
    """Replaces all backup codes; the old ones count no more."""
    with sessions.transaction(session) as db:
        if not db.table("second_factors").count_where("account_id = ?", [session.account_id]):
            raise errors.SecondFactorOff()
        return _new_backup_codes(db, session)


def switch_off(session: Session) -> None:
    with sessions.transaction(session) as db:
        delete(db, session.account_id)


def delete(db: Database, account_id: str) -> None:
    """Within a transaction: no code is asked for any more. The recovery code does this too."""
    for table in ("second_factors", "backup_codes", "pending_sign_ins"):
        db.table(table).delete_where("account_id = ?", [account_id])


def _pending(token: str) -> dict | None:
    statement = "select * from pending_sign_ins where token_hash = ? and expires_at >= ?"
    with database.connect() as db:
        return next(db.query(statement, [_hash(token), database.now()]), None)


def _use(account_id: str, opened: Vault, code: str) -> None:
    """Uses up a code of the app or a backup code; raises `WrongCode` for any other."""
    with database.connect() as db:
        row = next(db.query("select * from second_factors where account_id = ?", [account_id]), None)
        backups = list(db.query("select id, sealed from backup_codes where account_id = ?", [account_id]))
    if row is None:  # switched off in another browser meanwhile
        return
    tidy = _tidy(code)
    try:
        secret = opened.open_json(row["sealed"], _about(account_id))["secret"]
    except errors.Unopenable:  # damaged: backup codes and the recovery code still work
        secret = None
    if secret and (step := _step_of(secret, tidy)) is not None:
        statement = "update second_factors set last_step = ? where account_id = ? and last_step < ?"
        values: Sequence[object] = [step, account_id, step]
    elif (used := _backup_of(opened, backups, tidy)) is not None:
        statement, values = "delete from backup_codes where id = ?", [used]
    else:
        raise errors.WrongCode()
    with database.transaction() as db:
        if not db.execute(statement, values).rowcount:  # the same code, or a newer one, came before
            raise errors.WrongCode()


def _step_of(secret: str, code: str) -> int | None:
    """The step of time that a code is of, if it is a recent one."""
    if len(code) != 6 or not code.isascii():
        return None
    here = int(time.time()) // _STEP
    steps = range(here - _STEPS_OFF, here + _STEPS_OFF + 1)
    totp = TOTP(secret)
    return next((step for step in steps if hmac.compare_digest(totp.at(step * _STEP), code)), None)


def _backup_of(opened: Vault, rows: list[dict], code: str) -> str | None:
    for row in rows:
        try:
            kept = opened.open(row["sealed"], _about_backup(row["id"])).decode()
        except errors.Unopenable:
            continue
        if hmac.compare_digest(kept.encode(), vault.tidy_recovery_code(code).encode()):
            return row["id"]
    return None


def _new_backup_codes(db: Database, session: Session) -> list[str]:
    # Two groups of a recovery code are 50 bits: with the throttle, nobody guesses one.
    codes = ["-".join(vault.new_recovery_code().split("-")[:2]) for _ in range(BACKUP_CODES)]
    db.table("backup_codes").delete_where("account_id = ?", [session.account_id])
    for code in codes:
        code_id = secrets.token_hex(16)
        sealed = session.vault.seal(vault.tidy_recovery_code(code).encode(), _about_backup(code_id))
        db.table("backup_codes").insert({"id": code_id, "account_id": session.account_id, "sealed": sealed})
    return codes


def _tidy(code: str) -> str:
    return "".join(unicodedata.normalize("NFKC", code[:_CODE_MAX]).split())


def _address(session: Session, secret: str) -> str:
    return TOTP(secret).provisioning_uri(name=session.name, issuer_name="Haru")


def _about(account_id: str) -> str:
    return f"second factor of {account_id}"


def _about_setup(session: Session) -> str:
    return f"second factor that {session.token_hash} sets up"


def _about_backup(code_id: str) -> str:
    return f"backup code {code_id}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
