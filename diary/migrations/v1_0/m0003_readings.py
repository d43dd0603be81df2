"""What the models read of an entry."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations
from emotions import EMOTIONS


@migrations(name="0003_readings")
def _readings(db: Database) -> None:
    scores = ", ".join(f"{key} real not null" for key in EMOTIONS)
    db.execute(f"""
        create table readings (                  -- what each model said; what the person confirmed is in entries
            id integer primary key,
            entry_id text not null references entries(id) on delete cascade,
            source text not null check (source in ('voice', 'face', 'words', 'fusion')),
            model text not null,
            sure integer not null check (sure in (0, 1)),
            {scores},
            quality text not null,               -- JSON: measured facts about the input, numbers only
            created_at text not null
        ) strict
    """)
    db.execute("create index readings_by_entry on readings(entry_id)")
