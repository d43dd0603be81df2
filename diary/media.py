"""Recordings and pictures of entries: sealed in the database, only with the person's consent, never as a file."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlite_utils import Database

from diary import consents, database, errors, media_types, quotas, transcripts
from diary.entry_files import EntryFiles
from diary.sessions import Session
from stt.transcript import Transcript

_FILES = EntryFiles("media", "medium")
content, opens, delete = _FILES.content, _FILES.opens, _FILES.delete


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
        "sealed": session.vault.seal(medium.content, _FILES.about(medium_id, entry_id)),
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
