"""Drafts: one sealed, unfinished entry for each person, so that a reload or a lost connection loses no text."""

from __future__ import annotations

from collections.abc import Mapping

from diary import database, errors, sessions
from diary.sessions import Session


def save(session: Session, content: Mapping[str, object]) -> None:
    row = {
        "account_id": session.account_id,
        "sealed": session.vault.seal_json(dict(content), _about(session)),
        "updated_at": database.now(),
    }
    with sessions.transaction(session) as db:
        db.table("drafts").upsert(row, pk="account_id")


def load(session: Session) -> dict | None:
    with database.connect() as db:
        row = next(db.query("select sealed from drafts where account_id = ?", [session.account_id]), None)
    if row is None:
        return None
    try:
        return session.vault.open_json(row["sealed"], _about(session))
    except errors.Unopenable:
        return None  # a damaged draft must not prevent a new one


def clear(session: Session) -> None:
    with sessions.transaction(session) as db:
        db.table("drafts").delete_where("account_id = ?", [session.account_id])


def _about(session: Session) -> str:
    return f"draft of {session.account_id}"
