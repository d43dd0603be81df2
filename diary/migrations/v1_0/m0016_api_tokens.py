"""Tokens of the API, and the inbox for those that cannot read the diary."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0016_api_tokens")
def _api_tokens(db: Database) -> None:
    db.execute("""
        create table api_tokens (                -- by which a person's programs use the API
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            token_hash text not null unique,     -- SHA-256 of the token; the token itself is stored nowhere
            by_token blob not null,              -- scopes, expiry and the inbox's public key, sealed by the token
            data_key blob,                       -- the data key, wrapped by the token; only where it may read notes
            by_owner blob not null,              -- name, scopes and expiry for the list, sealed by the data key
            created_at text not null,
            expires_at text not null,            -- to delete old rows; `by_token` decides
            last_used_at text
        ) strict
    """)
    db.execute("create index api_tokens_by_account on api_tokens(account_id)")
    db.execute("""
        create table inbox_keys (                -- the account's key pair for tokens that have no data key
            account_id text primary key references accounts(id) on delete cascade,
            private_key blob not null            -- sealed by the data key
        ) strict
    """)
    db.execute("""
        create table inbox (                     -- entries of such tokens, until the diary is opened next
            id text primary key,                 -- of the entry
            account_id text not null references accounts(id) on delete cascade,
            day text not null,                   -- so that a reminder knows that something was kept
            item_key blob not null,              -- for `sealed`, encrypted to the public key (HPKE)
            sealed blob not null,                -- the whole entry
            received_at text not null
        ) strict
    """)
    db.execute("create index inbox_by_account on inbox(account_id, day)")
