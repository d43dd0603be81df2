"""People who see whether a person kept a day."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0023_trusted")
def _trusted(db: Database) -> None:
    db.execute("""
        create table trusted (                   -- who sees whether a person kept a day, with both persons' consent
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,   -- whose days
            trusted_id text references accounts(id) on delete cascade,            -- who sees; null until accepted
            code_hash text unique,               -- SHA-256 of the code; null once accepted
            shows text not null check (shows in ('kept', 'moods')),
            sealed blob not null,                -- both names, by a key of the server's secret
            created_at text not null,
            expires_at text not null,            -- of the code
            accepted_at text,
            looked_at text,
            mailed_since text                    -- if the one who sees also wants it by mail, once a week
        ) strict
    """)
    db.execute("create index trusted_by_account on trusted(account_id)")
    db.execute("create index trusted_by_trusted on trusted(trusted_id)")
