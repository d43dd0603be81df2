"""Proofs of the rows of a diary."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0022_ledgers")
def _ledgers(db: Database) -> None:
    db.execute("""
        create table ledgers (                   -- how many changes a diary had, and the sum of its proofs
            account_id text primary key references accounts(id) on delete cascade,
            sealed blob not null
        ) strict
    """)
    db.execute("""
        create table proofs (                    -- of the rows of a diary, by the account's key (diary/proofs.py)
            account_id text not null references accounts(id) on delete cascade,
            kind text not null,                  -- the table of the row
            row_id text not null,
            day text not null,                   -- of a tracker's value; otherwise empty
            proof blob not null,
            primary key (account_id, kind, row_id, day)
        ) strict, without rowid
    """)
