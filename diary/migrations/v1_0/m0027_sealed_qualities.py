"""What was measured of a recording or picture, sealed (diary/qualities.py). Only the person's key can seal it."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0027_sealed_qualities")
def _sealed_qualities(db: Database) -> None:
    db.execute("alter table readings add column sealed blob")  # in place of `quality`, which is empty then
    db.execute("alter table accounts add column has_clear_qualities integer not null default 0")
    db.execute("""
        update accounts set has_clear_qualities = 1
        where id in (select e.account_id from readings r join entries e on e.id = r.entry_id)
    """)
