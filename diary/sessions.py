"""Sessions: signed-in browsers. A session is a random token in a cookie; the database has only its hash.

The token also unwraps the account's data key. So a stolen database opens no diary, and nothing
revives an ended session.
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

from diary import database, errors, names, vault
from diary.vault import Vault

log = logging.getLogger("haru.sessions")

LIFETIME = timedelta(days=180)
IDLE_LIMIT = timedelta(days=30)
_SEEN_INTERVAL = timedelta(minutes=5)
_TOKEN_LENGTH = 43  # of token_urlsafe(32)
_TABLES = ("sessions", "api_tokens")


@dataclass(frozen=True)
class Session:
    """One signed-in browser: its person and the key to their diary."""

    account_id: str
    name: str
    language: str
    timezone: str
    vault: Vault
    token_hash: str


def start(account_id: str, opened: Vault) -> str:
    """Starts a session and returns its token, which only the person's browser stores."""
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
    """The session of a cookie; None for an ended session and for any other value."""
    if not isinstance(token, str) or len(token) != _TOKEN_LENGTH or not token.isascii():
        return None
    moment = datetime.now(UTC)
    with database.connect() as db:
        row = next(
            db.query(
                """
                select s.token_hash, s.data_key, s.last_seen_at, s.expires_at, a.id, a.own_name, a.server_name,
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
    if moment - seen > _SEEN_INTERVAL:
        _note_seen(row["token_hash"], moment)
    try:
        opened = vault.unwrap(row["data_key"], vault.key_from_token(token), row["id"])
    except errors.Unopenable:
        log.error("a session's key does not open with its own token; the session is refused")
        return None
    name = names.shown(row, opened)
    if name and row["own_name"] is None:
        _store_own_name(row["id"], name, opened)
    return Session(
        account_id=row["id"],
        name=name,
        language=row["language"],
        timezone=row["timezone"],
        vault=opened,
        token_hash=row["token_hash"],
    )


@contextmanager
def transaction(session: Session) -> Iterator[Database]:
    """`database.transaction` for a signed-in person; raises `SessionEnded` once the session has ended.

    So a request that was still running when another tab signed out, or reset the demo, writes nothing.
    """
    with database.transaction() as db:
        if not _exists(db, session):
            raise errors.SessionEnded()
        yield db


def is_open(session: Session) -> bool:
    """Whether the browser is still signed in; long work asks before each step."""
    with database.connect() as db:
        return _exists(db, session)


def _exists(db: Database, session: Session) -> bool:
    """Whether the browser is signed in, or the program's token valid, by which this session was found."""
    return any(db.table(table).count_where("token_hash = ?", [session.token_hash]) for table in _TABLES)


def end(token: object) -> None:
    """Signs out one browser; ignores unknown tokens."""
    if isinstance(token, str):
        with database.transaction() as db:
            db.table("sessions").delete_where("token_hash = ?", [_hash(token)])


def end_all(account_id: str) -> None:
    """Signs out every browser of an account and ends its tokens; it then knows no browser (diary/known_browsers.py)."""
    with database.transaction() as db:
        delete_all(db, account_id)


def delete_all(db: Database, account_id: str) -> None:
    for table in (*_TABLES, "known_browsers"):
        db.table(table).delete_where("account_id = ?", [account_id])


def count(account_id: str) -> int:
    """How many browsers are signed in to this account."""
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
        # People can read their diary even while the disk is full or the file read-only.
        log.warning("could not store when a session was last seen")


def _store_own_name(account_id: str, name: str, opened: Vault) -> None:
    """After the migration of a database that had no such copy, so that the name outlives the server's secret."""
    try:
        with database.transaction() as db:
            db.table("accounts").update(account_id, {"own_name": names.sealed_by(opened, name, account_id)})
    except errors.DatabaseError:
        log.warning("could not store the sealed name of an account")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
