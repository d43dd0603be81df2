"""What a person has not finished writing."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0005_drafts")
def _drafts(db: Database) -> None:
    db.execute("""
        create table drafts (                    -- what was being written when the connection broke
            account_id text primary key references accounts(id) on delete cascade,
            sealed blob not null,
            updated_at text not null
        ) strict
    """)
