"""Recordings and pictures of entries: sealed in the database, only with the person's consent, never as a file."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlite_utils import Database

from diary import consents, damage, database, deletions, errors, media_types, quotas, sessions, transcripts
from diary.deletions import Deletion
from diary.sessions import Session
from stt.transcript import Transcript


@dataclass(frozen=True)
class NewMedium:
    """A recording or picture that is about to be stored."""

    kind: str
    """sound or picture."""
    content: bytes = field(repr=False)
    transcript: Transcript | None = field(default=None, repr=False)
    """The words of a recording, if they were written down."""

    @property
    def mime(self) -> str:
        return media_types.mime_of(self.kind, self.content)


@dataclass(frozen=True)
class StoredMedium:
    """A stored recording or picture; `content` opens it."""

    id: str
    kind: str
    mime: str


def insert(db: Database, session: Session, entry_id: str, media: Sequence[NewMedium]) -> None:
    """Seals and stores media with their transcripts inside the caller's transaction.

    Raises `KeepingNotAllowed` without consent, and `TooMuchMedia`.
    """
    if not media:
        return
    if "media" not in consents.given(session.account_id):
        raise errors.KeepingNotAllowed()
    rows = [as_row(session, entry_id, medium, database.now()) for medium in media]
    quotas.expect_media(db, session, sum(len(row["sealed"]) for row in rows))
    for medium, row in zip(media, rows, strict=True):
        db.table("media").insert(row)
        if medium.transcript is not None:
            transcripts.insert(db, session, row["id"], entry_id, medium.transcript)


def as_row(session: Session, entry_id: str, medium: NewMedium, created_at: str) -> dict:
    medium_id = secrets.token_hex(16)
    return {
        "id": medium_id,
        "entry_id": entry_id,
        "kind": medium.kind,
        "mime": medium.mime,
        "sealed": session.vault.seal(medium.content, _about(medium_id, entry_id)),
        "created_at": created_at,
    }


def of_entry(session: Session, entry_id: str) -> list[StoredMedium]:
    with database.connect() as db:
        rows = db.query(
            "select m.id, m.kind, m.mime from media m join entries e on e.id = m.entry_id "
            "where e.id = ? and e.account_id = ? order by m.created_at",
            [entry_id, session.account_id],
        )
        return [StoredMedium(**row) for row in rows]


def has_any(session: Session, kind: str | None = None) -> bool:
    """Whether this person has any recording or picture stored, or any of this kind."""
    with database.connect() as db:
        found = db.execute(
            "select 1 from media m join entries e on e.id = m.entry_id "
            "where e.account_id = ? and m.kind = coalesce(?, m.kind) limit 1",
            [session.account_id, kind],
        ).fetchone()
    return found is not None


def between(session: Session, first: date, last: date) -> dict[str, list[tuple[StoredMedium, str]]]:
    """The media of these days' entries and when they were stored, by entry id. Opens none."""
    by_entry: dict[str, list[tuple[StoredMedium, str]]] = {}
    with database.connect() as db:
        for row in db.query(
            "select m.id, m.kind, m.mime, m.entry_id, m.created_at from media m join entries e on e.id = m.entry_id "
            "where e.account_id = ? and e.day between ? and ? order by m.created_at, m.rowid",
            [session.account_id, first.isoformat(), last.isoformat()],
        ):
            medium = StoredMedium(row["id"], row["kind"], row["mime"])
            by_entry.setdefault(row["entry_id"], []).append((medium, row["created_at"]))
    return by_entry


def content(session: Session, medium_id: str) -> bytes:
    """The bytes of a stored medium."""
    with database.connect() as db:
        row = next(
            db.query(
                "select m.sealed, m.entry_id from media m join entries e on e.id = m.entry_id "
                "where m.id = ? and e.account_id = ?",
                [medium_id, session.account_id],
            ),
            None,
        )
    if row is None:
        raise errors.EntryNotFound()
    return session.vault.open(row["sealed"], _about(medium_id, row["entry_id"]))


def opens(session: Session, medium_id: str) -> bool:
    try:
        content(session, medium_id)
    except errors.Unopenable:
        return False
    return True


def delete(session: Session, medium_id: str) -> Deletion:
    """Deletes a recording or picture; a damaged one only if the key opens at least half of all entries.

    The deletion can be undone.
    """
    if not opens(session, medium_id):
        damage.expect_key_fits(session)
    with sessions.transaction(session) as db:
        deletion = deletions.delete(
            db,
            session,
            "media",
            "id = ? and entry_id in (select id from entries where account_id = ?)",
            [medium_id, session.account_id],
        )
    if not deletion:
        raise errors.EntryNotFound()
    return deletion


def _about(medium_id: str, entry_id: str) -> str:
    return f"medium {medium_id} of entry {entry_id}"
