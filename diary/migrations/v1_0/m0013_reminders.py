"""Reminders, where they go, and what was sent."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0013_reminders")
def _reminders(db: Database) -> None:
    # The server sends reminders while the person is signed out: the person's own key cannot seal what these tables
    # hold. `sealed` is sealed by a key of the server's secret, which is no part of the database or of its backups.
    db.execute("""
        create table reminders (                 -- when a person wants to be reminded
            account_id text primary key references accounts(id) on delete cascade,
            at text not null,                    -- HH:MM on the person's clock
            weekdays text not null,              -- digits from 0, Monday, to 6
            since text not null                  -- UTC; reminders that were due earlier are not sent
        ) strict
    """)
    db.execute("""
        create table push_devices (              -- browsers that show reminders
            id text primary key,                 -- SHA-256 of the endpoint
            account_id text not null references accounts(id) on delete cascade,
            sealed blob not null,                -- the endpoint and the browser's keys
            created_at text not null
        ) strict
    """)
    db.execute("create index push_devices_by_account on push_devices(account_id)")
    db.execute("""
        create table reminder_addresses (        -- where else reminders go
            account_id text not null references accounts(id) on delete cascade,
            kind text not null check (kind in ('mail', 'channel')),
            sealed blob not null,                -- the address; until it is confirmed, the code that confirms it
            confirmed integer not null check (confirmed in (0, 1)),
            created_at text not null,
            primary key (account_id, kind)
        ) strict
    """)
    db.execute("""
        create table reminder_sendings (         -- what is being sent or was sent, so that it is sent once
            account_id text not null references accounts(id) on delete cascade,
            day text not null,                   -- the person's calendar day
            target text not null,                -- a device's id, mail or channel
            tries integer not null,
            next_at text not null,               -- UTC; no process tries again before
            sent integer not null check (sent in (0, 1)),
            primary key (account_id, day, target)
        ) strict
    """)
