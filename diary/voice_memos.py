"""Voice memos that become entries: the same recording gives one entry, however often a person brings it."""

from __future__ import annotations

import hashlib
from datetime import date

from diary import database, errors, media, vault
from diary.sessions import Session


def entry_id(session: Session, recording: bytes) -> str:
    """The id of the entry of a recording: the same for the same content in the same account."""
    content = hashlib.sha256(recording).hexdigest()
    return hashlib.sha256(f"{session.account_id} voice memo {content}".encode()).hexdigest()[:32]


def kept_on(session: Session, recording: bytes) -> date | None:
    """The day whose entry was made of this recording or holds it; None if there is no such entry."""
    with database.connect() as db:
        own = db.execute(
            "select day from entries where id = ? and account_id = ?",
            [entry_id(session, recording), session.account_id],
        ).fetchone()
        # Only recordings of about the same length are opened.
        similar = db.execute(
            "select m.id, e.day from media m join entries e on e.id = m.entry_id "
            "where e.account_id = ? and m.kind = 'sound' and length(m.sealed) in (?, ?)",
            [session.account_id, *vault.sealed_lengths(len(recording))],
        ).fetchall()
    if own is not None:
        return date.fromisoformat(own[0])
    return next((date.fromisoformat(day) for medium_id, day in similar if _holds(session, medium_id, recording)), None)


def _holds(session: Session, medium_id: str, recording: bytes) -> bool:
    try:
        return media.content(session, medium_id) == recording
    except (errors.Unopenable, errors.EntryNotFound):
        return False
