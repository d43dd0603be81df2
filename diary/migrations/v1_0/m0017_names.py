"""Names as slow hashes and sealed copies, in place of clear ones."""

from __future__ import annotations

from sqlite_utils import Database

from diary import names
from diary.migrations.registry import ERASE, migrations


@migrations(name="0017_names")
def _names(db: Database) -> None:
    db.execute("""
        create table name_salt (                 -- of the slow hashes of names
            id integer primary key check (id = 1),
            salt blob not null
        ) strict
    """)
    db.execute("alter table accounts add column own_name blob")  # as the person wrote it, sealed by the data key
    db.execute("alter table accounts add column server_name blob")  # the same, sealed by the server's secret
    if names.hide(db):
        db.execute(f"pragma user_version = {ERASE}")
    db.execute("alter table accounts rename column name to name_hash")
    db.execute("alter table accounts drop column shown_name")
