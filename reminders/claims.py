"""Which reminder was sent, so that it is sent once: also with several processes, and after a crash.

A process claims a reminder in a transaction before it sends. If it dies in between, the claim ends after `LEASE`, and
another try follows. So a crash in the very moment of sending may send twice, never lose: a browser shows the second
push in place of the first (its tag is the day), and a mail keeps its Message-ID.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlite_utils import Database

from diary import database, inbox

LEASE = timedelta(minutes=5)
"""Longer than one sending takes."""
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(minutes=15)
_KEPT = timedelta(days=7)


def claim(account_id: str, day: date, target: str, now: datetime, *, unless_kept: bool = True) -> bool:
    """Whether this process shall send now.

    Not `unless_kept` if the person kept something of that day, up to this moment.
    """
    with database.transaction() as db:
        if unless_kept and _is_kept(db, account_id, day):
            return False
        key = [account_id, day.isoformat(), target]
        row = next(
            db.query("select * from reminder_sendings where account_id = ? and day = ? and target = ?", key), None
        )
        if row and (row["sent"] or datetime.fromisoformat(row["next_at"]) > now):
            return False
        db.execute(
            "insert or replace into reminder_sendings (account_id, day, target, tries, next_at, sent) "
            "select id, ?, ?, ?, ?, 0 from accounts where id = ?",  # none if the account was deleted just now
            [*key[1:], (row["tries"] if row else 0) + 1, database.timestamp(now + LEASE), account_id],
        )
    return True


def _is_kept(db: Database, account_id: str, day: date) -> bool:
    has_entry = db.table("entries").count_where("account_id = ? and day = ?", [account_id, day.isoformat()])
    return bool(has_entry) or inbox.keeps_day(db, account_id, day)


def sent(account_id: str, day: date, target: str) -> None:
    """Ends a claim: the reminder was sent."""
    with database.transaction() as db:
        db.execute(
            "update reminder_sendings set sent = 1 where account_id = ? and day = ? and target = ?",
            [account_id, day.isoformat(), target],
        )


def failed(account_id: str, day: date, target: str, now: datetime, wait: timedelta | None) -> None:
    """Ends a claim: another try follows after `wait`, or after one, two, four … minutes."""
    key = [account_id, day.isoformat(), target]
    with database.transaction() as db:
        query = "select tries from reminder_sendings where account_id = ? and day = ? and target = ?"
        tries = next((row["tries"] for row in db.query(query, key)), 1)
        pause = max(wait or timedelta(0), min(_FIRST_WAIT * 2 ** min(tries - 1, 10), _LONGEST_WAIT))
        db.execute(
            "update reminder_sendings set next_at = ? where account_id = ? and day = ? and target = ?",
            [database.timestamp(now + pause), *key],
        )


def delete_old(now: datetime) -> None:
    """Deletes what was sent more than a week ago."""
    with database.transaction() as db:
        db.table("reminder_sendings").delete_where("day < ?", [(now - _KEPT).date().isoformat()])
