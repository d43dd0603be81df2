"""Tokens by which a person's own programs use the API (web/api). The database has only a token's hash.

What a token may do is sealed by the token itself, with the key that it needs for it: the data key only if it may read
notes, else the public key of the inbox (diary/inbox.py). So nobody widens a token by changing the database.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from diary import account_locks, accounts, database, errors, inbox, sessions, vault
from diary.composing import composed
from diary.sessions import Session
from diary.vault import Vault

log = logging.getLogger("haru.api")

WRITE, MOODS, NOTES = "write", "moods", "notes"
SCOPES = (WRITE, MOODS, NOTES)
DAYS = (30, 90, 365)
"""For how many days a token can be valid."""
TOKENS_MAX = 20
NAME_MAX = 40
_PREFIX = "haru_"
"""Programs that look for leaked secrets find a token by it."""
_LENGTH = len(_PREFIX) + 43  # of token_urlsafe(32)
_USED_INTERVAL = timedelta(minutes=1)
_LISTED_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class NewToken:
    """What a person asks for."""

    name: str
    scopes: Iterable[str]
    days: int


@dataclass(frozen=True)
class ListedToken:
    """A token as its owner sees it."""

    id: str
    name: str
    scopes: tuple[str, ...]
    expires_at: datetime
    last_used_at: datetime | None
    is_damaged: bool = False
    """True if name and scopes do not open and are empty here."""

    @property
    def is_over(self) -> bool:
        return self.expires_at <= datetime.now(UTC)


@dataclass(frozen=True)
class ApiToken:
    """A valid token: whose it is, and what it may do."""

    id: str
    scopes: frozenset[str]
    expires_at: datetime
    session: Session
    """Without the data key, unless the token may read notes: its vault then seals and opens nothing."""
    inbox_key: bytes | None = field(repr=False)
    """Where the entries of a token without the data key go."""

    def may(self, scope: str) -> bool:
        return scope in self.scopes or (scope == MOODS and NOTES in self.scopes)


class _NoVault:
    """Stands for the vault of a token that has no data key."""

    def __getattr__(self, name: str) -> Any:
        raise errors.Unopenable()


def make(session: Session, new: NewToken, password: str) -> str:
    """Makes a token after the password, and returns it: nothing can show it again."""
    name = _tidy_name(new.name)
    scopes = [scope for scope in SCOPES if scope in set(new.scopes)]
    if not scopes:
        raise errors.TokenWithoutScope()
    if new.days not in DAYS:
        raise errors.TokenLastsTooLong(most=max(DAYS))
    accounts.confirm_password(session, password)
    token, token_id, moment = _PREFIX + secrets.token_urlsafe(32), secrets.token_hex(16), datetime.now(UTC)
    expires_at = database.timestamp(moment + timedelta(days=new.days))
    key = vault.key_from_api_token(token)
    content = {"scopes": scopes, "expires_at": expires_at}
    inbox_key = inbox.public_key(session).hex() if WRITE in scopes and NOTES not in scopes else None
    with sessions.transaction(session) as db:
        db.execute("delete from api_tokens where expires_at < ?", [database.timestamp(moment - _LISTED_AFTER)])
        if db.table("api_tokens").count_where("account_id = ?", [session.account_id]) >= TOKENS_MAX:
            raise errors.TooManyTokens(most=TOKENS_MAX)
        db.table("api_tokens").insert(
            {
                "id": token_id,
                "account_id": session.account_id,
                "token_hash": _hash(token),
                "by_token": Vault(key).seal_json(
                    content | {"inbox_key": inbox_key}, _about(session.account_id, token_id)
                ),
                "data_key": session.vault.wrap_for(key, session.account_id) if NOTES in scopes else None,
                "by_owner": session.vault.seal_json(content | {"name": name}, _about(session.account_id, token_id)),
                "created_at": database.timestamp(moment),
                "expires_at": expires_at,
            }
        )
    return token


def find(token: str) -> ApiToken | None:
    """The valid token with this text; None for one that is revoked, over or unknown.

    Raises `AccountLocked` while the operator has locked its account.
    """
    if len(token) != _LENGTH or not token.isascii():
        return None
    with database.connect() as db:
        row = next(
            db.query(
                "select t.*, a.language, a.timezone from api_tokens t "
                "join accounts a on a.id = t.account_id where t.token_hash = ?",
                [_hash(token)],
            ),
            None,
        )
        if row is None:
            return None
        account_locks.refuse_locked(db, row["account_id"])
    key, moment = vault.key_from_api_token(token), datetime.now(UTC)
    try:
        content = Vault(key).open_json(row["by_token"], _about(row["account_id"], row["id"]))
        opened = vault.unwrap(row["data_key"], key, row["account_id"]) if NOTES in content["scopes"] else None
    except (errors.Unopenable, TypeError):
        log.error("what an API token may do does not open with the token; it is refused")
        return None
    expires_at = datetime.fromisoformat(content["expires_at"])
    if moment >= expires_at:
        return None
    _note_used(row, moment)
    session = Session(
        account_id=row["account_id"],
        name="",  # no answer names the person
        language=row["language"],
        timezone=row["timezone"],
        vault=opened or cast(Vault, _NoVault()),
        token_hash=row["token_hash"],
    )
    inbox_key = bytes.fromhex(content["inbox_key"]) if content["inbox_key"] else None
    return ApiToken(row["id"], frozenset(content["scopes"]), expires_at, session, inbox_key)


def every(session: Session) -> list[ListedToken]:
    """The account's tokens, the newest first; for some weeks also those whose time is over."""
    with database.connect() as db:
        rows = list(
            db.query(
                "select * from api_tokens where account_id = ? order by created_at desc, rowid desc",
                [session.account_id],
            )
        )
    return [_listed(session, row) for row in rows]


def revoke(session: Session, token_id: str) -> None:
    """Ends a token of this account at once; another account's id ends nothing."""
    with sessions.transaction(session) as db:
        db.table("api_tokens").delete_where("id = ? and account_id = ?", [token_id, session.account_id])


def _listed(session: Session, row: dict) -> ListedToken:
    used = datetime.fromisoformat(row["last_used_at"]) if row["last_used_at"] else None
    try:
        content = session.vault.open_json(row["by_owner"], _about(session.account_id, row["id"]))
    except errors.Unopenable:
        return ListedToken(row["id"], "", (), datetime.fromisoformat(row["expires_at"]), used, is_damaged=True)
    expires_at = datetime.fromisoformat(content["expires_at"])
    return ListedToken(row["id"], content["name"], tuple(content["scopes"]), expires_at, used)


def _note_used(row: dict, moment: datetime) -> None:
    used = row["last_used_at"]
    if used and moment - datetime.fromisoformat(used) < _USED_INTERVAL:
        return
    try:
        with database.transaction() as db:
            db.execute("update api_tokens set last_used_at = ? where id = ?", [database.timestamp(moment), row["id"]])
    except errors.DatabaseError:
        # As for sessions: programs can read even while the disk is full.
        log.warning("could not store when an API token was last used")


def _tidy_name(name: str) -> str:
    tidied = " ".join(composed(name[: NAME_MAX * 8]).split())
    if not 1 <= len(tidied) <= NAME_MAX or not tidied.isprintable():
        raise errors.TokenNameUnusable(most=NAME_MAX)
    return tidied


def _about(account_id: str, token_id: str) -> str:
    return f"api token {token_id} of {account_id}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
