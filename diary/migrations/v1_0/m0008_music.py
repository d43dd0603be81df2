"""What a person said of music, and tracks of their own."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0008_music")
def _music(db: Database) -> None:
    db.execute("""
        create table tastes (                    -- what a person said of a piece of music, each saying a row
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            sealed blob not null,                -- which piece, what was said, for which mood
            created_at text not null
        ) strict
    """)
    db.execute("create index tastes_by_account on tastes(account_id, created_at)")
    db.execute("""
        create table own_tracks (                -- music that a person brought along
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            sealed blob not null,                -- its name and what was heard in it
            sound blob,                          -- sealed too; only for those who allowed it
            created_at text not null
        ) strict
    """)
    db.execute("create index own_tracks_by_account on own_tracks(account_id, created_at)")
