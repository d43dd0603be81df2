"""Passkeys."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0018_passkeys")
def _passkeys(db: Database) -> None:
    db.execute("""
        create table passkeys (
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            credential_id blob not null unique,  -- by which a browser names it
            user_handle blob not null,           -- random; by which an authenticator tells accounts apart
            rp_id text not null,                 -- the host name that it works at
            public_key blob not null,            -- COSE
            sign_count integer not null,         -- the authenticator's own counter, or always 0
            salt blob not null,                  -- for the key that wraps the data key
            data_key blob not null,              -- the data key, wrapped by a key derived from the passkey's secret
            sealed blob not null,                -- the name that the person gave it
            created_at text not null,
            used_at text
        ) strict
    """)
    db.execute("create index passkeys_by_account on passkeys(account_id, created_at)")
    db.execute("""
        create table used_challenges (           -- what a browser answered, until it would be too old anyway
            hash text primary key,               -- SHA-256
            expires_at text not null
        ) strict
    """)
