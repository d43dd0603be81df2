"""Identities: who a person is at an organisation's provider (OpenID Connect), linked to their account.

An identity names an account and opens no diary. The database has only a keyed hash of it, so a stolen one does not tell
who anybody is there; the key comes from `server.secret`.
"""

from __future__ import annotations

import hmac
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from diary import database, errors, server_secret, sessions
from diary.sessions import Session


@dataclass(frozen=True)
class Identity:
    issuer: str
    subject: str


def account_of(identity: Identity) -> str | None:
    """The account that is linked to an identity."""
    with database.connect() as db:
        row = next(db.query("select account_id from identities where hash = ?", [_hash(identity)]), None)
    return row["account_id"] if row else None


def linked_since(session: Session) -> datetime | None:
    with database.connect() as db:
        row = next(db.query("select created_at from identities where account_id = ?", [session.account_id]), None)
    return datetime.fromisoformat(row["created_at"]) if row else None


def link(session: Session, identity: Identity) -> None:
    """Links an identity in place of the one before; raises `IdentityTaken` if another account has it."""
    with sessions.transaction(session) as db:
        db.table("identities").delete_where("account_id = ?", [session.account_id])
        link_new(db, session.account_id, identity)


def link_new(db: Database, account_id: str, identity: Identity) -> None:
    """`link` for an account without one, inside of the transaction that makes the account."""
    try:
        db.table("identities").insert({"hash": _hash(identity), "account_id": account_id, "created_at": database.now()})
    except sqlite3.IntegrityError as error:
        raise errors.IdentityTaken() from error


def unlink(session: Session) -> None:
    with sessions.transaction(session) as db:
        db.table("identities").delete_where("account_id = ?", [session.account_id])


def _hash(identity: Identity) -> str:
    text = f"{len(identity.issuer)}:{identity.issuer}{identity.subject}".encode(errors="surrogatepass")
    return hmac.digest(server_secret.derived("identities"), text, "sha256").hex()
