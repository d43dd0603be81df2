"""Sessions: signed-in browsers. A session is a random token in a cookie; the database has only its hash.

The token also unwraps the account's data key. So a stolen database opens no diary, and nothing
revives an ended session. A locked session has no such key (diary/app_lock.py): it counts as nobody's.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from diary import account_locks, database, errors, idle, ledger, names, vault
from diary.vault import Vault

log = logging.getLogger("haru.sessions")

LIFETIME = timedelta(days=180)
IDLE_LIMIT = timedelta(days=30)
_SEEN_INTERVAL = timedelta(minutes=5)
_TOKEN_LENGTH = 43  # of token_urlsafe(32)


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
    """Starts a session and returns its token, which only the person's browser stores.

    Raises `AccountLocked` for an account that the operator locked.
    """
    token = secrets.token_urlsafe(32)
    moment = datetime.now(UTC)
    with database.transaction() as db:
        account_locks.refuse_locked(db, account_id)
        ledger.ensure(db, account_id, opened)
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
    """The session of a cookie; None for an ended or locked session and for any other value.

    Raises `AccountLocked` while the operator has locked its account.
    """
    if not isinstance(token, str):
        return None
    moment = datetime.now(UTC)
    row = _row(token, moment)
    if row is None or is_locked(row, moment):
        return None
    if moment - datetime.fromisoformat(row["last_seen_at"]) > _SEEN_INTERVAL:
        _note_seen(row["token_hash"], moment)
    try:
        opened = vault.unwrap(row["data_key"], vault.key_from_token(token), row["id"])
    except errors.Unopenable:
        log.error("a session's key does not open with its own token; the session is refused")
        return None
    name = names.shown(row, opened)
    if not row["has_ledger"] or row["has_clear_qualities"] or (name and row["own_name"] is None):
        _complete(row["id"], name, opened)
    return Session(
        account_id=row["id"],
        name=name,
        language=row["language"],
        timezone=row["timezone"],
        vault=opened,
        token_hash=row["token_hash"],
    )


def find_locked(token: object) -> dict[str, Any] | None:
    """The row of a cookie's session, if that is locked; it opens nothing. Raises `AccountLocked` as `find` does."""
    moment = datetime.now(UTC)
    row = _row(token, moment)
    return row if row is not None and is_locked(row, moment) else None


def has_plain_cookie(token: str) -> bool:
    """Whether a session began when its cookie had the same name under HTTPS as without (web/session_cookie.py)."""
    with database.connect() as db:
        return db.table("sessions").count_where("token_hash = ? and has_plain_cookie", [_hash(token)]) > 0


def _row(token: object, moment: datetime) -> dict[str, Any] | None:
    """The row of a session that has not ended, with what is needed of its account."""
    if not isinstance(token, str) or len(token) != _TOKEN_LENGTH or not token.isascii():
        return None
    with database.connect() as db:
        row = next(db.query(f"{_SELECT} where s.token_hash = ?", [_hash(token)]), None)
    if row is None or moment >= datetime.fromisoformat(row["expires_at"]):
        return None
    if moment - datetime.fromisoformat(row["last_seen_at"]) > IDLE_LIMIT:
        return None
    if row["has_account_lock"]:
        raise errors.AccountLocked()
    return row


_SELECT = f"""
    select s.*, a.id, a.own_name, a.server_name, a.language, a.timezone, a.has_clear_qualities,
        exists(select 1 from account_locks where account_id = s.account_id) as has_account_lock,
        (select value from preferences where account_id = s.account_id and name = '{idle.PREFERENCE}') as lock_after,
        exists (select 1 from ledgers where account_id = s.account_id) as has_ledger
    from sessions s join accounts a on a.id = s.account_id
"""  # noqa: S608


def is_locked(row: Mapping[str, Any], moment: datetime) -> bool:
    """Whether the session is locked, or about to be: nobody did anything in it for too long."""
    return row["locked_at"] is not None or idle.is_over(row, moment)


def idle_sessions(moment: datetime) -> list[str]:
    """The hashes of the sessions whose key is still there though nobody does anything in them."""
    with database.connect() as db:
        rows = db.query(f"{_SELECT} where s.locked_at is null and lock_after is not null")
        return [row["token_hash"] for row in rows if idle.is_over(row, moment)]


