"""Which sessions are from before the session's cookie got another name under HTTPS (web/session_cookie.py)."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0026_session_cookies")
def _session_cookies(db: Database) -> None:
    db.execute("alter table sessions add column has_plain_cookie integer not null default 0")
    db.execute("update sessions set has_plain_cookie = 1")
