"""A draft for each form."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0010_drafts_of_forms")
def _drafts_of_forms(db: Database) -> None:
    # A person may leave several forms unfinished: the new entry, an earlier day, the change of an entry.
    db.execute("""
        create table drafts_new (
            account_id text not null references accounts(id) on delete cascade,
            form text not null,                  -- new, an entry's id, or a day
            sealed blob not null,
            version integer not null,            -- counts the savings: another tab may have saved meanwhile
            updated_at text not null,
            primary key (account_id, form)
        ) strict
    """)
    db.execute("insert into drafts_new select account_id, 'new', sealed, 1, updated_at from drafts")
    db.execute("drop table drafts")
    db.execute("alter table drafts_new rename to drafts")
