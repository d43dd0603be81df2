"""Who is signed in where. A session is an opaque random token in a cookie; the database knows only its hash.

The token also unwraps the account's data key, so a stolen database opens no diary, and a session that
was ended cannot be revived.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from diary import database, errors, vault
from diary.vault import Vault

log = logging.getLogger("haru.sessions")

LIFETIME = timedelta(days=180)
IDLE_LIMIT = timedelta(days=30)
_SEEN_EVERY = timedelta(minutes=5)
_TOKEN_LENGTH = 43  # of token_urlsafe(32)


@dataclass(frozen=True)
class Session:
    """One signed-in browser: whose it is, and the key to their diary."""

    account_id: str
    name: str
    language: str
    timezone: str
    vault: Vault
    token_hash: str


def start(account_id: str, opened: Vault) -> str:
    """A new session; returns the token, which is stored nowhere else than in the person's browser."""
    token = secrets.token_urlsafe(32)
    moment = datetime.now(UTC)
    with database.transaction() as db:
        db.execute("delete from sessions where expires_at < ?", [database.timestamp(moment)])
        db.table("sessions").insert(
            {
                "token_hash": _hash(token),
                "account_id": account_id,
                "data_key": opened.wrap_for(vault.key_from_token(token), account_id),
                "created_at": database.timestamp(moment),
                "last_seen_at": database.timestamp(moment),
                "expires_at": database.timestamp(moment + LIFETIME),
            }
        )
    return token


def find(token: object) -> Session | None:
    """The session behind a cookie, or None for anything else that a cookie may hold."""
    if not isinstance(token, str) or len(token) != _TOKEN_LENGTH or not token.isascii():
        return None
    moment = datetime.now(UTC)
    with database.connect() as db:
        row = next(
            db.query(
                """
                select s.token_hash, s.data_key, s.last_seen_at, s.expires_at, a.id as account_id, a.shown_name,
                       a.language, a.timezone
                from sessions s join accounts a on a.id = s.account_id where s.token_hash = ?
                """,
                [_hash(token)],
            ),
            None,
        )
        if row is None:
            return None
        seen = datetime.fromisoformat(row["last_seen_at"])
        if moment >= datetime.fromisoformat(row["expires_at"]) or moment - seen > IDLE_LIMIT:
            return None
    if moment - seen > _SEEN_EVERY:
        _note_seen(row["token_hash"], moment)
    try:
        opened = vault.unwrap(row["data_key"], vault.key_from_token(token), row["account_id"])
    except errors.Unopenable:
        log.error("a session's key does not open with its own token; refusing it")
        return None
    return Session(
        account_id=row["account_id"],
        name=row["shown_name"],
        language=row["language"],
        timezone=row["timezone"],
        vault=opened,
        token_hash=row["token_hash"],
    )


@contextmanager
def transaction(session: Session) -> Iterator[Database]:
    """`database.transaction` for what somebody writes into their diary, as long as they are signed in.

    A page that was on its way when another tab signed out, or started the demo over, writes nothing afterwards.
    """
    with database.transaction() as db:
        if not db.table("sessions").count_where("token_hash = ?", [session.token_hash]):
            raise errors.SessionEnded()
        yield db


def end(token: object) -> None:
    if isinstance(token, str):
        with database.transaction() as db:
            db.table("sessions").delete_where("token_hash = ?", [_hash(token)])


def end_all(account_id: str, except_hash: str | None = None) -> None:
    """Signs out every device, or every other one."""
    with database.transaction() as db:
        db.table("sessions").delete_where("account_id = ? and token_hash is not ?", [account_id, except_hash])


def count(account_id: str) -> int:
    with database.connect() as db:
        return db.table("sessions").count_where(
            "account_id = ? and expires_at >= ? and last_seen_at >= ?",
            [account_id, database.now(), database.timestamp(datetime.now(UTC) - IDLE_LIMIT)],
        )


def _note_seen(token_hash: str, moment: datetime) -> None:
    try:
        with database.transaction() as db:
            db.execute(
                "update sessions set last_seen_at = ? where token_hash = ?", [database.timestamp(moment), token_hash]
            )
    except errors.DatabaseError:
        # A full disk or a read-only file must not keep anyone from reading their diary.
        log.warning("could not note when a session was last seen")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
