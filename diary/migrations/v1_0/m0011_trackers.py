"""Trackers and their values."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0011_trackers")
def _trackers(db: Database) -> None:
    db.execute("""
        create table trackers (                  -- what a person counts besides moods: sleep, pain, steps
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            sealed blob not null,                -- name, emoji and kind
            place integer not null,              -- the order on the page
            created_at text not null
        ) strict
    """)
    db.execute("create index trackers_by_account on trackers(account_id, place)")
    db.execute("""
        create table tracker_values (
            tracker_id text not null references trackers(id) on delete cascade,
            day text not null,
            sealed blob not null,                -- the number
            updated_at text not null,
            primary key (tracker_id, day)
        ) strict
    """)
