"""How a person wants things shown."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0007_preferences")
def _preferences(db: Database) -> None:
    db.execute("""
        create table preferences (               -- how a person wants things shown; nothing of what they wrote
            account_id text not null references accounts(id) on delete cascade,
            name text not null,
            value text not null,                 -- JSON
            primary key (account_id, name)
        ) strict
    """)
