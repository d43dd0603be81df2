"""What an operator does: locked accounts and invitations."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0021_operator")
def _operator(db: Database) -> None:
    db.execute("""
        create table account_locks (             -- accounts that the operator locked
            account_id text primary key references accounts(id) on delete cascade,
            locked_at text not null
        ) strict
    """)
    db.execute("""
        create table invitations (               -- links that let one person each make an account
            id integer primary key,
            token_hash text not null unique,     -- SHA-256 of the token in the link, which is stored nowhere
            created_at text not null,
            expires_at text not null,
            account_id text references accounts(id) on delete cascade, -- whom it brought
            used_at text
        ) strict
    """)
    db.execute("create index invitations_by_account on invitations(account_id)")
