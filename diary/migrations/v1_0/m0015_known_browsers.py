"""Browsers that an account knows, and a clock that does not jump."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0015_known_browsers")
def _known_browsers(db: Database) -> None:
    db.execute("""
        create table known_browsers (            -- browsers that were signed in to the account before
            token_hash text primary key,         -- SHA-256 of a token in a cookie, which opens nothing
            account_id text not null references accounts(id) on delete cascade,
            used_at text not null
        ) strict
    """)
    db.execute("create index known_browsers_by_account on known_browsers(account_id)")
    db.execute("""
        create table steady_clock (              -- for the waits in tries: it does not jump with the machine's clock
            id integer primary key check (id = 1),
            boot text not null,                  -- the boot of the machine that it holds for
            started_at text not null             -- the time at that boot
        ) strict
    """)
