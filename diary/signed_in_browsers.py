"""The browsers that are signed in to an account: a list for its person, who may end each of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from diary import database, sessions
from diary.sessions import Session


@dataclass(frozen=True)
class Browser:
    """One session, as its person sees it. There is no address and no exact version."""

    id: str
    """Names the session, and opens nothing."""
    browser: str
    """A key of web/user_agent.py, or empty; so is `system`."""
    system: str
    signed_in_at: datetime
    seen_at: datetime
    is_this: bool
    is_locked: bool


def describe(session: Session, browser: str, system: str) -> None:
    """Stores which browser and system this session is in."""
    with sessions.transaction(session) as db:
        db.execute(
            "update sessions set browser = ?, system = ? where token_hash = ?", [browser, system, session.token_hash]
        )


def browsers(session: Session) -> list[Browser]:
    """All browsers that are signed in to this person's account: this one, then the one seen last."""
    now = datetime.now(UTC)
    with database.connect() as db:
        rows = db.query(
            "select * from sessions where account_id = ? and expires_at >= ? and last_seen_at >= ?",
            [session.account_id, database.timestamp(now), database.timestamp(now - sessions.IDLE_LIMIT)],
        )
        found = [
            Browser(
                id=_id(row["token_hash"]),
                browser=row["browser"],
                system=row["system"],
                signed_in_at=datetime.fromisoformat(row["created_at"]),
                seen_at=datetime.fromisoformat(row["last_seen_at"]),
                is_this=row["token_hash"] == session.token_hash,
                is_locked=row["locked_at"] is not None,
            )
            for row in rows
        ]
    return sorted(found, key=lambda browser: (browser.is_this, browser.seen_at), reverse=True)


def end(session: Session, browser_id: str) -> str | None:
    """Signs out one other browser of this person, which the account then no longer knows; returns its session's hash.

    None if it has ended already. This browser itself has *Sign out*.
    """
    with sessions.transaction(session) as db:
        rows = db.query("select token_hash, known_browser from sessions where account_id = ?", [session.account_id])
        row = next((row for row in rows if _id(row["token_hash"]) == browser_id), None)
        if row is None or row["token_hash"] == session.token_hash:
            return None
        db.table("sessions").delete_where("token_hash = ?", [row["token_hash"]])
        db.table("known_browsers").delete_where(
            "account_id = ? and token_hash = ?", [session.account_id, row["known_browser"]]
        )
    return row["token_hash"]


def _id(token_hash: str) -> str:
    return hashlib.sha256(f"signed-in browser {token_hash}".encode()).hexdigest()[:16]
