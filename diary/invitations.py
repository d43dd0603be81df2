"""Who may make an account: anybody, people with an invitation, or nobody (HARU_SIGN_UP).

An invitation is a link with a random token that makes one account. The database has only the token's hash.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

import settings
from diary import database, errors

OPEN, INVITED, CLOSED = settings.SIGN_UP_MODES
DAYS, DAYS_MAX = 7, 90
"""How long an invitation is valid."""
_TOKEN_BYTES = 24  # 192 bits: nobody can guess it, so no throttle is needed


@dataclass(frozen=True)
class Invitation:
    id: int
    created_at: str
    expires_at: str
    used_at: str | None
    account_id: str | None
    """Whom it brought."""

    @property
    def is_expired(self) -> bool:
        return self.used_at is None and self.expires_at <= database.now()


def mode() -> str:
    """Who may make an account now."""
    with database.connect() as db:
        return _mode(db)


def new(days: int = DAYS) -> tuple[Invitation, str]:
    """An invitation and its token, which nothing stores."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    moment = datetime.now(UTC)
    row = {
        "token_hash": _hash(token),
        "created_at": database.timestamp(moment),
        "expires_at": database.timestamp(moment + timedelta(days=days)),
    }
    with database.transaction() as db:
        made = db.table("invitations").insert(row).last_rowid
    return next(invitation for invitation in every() if invitation.id == made), token


def every() -> list[Invitation]:
    """All invitations, used and expired ones too, oldest first."""
    with database.connect() as db:
        rows = db.query("select id, created_at, expires_at, used_at, account_id from invitations order by id")
        return [Invitation(**row) for row in rows]


def revoke(invitation_id: int) -> bool:
    """Makes an invitation's link invalid; False if there is none that could still be used."""
    with database.transaction() as db:
        deleted = db.execute("delete from invitations where id = ? and used_at is null", [invitation_id])
        return deleted.rowcount > 0


def check(token: str) -> None:
    """Raises a `SignUpRefused` if nobody can make an account with this token now; "" stands for none."""
    with database.connect() as db:
        usable(db, token)


def use_up(db: Database, invitation_id: int, account_id: str) -> None:
    """Ties an invitation to the account that it brought, inside the transaction that found it usable."""
    used = {"account_id": account_id, "used_at": database.now()}
    db.table("invitations").update(invitation_id, used)


def usable(db: Database, token: str) -> int | None:
    """The invitation that lets this person in; None where everybody may come in and the token is none.

    Raises what `check` raises. In the transaction that makes the account, one link brings only one person.
    """
    who = _mode(db)
    if who == CLOSED:
        raise errors.SignUpClosed()
    if who == INVITED and not token:
        raise errors.InvitationNeeded()
    row = next(db.query("select * from invitations where token_hash = ?", [_hash(token)]), None)
    if (refusal := _refusal(row)) is None:
        return row["id"] if row else None
    if who == OPEN:
        return None
    raise refusal


def _refusal(row: dict | None) -> errors.SignUpRefused | None:
    if row is None:
        return errors.InvitationUnknown()
    if row["used_at"] is not None:
        return errors.InvitationUsed()
    return errors.InvitationExpired() if row["expires_at"] <= database.now() else None


def _mode(db: Database) -> str:
    if chosen := settings.SIGN_UP.get():
        return chosen
    if settings.is_for_this_machine_only():
        return OPEN
    return INVITED if db.table("accounts").count_where() else OPEN


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
