"""The entries of a diary."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations
from emotions import EMOTIONS


@migrations(name="0002_entries")
def _entries(db: Database) -> None:
    moods = ", ".join(f"'{key}'" for key in EMOTIONS)
    db.execute(f"""
        create table entries (
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            day text not null,                   -- the calendar day in the person's own time zone
            happened_at text not null,           -- UTC
            time_known integer not null check (time_known in (0, 1)),
            timezone text not null,
            mood text not null check (mood in ({moods})),
            intensity integer not null check (intensity between 1 and 5),
            source text not null,                -- hand; voice, face, words, fusion once models read
            sealed blob not null,                -- note and tags, AES-GCM with the entry's id as associated data
            version integer not null,
            created_at text not null,
            updated_at text not null
        ) strict
    """)
    db.execute("create index entries_by_day on entries(account_id, day, happened_at)")
