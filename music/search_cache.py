"""Caches YouTube's answers for a week, and counts the searches of each day in Google's time zone.

They lie in a small SQLite file of their own: the whole app shares one daily quota, and no row belongs to a person.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

KEEP_FOR = timedelta(days=7)
SEARCHES_A_DAY = 90
"""Google allows an app about a hundred search.list calls a day; this stops a little before."""
_QUOTA_TIMEZONE = ZoneInfo("America/Los_Angeles")  # quotas are reset at midnight there
_TABLES = """
    create table if not exists answers (question text primary key, found text not null, at text not null) strict;
    create table if not exists searches (day text primary key, count integer not null) strict;
"""


class SearchCache:
    """Safe for several threads and processes. A file that cannot be used allows no search."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, question: str, now: datetime | None = None) -> list[dict] | None:
        """YouTube's answer to this question in the last days, or None."""
        oldest = (now or datetime.now(UTC)) - KEEP_FOR
        try:
            with self._open() as db:
                row = db.execute(
                    "select found from answers where question = ? and at > ?", [question, oldest.isoformat()]
                ).fetchone()
            return json.loads(row[0]) if row else None
        except (sqlite3.Error, OSError, ValueError):
            return None

    def put(self, question: str, rows: list[dict], now: datetime | None = None) -> None:
        moment = now or datetime.now(UTC)
        try:
            with self._open() as db:
                db.execute("delete from answers where at <= ?", [(moment - KEEP_FOR).isoformat()])
                db.execute(
                    "insert or replace into answers values (?, ?, ?)",
                    [question, json.dumps(rows, ensure_ascii=False), moment.isoformat()],
                )
        except (sqlite3.Error, OSError):
            return  # the same question costs another search later

    def use_search(self, now: datetime | None = None) -> bool:
        """Counts one search; False if today's quota is used up."""
        day = (now or datetime.now(UTC)).astimezone(_QUOTA_TIMEZONE).date().isoformat()
        try:
            with self._open() as db:
                db.execute("begin immediate")
                row = db.execute("select count from searches where day = ?", [day]).fetchone()
                used = row[0] if row else 0
                if used < SEARCHES_A_DAY:
                    db.execute("delete from searches where day <> ?", [day])
                    db.execute("insert or replace into searches values (?, ?)", [day, used + 1])
                db.execute("commit")
            return used < SEARCHES_A_DAY
        except (sqlite3.Error, OSError):
            return False

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # Autocommit: each statement is its own transaction, unless one is begun explicitly.
        with closing(sqlite3.connect(self._path, timeout=5, isolation_level=None)) as db:
            db.executescript(_TABLES)
            yield db
