"""Known browsers: those that were signed in to an account before. They pass while strangers guess at its name.

A browser is known by a random token in a cookie; the database has only its hash. The token opens nothing: it only
lets a browser try the password under a throttle of its own. It ends with the account's sessions.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from diary import database, sessions
from diary.sessions import Session

LIFETIME = timedelta(days=365)
"""Without a sign-in for so long, a browser is forgotten."""
ACCOUNTS_MAX = 4
"""How many people of one browser are remembered: each has a token of their own in its cookie."""
_SEPARATOR = "."


def find(account_id: str, cookie: str) -> str | None:
    """The hash of the browser's token for this account; None if the account does not know the browser."""
    with database.connect() as db:
        return next((hashed for hashed, owner in _known(db, _tokens(cookie)).items() if owner == account_id), None)


def is_known(cookie: str) -> bool:
    """Whether any account knows the browser."""
    with database.connect() as db:
        return bool(_known(db, _tokens(cookie)))


def remember(session: Session, cookie: str) -> str:
    """Makes the browser of a new session known to its account; returns what its cookie must hold.

    A token is never taken over from a cookie: somebody else may have put it there.
    """
    moment = datetime.now(UTC)
    with sessions.transaction(session) as db:
        db.execute("delete from known_browsers where used_at < ?", [database.timestamp(moment - LIFETIME)])
        known = _known(db, _tokens(cookie))
        tokens = [token for token in _tokens(cookie) if _hash(token) in known]
        mine = next((hashed for hashed, owner in known.items() if owner == session.account_id), None)
        if mine is None:
            token = secrets.token_urlsafe(32)
            mine, tokens = _hash(token), [token, *tokens][:ACCOUNTS_MAX]
        row = {"token_hash": mine, "account_id": session.account_id, "used_at": database.timestamp(moment)}
        db.table("known_browsers").upsert(row, pk="token_hash")
        db.execute("update sessions set known_browser = ? where token_hash = ?", [mine, session.token_hash])
    return _SEPARATOR.join(tokens)


def _known(db: Database, tokens: list[str]) -> dict[str, str]:
    """The accounts of those tokens that some account knows, by their hashes."""
    rows = db.query(
        "select token_hash, account_id from known_browsers where used_at >= ? "
        "and token_hash in (select value from json_each(?))",
        [database.timestamp(datetime.now(UTC) - LIFETIME), json.dumps([_hash(token) for token in tokens])],
    )
    return {row["token_hash"]: row["account_id"] for row in rows}


def _tokens(cookie: str) -> list[str]:
    return [token for token in cookie.split(_SEPARATOR)[:ACCOUNTS_MAX] if token]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
