"""Counts the sealed parts of each account whose form is not that which Haru writes: their first byte, their length.

It needs no key. It finds what was cut, emptied or overwritten. A byte that changed inside shows only when the person
opens the part (diary/damage.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from diary import database, vault

NOT_SEALED = frozenset(
    ("password_salt", "salt", "pin_salt", "credential_id", "user_handle", "public_key", "item_key", "proof")
)
"""Columns of bytes that hold salts, hashes and public keys, or are sealed to a public key."""
NOT_OF_A_DIARY = frozenset(("sessions", "pending_sign_ins"))
"""What ends with a sign-in; while Haru is locked, its key is empty."""


@dataclass
class SealedParts:
    """The sealed parts of one account."""

    count: int = 0
    damaged: int = 0


def by_account() -> dict[str, SealedParts]:
    """The counts by the id of the account, also of accounts without any damage."""
    with database.connect() as db:
        found = {row["id"]: SealedParts() for row in db.query("select id from accounts order by created_at")}
        for table, column in columns(db):
            for account_id, first, length in db.execute(_query(db, table, column)):
                parts = found.setdefault(account_id, SealedParts())
                parts.count += 1
                parts.damaged += not vault.has_form(first, length)
    return found


def columns(db: Database) -> list[tuple[str, str]]:
    """The tables and columns that hold sealed parts."""
    return [
        (table.name, column.name)
        for table in db.tables
        if table.name not in NOT_OF_A_DIARY
        for column in table.columns
        if column.type.upper() == "BLOB" and column.name not in NOT_SEALED
    ]


def _query(db: Database, table: str, column: str) -> str:
    return (
        f"select {_owner(db, table)}, cast(substr({table}.{column}, 1, 1) as blob), "  # noqa: S608 - names of tables
        f"length(cast({table}.{column} as blob)) from {table} where {table}.{column} is not null"
    )


def _owner(db: Database, table: str) -> str:
    """An expression for the account of a row: its own column, or that of the row that it refers to."""
    if table == "accounts":
        return "accounts.id"
    if "account_id" in db.table(table).columns_dict:
        return f"{table}.account_id"
    key = db.table(table).foreign_keys[0]
    parent = f"{key.other_table}.{key.other_column} = {table}.{key.column}"
    return f"(select {_owner(db, key.other_table)} from {key.other_table} where {parent})"  # noqa: S608
