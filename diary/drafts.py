"""Drafts: what a person left unfinished in each form, sealed, so that a reload or a lost connection loses no text."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from diary import database, errors, sessions
from diary.sessions import Session

MOST = 500
"""Of one account. Beyond them the oldest goes: there is a form for each day, and a program could fill the disk."""
NEW_ENTRY = "new"
"""The form of the new entry; the other forms are an entry's id, or a day."""


@dataclass(frozen=True)
class Draft:
    content: dict
    version: int
    """Counts the savings: a tab that knows an older version must not overwrite what another tab saved."""
    updated_at: str = field(default="", compare=False)
    """UTC; empty if it was not loaded from the database."""

    def day(self, zone: str) -> date | None:
        """The day, in this time zone, on which it was saved last."""
        return datetime.fromisoformat(self.updated_at).astimezone(ZoneInfo(zone)).date() if self.updated_at else None


def new_id(session: Session) -> str:
    """An id for a new entry, which `is_new_id` recognises as this account's."""
    number = secrets.token_hex(12)
    return number + _sign(session, number)


def is_new_id(session: Session, entry_id: str) -> bool:
    return len(entry_id) == 32 and entry_id[24:] == _sign(session, entry_id[:24])


def save(session: Session, content: Mapping[str, object], form: str = NEW_ENTRY) -> int:
    """Replaces the draft; returns its version."""
    with sessions.transaction(session) as db:
        saved = db.execute(
            "insert into drafts (account_id, form, sealed, version, updated_at) values (?, ?, ?, 1, ?) "
            "on conflict (account_id, form) do update set "
            "sealed = excluded.sealed, version = version + 1, updated_at = excluded.updated_at returning version",
            [session.account_id, form, _seal(session, content, form), database.now()],
        ).fetchone()
        _drop_oldest(db, session)
        return saved[0]


def save_if_unchanged(session: Session, content: Mapping[str, object], form: str, version: int) -> int | None:
    """Replaces this version of the draft, where 0 is no draft; returns the new version.

    None if another tab has saved or deleted the draft meanwhile.
    """
    sealed = _seal(session, content, form)
    with sessions.transaction(session) as db:
        if _version(db, session, form) != version:
            return None
        db.execute(
            "insert into drafts (account_id, form, sealed, version, updated_at) values (?, ?, ?, ?, ?) "
            "on conflict (account_id, form) do update set "
            "sealed = excluded.sealed, version = excluded.version, updated_at = excluded.updated_at",
            [session.account_id, form, sealed, version + 1, database.now()],
        )
        return version + 1


def clear_if_unchanged(session: Session, form: str, version: int) -> bool:
    """Deletes this version of the draft; false if another tab has saved it meanwhile."""
    with sessions.transaction(session) as db:
        if _version(db, session, form) != version:
            return False
        delete_in(db, session, form)
        return True


def load(session: Session, form: str = NEW_ENTRY) -> Draft | None:
    with database.connect() as db:
        found = db.query(
            "select sealed, version, updated_at from drafts where account_id = ? and form = ?",
            [session.account_id, form],
        )
        row = next(found, None)
    if row is None:
        return None
    try:
        return Draft(session.vault.open_json(row["sealed"], _about(session, form)), row["version"], row["updated_at"])
    except errors.Unopenable:
        return None  # a damaged draft must not prevent a new one


def versions(session: Session) -> dict[str, int]:
    """The version of each draft, by form, the one that was saved last first."""
    with database.connect() as db:
        rows = db.query(
            "select form, version from drafts where account_id = ? order by updated_at desc", [session.account_id]
        )
        return {row["form"]: row["version"] for row in rows}


def clear(session: Session, form: str = NEW_ENTRY) -> None:
    with sessions.transaction(session) as db:
        delete_in(db, session, form)


def delete_in(db: Database, session: Session, form: str) -> None:
    """Deletes the draft within a transaction that also saves or deletes the entry: both happen or neither."""
    db.table("drafts").delete_where("account_id = ? and form = ?", [session.account_id, form])


def _drop_oldest(db: Database, session: Session) -> None:
    db.execute(
        "delete from drafts where account_id = ? and form in ("
        "select form from drafts where account_id = ? order by updated_at desc, form limit -1 offset ?)",
        [session.account_id, session.account_id, MOST],
    )


def _version(db: Database, session: Session, form: str) -> int:
    row = db.execute(
        "select version from drafts where account_id = ? and form = ?", [session.account_id, form]
    ).fetchone()
    return row[0] if row else 0


def _seal(session: Session, content: Mapping[str, object], form: str) -> bytes:
    return session.vault.seal_json(dict(content), _about(session, form))


def _about(session: Session, form: str) -> str:
    """What the seal is bound to: a draft of one form does not open as that of another."""
    about = f"draft of {session.account_id}"
    return about if form == NEW_ENTRY else f"{about}: {form}"  # without the form, as versions before forms sealed it


def _sign(session: Session, number: str) -> str:
    return hashlib.blake2b(f"{session.account_id} {number}".encode(), digest_size=4).hexdigest()
