"""Deletes rows at once and holds them, as they were stored, so that the person can undo the deletion.

A deletion holds sealed bytes, never plain text. It belongs to one account, and its rows come back as they were: a
damaged entry too, because its note may still open with the right key.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from diary import consents, errors, sessions
from diary.sessions import Session

_MEDIA = ("media", "photos")
"""Tables that a person without the consent to keep media has no rows in."""
_TAKEN = (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_ROWID)


@dataclass(frozen=True)
class _Row:
    table: str
    rowid: int
    values: dict[str, Any]
    """By column, as stored: text as its bytes, because damaged text has no other form."""


@dataclass(frozen=True)
class Deletion:
    """The rows of one deletion; `undo` puts them back."""

    account_id: str
    _rows: tuple[_Row, ...] = field(repr=False)
    """Each row comes before those that refer to it."""

    def __bool__(self) -> bool:
        """Whether anything was deleted."""
        return bool(self._rows)

    def joined(self, other: Deletion) -> Deletion:
        """Both as one, of the same account."""
        return Deletion(self.account_id, self._rows + other._rows)

    def undo(self, session: Session) -> None:
        """Stores the rows again in one transaction, with the same ids, versions and times.

        Raises `AlreadyBack` if one of the ids is in the database again, and `EntryNotFound` if the entry of a deleted
        recording is gone. Recordings and pictures stay deleted if the person withdrew the consent meanwhile.
        """
        if session.account_id != self.account_id:
            raise errors.EntryNotFound()
        with sessions.transaction(session) as db:
            rows = self._rows if "media" in consents.given(session.account_id) else _without_media(self._rows)
            if self._rows and not rows:
                raise errors.KeepingNotAllowed()
            db.execute("pragma ignore_check_constraints = on")  # of this connection only: damaged rows come back too
            try:
                for table, of_table in groupby(rows, key=lambda row: row.table):
                    _insert(db, table, list(of_table))
            except sqlite3.IntegrityError as error:
                if error.sqlite_errorcode in _TAKEN:
                    raise errors.AlreadyBack() from error
                if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
                    raise errors.EntryNotFound() from error
                raise


def delete(db: Database, session: Session, table: str, where: str, values: Sequence[object]) -> Deletion:
    """Deletes the rows where this is true, and all that refer to them, inside the caller's transaction.

    `where` must name the session's account.
    """
    rows = tuple(_rows(db, table, where, values))
    db.execute(f"delete from {table} where {where}", list(values))  # noqa: S608
    return Deletion(session.account_id, rows)


def _rows(db: Database, table: str, where: str, values: Sequence[object]) -> Iterator[_Row]:
    """The rows, and after them, table by table, the rows that a cascade would delete with them."""
    names = list(_columns(db, table))
    query = f"select rowid, {', '.join(names)} from {table} where {where} order by rowid"  # noqa: S608
    found = [
        _Row(table, rowid, dict(zip(names, stored, strict=True))) for rowid, *stored in _as_stored(db, query, values)
    ]
    yield from found
    for child in db.table_names():
        for key in db.table(child).foreign_keys:
            if found and key.other_table == table:
                parents = f"select {key.other_column} from {table} where {where}"  # noqa: S608
                yield from _rows(db, child, f"{key.column} in ({parents})", values)


def _as_stored(db: Database, query: str, values: Sequence[object]) -> list[tuple]:
    decode = db.conn.text_factory
    db.conn.text_factory = bytes
    try:
        return db.execute(query, list(values)).fetchall()
    finally:
        db.conn.text_factory = decode


def _columns(db: Database, table: str) -> dict[str, str]:
    """The name and the type of each column, except an integer primary key, which is the row's number."""
    return {
        column.name: column.type
        for column in db.table(table).columns
        if not (column.is_pk and column.type.upper() == "INTEGER")
    }


def _insert(db: Database, table: str, rows: Sequence[_Row]) -> None:
    """Inserts with the same row numbers, by which queries order; with new ones, in order, if one is in use again."""
    numbers = ", ".join(str(row.rowid) for row in rows)
    are_free = not db.table(table).count_where(f"rowid in ({numbers})")
    types = _columns(db, table)
    names = ", ".join(types)
    places = ", ".join("cast(? as text)" if kind.upper() == "TEXT" else "?" for kind in types.values())
    for row in rows:
        db.execute(
            f"insert into {table} (rowid, {names}) values (?, {places})",  # noqa: S608
            [row.rowid if are_free else None, *row.values.values()],
        )


def _without_media(rows: Sequence[_Row]) -> tuple[_Row, ...]:
    """The rows without what needs the consent to keep media."""
    return tuple(
        _Row(row.table, row.rowid, row.values | {"sound": None}) if row.table == "own_tracks" else row
        for row in rows
        if row.table not in (*_MEDIA, "transcripts")
    )
