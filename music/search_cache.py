"""What YouTube was asked and what it cost: answers kept for days, and a count of searches for each of Google's days.

A small SQLite file of its own, because the whole app shares one daily quota and nothing in it belongs to a person.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

KEPT_FOR = timedelta(days=7)
SEARCHES_A_DAY = 90
"""Google gives an app about a hundred search.list calls a day; it stops a little before that."""
_GOOGLES_DAY = ZoneInfo("America/Los_Angeles")  # quotas start anew at midnight there
_TABLES = """
    create table if not exists answers (question text primary key, found text not null, at text not null) strict;
    create table if not exists searches (day text primary key, count integer not null) strict;
"""


class Ledger:
    """Safe for several threads and processes; a file that cannot be used counts as an empty purse."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def remembered(self, question: str, now: datetime | None = None) -> list[dict] | None:
        """What YouTube answered to this in the last days, or None."""
        oldest = (now or datetime.now(UTC)) - KEPT_FOR
        try:
            with self._open() as db:
                row = db.execute(
                    "select found from answers where question = ? and at > ?", [question, oldest.isoformat()]
                ).fetchone()
            return json.loads(row[0]) if row else None
        except (sqlite3.Error, OSError, ValueError):
            return None

    def remember(self, question: str, found: list[dict], now: datetime | None = None) -> None:
        moment = now or datetime.now(UTC)
        try:
            with self._open() as db:
                db.execute("delete from answers where at <= ?", [(moment - KEPT_FOR).isoformat()])
                db.execute(
                    "insert or replace into answers values (?, ?, ?)",
                    [question, json.dumps(found, ensure_ascii=False), moment.isoformat()],
                )
        except (sqlite3.Error, OSError):
            return  # it costs another search later, no more

    def spend(self, now: datetime | None = None) -> bool:
        """Takes one search out of today's purse; False where there is none left."""
        day = (now or datetime.now(UTC)).astimezone(_GOOGLES_DAY).date().isoformat()
        try:
            with self._open() as db:
                db.execute("begin immediate")
                row = db.execute("select count from searches where day = ?", [day]).fetchone()
                spent = row[0] if row else 0
                if spent < SEARCHES_A_DAY:
                    db.execute("delete from searches where day <> ?", [day])
                    db.execute("insert or replace into searches values (?, ?)", [day, spent + 1])
                db.execute("commit")
            return spent < SEARCHES_A_DAY
        except (sqlite3.Error, OSError):
            return False

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # Autocommit: each statement stands for itself, except where a transaction is begun by hand.
        with closing(sqlite3.connect(self._path, timeout=5, isolation_level=None)) as db:
            db.executescript(_TABLES)
            yield db
