"""What a restored database takes over from the present one: whom the operator locked out, and which invitations hold.

Both are the operator's decisions. A restore that undid them would let in somebody who is locked out, or a link that was
used or revoked since the backup was made.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from diary import database_file

Row = dict[str, Any]


@dataclass(frozen=True)
class Present:
    """The operator's decisions in the present database; it has none of tables that it is too old for."""

    accounts: frozenset[str]
    locks: tuple[Row, ...] = ()
    invitations: tuple[Row, ...] = ()


@dataclass(frozen=True)
class CarriedOver:
    is_present: bool
    """Whether the present database could be read: otherwise what the backup says holds."""
    locked: int
    """The accounts that are locked after the restore."""
    unlocked: int
    """Those of them that were locked in the backup and are not any more."""
    gone: int
    """Locked accounts that the backup does not have."""
    ended_invitations: int
    """Links that could be used when the backup was made, and cannot any more."""


def read(live: Path) -> Present | None:
    """The decisions in a database that nobody uses and that lies in one file; None if it is damaged."""
    try:
        with closing(Database(database_file.open_alone(live))) as db:
            tables = set(db.table_names())
            found = [
                tuple(db.query(f"select * from {name}")) if name in tables else ()  # noqa: S608 - a table's name
                for name in ("accounts", "account_locks", "invitations")
            ]
    except sqlite3.DatabaseError:
        return None
    accounts, locks, invitations = found
    return Present(frozenset(row["id"] for row in accounts), locks, invitations)


def carry_over(present: Present | None, restored: Database) -> CarriedOver:
    """Puts the decisions into the restored database, inside the caller's transaction."""
    accounts = {row["id"] for row in restored.query("select id from accounts")}
    unlocked = gone = 0
    if present is not None:
        before = {row["account_id"] for row in restored.table("account_locks").rows}
        now = {row["account_id"] for row in present.locks}
        for account_id in (before & present.accounts) - now:
            restored.table("account_locks").delete(account_id)
            unlocked += 1
        restored.table("account_locks").insert_all(
            (row for row in present.locks if row["account_id"] in accounts), replace=True
        )
        gone = len(now - accounts)
    ended = _carry_over_invitations(() if present is None else present.invitations, accounts, restored)
    locked = restored.table("account_locks").count
    return CarriedOver(present is not None, locked, unlocked, gone, ended)


def _carry_over_invitations(present: tuple[Row, ...], accounts: set[str], restored: Database) -> int:
    """A link that the backup has as unused holds only if the present database says so; returns how many ended."""
    known = {row["token_hash"] for row in present}
    of_backup = list(restored.table("invitations").rows)
    used = [row for row in of_backup if row["used_at"] is not None and row["token_hash"] not in known]
    numbers = {row["id"] for row in present}
    rows = [{**row, "account_id": row["account_id"] if row["account_id"] in accounts else None} for row in present]
    rows += [{**row, "id": None if row["id"] in numbers else row["id"]} for row in used]
    restored.table("invitations").delete_where()
    for row in rows:
        restored.table("invitations").insert(row)
    still_usable = {row["token_hash"] for row in present if row["used_at"] is None}
    return sum(row["used_at"] is None and row["token_hash"] not in still_usable for row in of_backup)
