"""The second factor."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0020_second_factor")
def _second_factor(db: Database) -> None:
    db.execute("""
        create table second_factors (            -- of those who sign in with the code of an app, too
            account_id text primary key references accounts(id) on delete cascade,
            sealed blob not null,                -- the app's secret
            last_step integer not null,          -- of the last code that was used: none counts twice
            since text not null
        ) strict
    """)
    db.execute("""
        create table backup_codes (              -- in place of an app's code, each once
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            sealed blob not null
        ) strict
    """)
    db.execute("create index backup_codes_by_account on backup_codes(account_id)")
    db.execute("""
        create table pending_sign_ins (          -- between the password and the code
            token_hash text primary key,         -- SHA-256 of the cookie
            account_id text not null references accounts(id) on delete cascade,
            data_key blob not null,              -- the data key, wrapped by a key derived from the cookie
            expires_at text not null
        ) strict
    """)
    db.execute("create index pending_sign_ins_by_account on pending_sign_ins(account_id)")
