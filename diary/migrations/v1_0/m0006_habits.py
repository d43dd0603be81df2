"""From when on Haru learns from a person's entries."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0006_habits")
def _habits(db: Database) -> None:
    # The moment from which entries count for learning; null if the person switched learning off.
    db.execute("alter table accounts add column learns_since text")
    db.execute("update accounts set learns_since = created_at")