@contextmanager
def transaction(session: Session) -> Iterator[Database]:
    """`database.transaction` for a signed-in person; raises `SessionEnded` once the session has ended or is locked.

    So a request that was still running when another tab signed out, or reset the demo, writes nothing. Nor does one
    whose account the operator locked meanwhile: it raises `AccountLocked`.
    The ledger of the diary counts what the transaction changes.
    """
    with database.transaction() as db:
        account_locks.refuse_locked(db, session.account_id)
        _check(db, session)
        # A program's token may have no key: what it may do changes nothing that the ledger covers.
        with suppress(errors.Unopenable):
            ledger.ensure(db, session.account_id, session.vault)
        with ledger.recorded(db, session.account_id, session.vault):
            yield db


def is_open(session: Session) -> bool:
    """Whether the browser is still signed in, and nothing is locked; long work asks before each step."""
    with database.connect() as db:
        try:
            account_locks.refuse_locked(db, session.account_id)
            _check(db, session)
        except (errors.AccountLocked, errors.SessionEnded):
            return False
        return True


def _check(db: Database, session: Session) -> None:
    """Raises an error unless the browser is signed in and open, or the program's token is there, that it came from."""
    row = db.execute("select locked_at from sessions where token_hash = ?", [session.token_hash]).fetchone()
    if row is None and not db.table("api_tokens").count_where("token_hash = ?", [session.token_hash]):
        raise errors.SessionEnded()
    if row is not None and row[0] is not None:
        raise errors.SessionLocked()


def end(token: object) -> None:
    """Signs out one browser; ignores unknown tokens."""
    if isinstance(token, str):
        with database.transaction() as db:
            db.table("sessions").delete_where("token_hash = ?", [_hash(token)])


def end_all_of(token: object) -> None:
    """`end_all` for the account of a token, also of a locked one."""
    if not isinstance(token, str):
        return
    with database.transaction() as db:
        for row in list(db.query("select account_id from sessions where token_hash = ?", [_hash(token)])):
            delete_all(db, row["account_id"])


def end_all(account_id: str) -> None:
    """Signs out every browser of an account and ends its tokens; it then knows no browser (diary/known_browsers.py)."""
    with database.transaction() as db:
        delete_all(db, account_id)


def delete_all(db: Database, account_id: str) -> None:
    for table in ("sessions", "api_tokens", "known_browsers", "pending_sign_ins"):
        db.table(table).delete_where("account_id = ?", [account_id])


def end_everywhere(db: Database) -> int:
    """Ends all that a token opens or names, in a database that is being restored; returns how many rows.

    What ended after the backup was made must not come back, and the backup cannot know what that was. An invitation
    opens nothing of an account: backups/carried_over.py decides about those.
    """
    ended = 0
    for table in db.tables:
        if "token_hash" in table.columns_dict and table.name != "invitations":
            ended += table.count
            table.delete_where()
        if "code_hash" in table.columns_dict:  # codes that wait for somebody to enter them
            table.delete_where("code_hash is not null")
    return ended


def ended(token_hashes: Collection[str]) -> list[str]:
    """Those of the sessions, by their hashes, that have ended, or whose account the operator locked or deleted."""
    if not token_hashes:
        return []
    moment = datetime.now(UTC)
    with database.connect() as db:
        rows = db.query(
            "select token_hash from sessions where token_hash in (select value from json_each(?)) and expires_at >= ? "
            "and last_seen_at >= ? and account_id not in (select account_id from account_locks)",
            [json.dumps(sorted(token_hashes)), *map(database.timestamp, (moment, moment - IDLE_LIMIT))],
        )
        return sorted(set(token_hashes) - {row["token_hash"] for row in rows})


def count_all() -> int:
    """How many browsers are signed in to any account."""
    with database.connect() as db:
        return db.table("sessions").count_where(
            "expires_at >= ? and last_seen_at >= ?",
            [database.now(), database.timestamp(datetime.now(UTC) - IDLE_LIMIT)],
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


def _complete(account_id: str, name: str, opened: Vault) -> None:
    """Stores what the database of an earlier version lacks, and what only the data key can make.

    The name, so that it outlives the server's secret; the ledger of the diary; and seals on what was in clear.
    """
    try:
        with database.transaction() as db:
            ledger.ensure(db, account_id, opened)
            if name:
                db.table("accounts").update(account_id, {"own_name": names.sealed_by(opened, name, account_id)})
    except errors.DatabaseError:
        log.warning("could not store the ledger and the sealed name of an account")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
