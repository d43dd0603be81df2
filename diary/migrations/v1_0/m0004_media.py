"""Recordings and pictures of an entry."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0004_media")
def _media(db: Database) -> None:
    db.execute("""
        create table media (                     -- only for those who allowed it
            id text primary key,
            entry_id text not null references entries(id) on delete cascade,
            kind text not null check (kind in ('sound', 'picture')),
            mime text not null,
            sealed blob not null,
            created_at text not null
        ) strict
    """)
    db.execute("create index media_by_entry on media(entry_id)")
