"""What somebody was writing when the page was reloaded or the train went into a tunnel: one sealed draft a person."""

from __future__ import annotations

import json
from collections.abc import Mapping

from diary import database, errors, sessions, surrogates
from diary.sessions import Session

_ENCODING = ("utf-8", "surrogatepass")


def save(session: Session, content: Mapping[str, object]) -> None:
    plain = json.dumps(dict(content), ensure_ascii=False).encode(*_ENCODING)
    row = {
        "account_id": session.account_id,
        "sealed": session.vault.seal(plain, _about(session)),
        "updated_at": database.now(),
    }
    with sessions.change(session) as db:
        db["drafts"].upsert(row, pk="account_id")


def load(session: Session) -> dict | None:
    with database.connect() as db:
        row = next(db.query("select sealed from drafts where account_id = ?", [session.account_id]), None)
    if row is None:
        return None
    try:
        return json.loads(surrogates.decoded(session.vault.open(row["sealed"], _about(session))))
    except errors.Unopenable:
        return None  # a damaged draft must not keep anyone from writing


def clear(session: Session) -> None:
    with sessions.change(session) as db:
        db["drafts"].delete_where("account_id = ?", [session.account_id])


def _about(session: Session) -> str:
    return f"draft of {session.account_id}"
