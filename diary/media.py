"""Sound and pictures that a person asked to keep: sealed in the database, never a file, each deletable on its own."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlite_utils import Database

from diary import consents, damage, database, errors, media_types, sessions
from diary.sessions import Session


@dataclass(frozen=True)
class NewMedium:
    """A recording or a picture on its way into the vault."""

    kind: str
    """sound or picture."""
    content: bytes = field(repr=False)

    @property
    def mime(self) -> str:
        return media_types.mime_of(self.kind, self.content)


@dataclass(frozen=True)
class StoredMedium:
    """One that is in the vault; its content is opened only when somebody wants to hear or see it."""

    id: str
    kind: str
    mime: str


def insert(db: Database, session: Session, entry_id: str, kept: Sequence[NewMedium]) -> None:
    """Seals media inside the caller's transaction, and only for a person who allows it now."""
    if not kept:
        return
    if "media" not in consents.given(session.account_id):
        raise errors.KeepingNotAllowed()
    for medium in kept:
        db.table("media").insert(as_row(session, entry_id, medium, database.now()))


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


def has_any(session: Session) -> bool:
    """Whether anything at all is kept."""
    with database.connect() as db:
        found = db.execute(
            "select 1 from media m join entries e on e.id = m.entry_id where e.account_id = ? limit 1",
            [session.account_id],
        ).fetchone()
    return found is not None


def between(session: Session, first: date, last: date) -> dict[str, list[tuple[StoredMedium, str]]]:
    """What is kept with each entry of these days, and since when, by the entry's id; nothing of it is opened."""
    kept: dict[str, list[tuple[StoredMedium, str]]] = {}
    with database.connect() as db:
        for row in db.query(
            "select m.id, m.kind, m.mime, m.entry_id, m.created_at from media m join entries e on e.id = m.entry_id "
            "where e.account_id = ? and e.day between ? and ? order by m.created_at, m.rowid",
            [session.account_id, first.isoformat(), last.isoformat()],
        ):
            medium = StoredMedium(row["id"], row["kind"], row["mime"])
            kept.setdefault(row["entry_id"], []).append((medium, row["created_at"]))
    return kept


def content(session: Session, medium_id: str) -> bytes:
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


def delete(session: Session, medium_id: str) -> None:
    """Deletes one; if it does not open, only if the key is surely the right one."""
    if not opens(session, medium_id):
        damage.expect_key_fits(session)
    with sessions.transaction(session) as db:
        gone = db.execute(
            "delete from media where id = ? and entry_id in (select id from entries where account_id = ?)",
            [medium_id, session.account_id],
        ).rowcount
    if not gone:
        raise errors.EntryNotFound()


def _about(medium_id: str, entry_id: str) -> str:
    return f"medium {medium_id} of entry {entry_id}"
