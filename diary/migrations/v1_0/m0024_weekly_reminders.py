"""The weekly reminder."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0024_weekly_reminders")
def _weekly_reminders(db: Database) -> None:
    db.execute("""
        create table weekly_reminders (          -- when a person wants to hear once a week that their week is ready
            account_id text primary key references accounts(id) on delete cascade,
            at text not null,                    -- HH:MM on the person's clock
            weekdays text not null,              -- one digit from 0, Monday, to 6
            since text not null                  -- UTC; what was due earlier is not sent
        ) strict
    """)
