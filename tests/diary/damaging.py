"""Flips one bit of the database, as a bad disk does."""

from __future__ import annotations

from dataclasses import replace

from diary import database, vault
from diary.sessions import Session


def turn_a_bit(table: str, column: str, key: str, value: str, place: int = 30) -> None:
    """Flips a bit of `column` in the rows of `table` where `key` is `value`."""
    with database.transaction() as db:
        for rowid, stored in db.execute(
            f"select rowid, cast({column} as blob) from {table} where {key} = ?", [value]
        ).fetchall():
            damaged = bytearray(stored)
            damaged[place % len(damaged)] ^= 1
            db.execute(f"update {table} set {column} = ? where rowid = ?", [bytes(damaged), rowid])


def with_a_wrong_key(session: Session) -> Session:
    return replace(session, vault=vault.new())
