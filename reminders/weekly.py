"""A person's own message once a week: that their week can be looked at. Off by default."""

from __future__ import annotations

from datetime import time

from diary import database, sessions
from diary.sessions import Session
from reminders import schedule
from reminders.schedule import EVERY_DAY, Schedule

TABLE = "weekly_reminders"
SUNDAY = 6
EVENING = time(18, 0)


def of(session: Session) -> Schedule | None:
    """When it is sent; None while it is off."""
    with database.connect() as db:
        row = next(db.table(TABLE).rows_where("account_id = ?", [session.account_id]), None)
    return schedule.read(row) if row else None


def choose(session: Session, weekday: int, at: time) -> None:
    """Stores the day of the week, where 0 is Monday, and the time on the person's own clock."""
    if weekday not in EVERY_DAY:
        raise ValueError(f"no day of the week: {weekday!r}")
    with sessions.transaction(session) as db:
        db.table(TABLE).upsert(schedule.as_row(session, at, {weekday}), pk="account_id")


def stop(session: Session) -> None:
    with sessions.transaction(session) as db:
        db.table(TABLE).delete_where("account_id = ?", [session.account_id])
