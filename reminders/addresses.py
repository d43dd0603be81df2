"""E-mail addresses and names in a channel that reminders go to. A code that is sent there confirms each of them.

So nobody makes Haru write to a stranger more than that one code.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from diary import database, errors, sessions, throttle
from diary.sessions import Session
from reminders import schedule, server_seal

log = logging.getLogger("haru.reminders")

MAIL, CHANNEL = "mail", "channel"
_VALID = {
    MAIL: re.compile(
        r"(?=.{3,254}$)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{1,62}"
    ),
    # Not enough to name another host or to add options to the operator's address (reminders/channel.py).
    CHANNEL: re.compile(r"[A-Za-z0-9_-]{1,64}"),
}
_CODE_LIFETIME = timedelta(minutes=15)
_CODE_TRIES = 5
_CODES_BY_ACCOUNT = throttle.Limit("reminder codes", free=6, reset_after=timedelta(hours=1))
_CODES_BY_ADDRESS = throttle.Limit("reminder codes to", free=4, reset_after=timedelta(hours=12))
_STOP_LINK = "link that stops reminders"


@dataclass(frozen=True)
class Address:
    text: str
    is_confirmed: bool


def propose(session: Session, kind: str, text: str) -> tuple[str, str]:
    """Stores an address that is not confirmed yet; returns it, tidied, with the code to send there."""
    address = text.strip()
    if not _VALID[kind].fullmatch(address):
        raise errors.AddressUnusable()
    throttle.count((_CODES_BY_ACCOUNT, session.account_id))
    throttle.count((_CODES_BY_ADDRESS, f"{kind} {address.casefold()}"))
    code = f"{secrets.randbelow(1_000_000):06}"
    expires = database.timestamp(datetime.now(UTC) + _CODE_LIFETIME)
    content = {"address": address, "code": code, "expires": expires, "tries": 0}
    with sessions.transaction(session) as db:
        db.table("reminder_addresses").upsert(_row(session, kind, content), pk=("account_id", "kind"))
    return address, code


def confirm(session: Session, kind: str, code: str) -> None:
    """Confirms the proposed address; raises `CodeWrong` for a wrong or old code, and after five tries."""
    with sessions.transaction(session) as db:
        row = next(db.query(_ONE, [session.account_id, kind]), None)
        content = _content(session.account_id, kind, row["sealed"]) if row and not row["confirmed"] else None
        if content is None:
            raise errors.CodeWrong()
        is_old = datetime.fromisoformat(content["expires"]) < datetime.now(UTC) or content["tries"] >= _CODE_TRIES
        is_right = hmac.compare_digest(content["code"].encode(), code.strip().encode(errors="replace"))
        if is_right and not is_old:
            changed = _row(session, kind, {"address": content["address"]}, confirmed=True)
            schedule.ensure(db, session)
        else:
            changed = _row(session, kind, content | {"tries": content["tries"] + 1})
        db.table("reminder_addresses").upsert(changed, pk=("account_id", "kind"))
    if not is_right or is_old:
        raise errors.CodeWrong()


def of(session: Session, kind: str) -> Address | None:
    """This person's address of this kind."""
    with database.connect() as db:
        row = next(db.query(_ONE, [session.account_id, kind]), None)
    content = _content(session.account_id, kind, row["sealed"]) if row else None
    return Address(content["address"], bool(row["confirmed"])) if row and content else None


def remove(session: Session, kind: str) -> None:
    with sessions.transaction(session) as db:
        db.table("reminder_addresses").delete_where("account_id = ? and kind = ?", [session.account_id, kind])


def confirmed_kinds(account_id: str) -> list[str]:
    with database.connect() as db:
        rows = db.query("select kind from reminder_addresses where account_id = ? and confirmed = 1", [account_id])
        return sorted(row["kind"] for row in rows)


def find(account_id: str, kind: str) -> str | None:
    """The confirmed address; None if there is none, or none that opens."""
    with database.connect() as db:
        row = next(db.query(_ONE, [account_id, kind]), None)
    content = _content(account_id, kind, row["sealed"]) if row and row["confirmed"] else None
    return content["address"] if content else None


def stop_token(account_id: str, address: str) -> str:
    """What a link holds that stops the mails to this address. It opens nothing else and never expires."""
    sealed = server_seal.seal([account_id, address], _STOP_LINK)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def is_stop_token(token: str) -> bool:
    return _read_token(token) is not None


def stop(token: str) -> bool:
    """Deletes the address that the token was made for, if it is still there; False for any other token."""
    content = _read_token(token)
    if content is None:
        return False
    account_id, address = content
    if find(account_id, MAIL) == address:
        with database.transaction() as db:
            db.table("reminder_addresses").delete_where("account_id = ? and kind = ?", [account_id, MAIL])
    return True


_ONE = "select sealed, confirmed from reminder_addresses where account_id = ? and kind = ?"


def _read_token(token: str) -> tuple[str, str] | None:
    try:
        sealed = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        account_id, address = server_seal.open_(sealed, _STOP_LINK)
    except (UnicodeEncodeError, binascii.Error, ValueError, errors.Unopenable):
        return None
    return account_id, address


def _row(session: Session, kind: str, content: dict[str, Any], *, confirmed: bool = False) -> dict[str, Any]:
    return {
        "account_id": session.account_id,
        "kind": kind,
        "sealed": server_seal.seal(content, _about(session.account_id, kind)),
        "confirmed": int(confirmed),
        "created_at": database.now(),
    }


def _content(account_id: str, kind: str, sealed: bytes) -> dict[str, Any] | None:
    try:
        return server_seal.open_(sealed, _about(account_id, kind))
    except errors.Unopenable:  # of another server's secret: the person enters it again
        log.warning("an address for reminders does not open")
        return None


def _about(account_id: str, kind: str) -> str:
    return f"reminder {kind} of {account_id}"
