"""Photographs of a day."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0012_photos")
def _photos(db: Database) -> None:
    # Not in `media`, whose check of the kind could only be changed by dropping it: that would delete all transcripts.
    db.execute("""
        create table photos (                    -- photographs of a day; only for those who allowed keeping pictures
            id text primary key,
            entry_id text not null references entries(id) on delete cascade,
            sealed blob not null,                -- a JPEG without its metadata
            created_at text not null
        ) strict
    """)
    db.execute("create index photos_by_entry on photos(entry_id)")
