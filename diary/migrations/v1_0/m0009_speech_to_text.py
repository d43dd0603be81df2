"""Transcripts, and the consent to write recordings down."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0009_speech_to_text")
def _speech_to_text(db: Database) -> None:
    # SQLite cannot change a check: the table is made anew with the consent to write recordings down.
    db.execute("""
        create table consents_new (
            id integer primary key,
            account_id text not null references accounts(id) on delete cascade,
            kind text not null check (kind in ('diary', 'voice', 'transcript', 'face', 'media')),
            given_at text not null,
            withdrawn_at text
        ) strict
    """)
    db.execute("insert into consents_new select id, account_id, kind, given_at, withdrawn_at from consents")
    db.execute("drop table consents")
    db.execute("alter table consents_new rename to consents")
    db.execute("create index consents_by_account on consents(account_id, kind)")
    db.execute("""
        create table transcripts (               -- the words of a kept recording with their times
            medium_id text primary key references media(id) on delete cascade,
            sealed blob not null,
            created_at text not null
        ) strict
    """)
