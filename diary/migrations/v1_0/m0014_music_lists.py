"""Saved lists of tracks."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0014_music_lists")
def _music_lists(db: Database) -> None:
    db.execute("""
        create table music_lists (               -- lists of tracks that a person saved
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            sealed blob not null,                -- its name, its tracks, and the mood that it was for
            created_at text not null
        ) strict
    """)
    db.execute("create index music_lists_by_account on music_lists(account_id, created_at)")
