"""Accounts, their consents and sessions, and the tries at names and passwords."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0001_accounts")
def _accounts(db: Database) -> None:
    db.execute("""
        create table accounts (
            id text primary key,
            name text not null unique,           -- as compared: NFKC, case folded
            shown_name text not null,            -- as the person wrote it
            password_hash text not null,         -- argon2id, for signing in
            password_salt blob not null,         -- for the key that wraps the data key
            key_by_password blob not null,       -- the data key, wrapped by the password's key
            key_by_recovery blob,                -- the data key, wrapped by the recovery code's key
            pending_code blob,                   -- the recovery code, sealed by the data key until it was noted down
            language text not null,
            timezone text not null,
            created_at text not null
        ) strict
    """)
    db.execute("""
        create table consents (
            id integer primary key,
            account_id text not null references accounts(id) on delete cascade,
            kind text not null check (kind in ('diary', 'voice', 'face', 'media')),
            given_at text not null,
            withdrawn_at text
        ) strict
    """)
    db.execute("create index consents_by_account on consents(account_id, kind)")
    db.execute("""
        create table sessions (
            token_hash text primary key,         -- SHA-256 of the cookie; the cookie itself is stored nowhere
            account_id text not null references accounts(id) on delete cascade,
            data_key blob not null,              -- the data key, wrapped by a key derived from the cookie
            created_at text not null,
            last_seen_at text not null,
            expires_at text not null
        ) strict
    """)
    db.execute("create index sessions_by_account on sessions(account_id)")
    db.execute("""
        create table tries (
            subject text primary key,            -- a keyed hash of what is being tried: a name, an address
            failures integer not null,
            last_at text not null,
            locked_until text
        ) strict
    """)
