"""Who people are at the organisation's provider."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0025_identities")
def _identities(db: Database) -> None:
    db.execute("""
        create table identities (                -- who people are at the organisation's provider
            hash text primary key,               -- of issuer and subject, keyed by the server's secret
            account_id text not null unique references accounts(id) on delete cascade,
            created_at text not null
        ) strict
    """)
