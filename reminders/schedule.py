"""When a person wants to be reminded: a time on their own clock, on some days of the week."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from diary import database, days, errors, sessions
from diary.sessions import Session

EVENING = time(21, 0)
EVERY_DAY = frozenset(range(7))
"""Days of the week; 0 is Monday."""
WINDOW = timedelta(hours=1)
"""How long after its time a reminder is sent, if the server was down or the network failed."""
LONGEST_WAIT = timedelta(hours=4)
"""How long a push service holds a reminder for a device that is off, and never into the next day."""


@dataclass(frozen=True)
class Schedule:
    at: time = EVENING
    weekdays: frozenset[int] = EVERY_DAY
    since: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    """The moment of the person's choice: a reminder whose time had passed by then waits for the next day."""


@dataclass(frozen=True)
class Due:
    """A reminder that is to be sent now."""

    day: date
    """The person's calendar day."""
    expires: datetime
    """When nobody needs it any more."""


def due(schedule: Schedule, zone: str, now: datetime) -> Due | None:
    """The reminder that is due now on the person's clock, if any.

    A time that the clock skips in spring counts as the moment after the gap. A time that it shows twice in autumn
    counts the first time.
    """
    zone = days.known_zone(zone)
    day = now.astimezone(ZoneInfo(zone)).date()
    moment = days.instant(day, schedule.at, zone)
    midnight = days.instant(day + timedelta(days=1), time(0), zone)
    if day.weekday() not in schedule.weekdays or moment < schedule.since:
        return None
    if not moment <= now < min(moment + WINDOW, midnight):
        return None
    return Due(day, min(moment + LONGEST_WAIT, midnight))


def of(session: Session) -> Schedule:
    """This person's schedule, or every evening at nine."""
    with database.connect() as db:
        row = next(db.query("select * from reminders where account_id = ?", [session.account_id]), None)
    return read(row) if row else Schedule()


def read(row: dict) -> Schedule:
    """The schedule in such a row."""
    weekdays = frozenset(int(digit) for digit in row["weekdays"])
    return Schedule(time.fromisoformat(row["at"]), weekdays, datetime.fromisoformat(row["since"]))


def choose(session: Session, at: time, weekdays: Collection[int]) -> None:
    """Stores when this person wants to be reminded."""
    if not weekdays and not _has_weekly(session):
        raise errors.ReminderWithoutDay()
    if not set(weekdays) <= EVERY_DAY:
        raise ValueError(f"no days of the week: {weekdays!r}")
    with sessions.transaction(session) as db:
        db.table("reminders").upsert(as_row(session, at, weekdays), pk="account_id")


def _has_weekly(session: Session) -> bool:
    """Whether there is a message once a week (reminders/weekly.py), beside which no daily one is needed."""
    with database.connect() as db:
        return bool(db.table("weekly_reminders").count_where("account_id = ?", [session.account_id]))


def ensure(db: Database, session: Session) -> None:
    """Stores the default schedule for a person without one, inside the caller's transaction."""
    row = as_row(session, EVENING, EVERY_DAY)
    db.table("reminders").insert(row, pk="account_id", ignore=True)


def stop(session: Session) -> None:
    """Deletes all that reminds this person: the schedule, the devices and the addresses."""
    with sessions.transaction(session) as db:
        for table in ("reminders", "weekly_reminders", "push_devices", "reminder_addresses", "reminder_sendings"):
            db.table(table).delete_where("account_id = ?", [session.account_id])


def as_row(session: Session, at: time, weekdays: Collection[int]) -> dict[str, str]:
    """The row of the table `reminders` or `weekly_reminders`."""
    return {
        "account_id": session.account_id,
        "at": f"{at:%H:%M}",
        "weekdays": "".join(str(day) for day in sorted(weekdays)),
        "since": database.now(),
    }
