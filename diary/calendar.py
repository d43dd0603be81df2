"""Months and years at a glance: which days were kept, and whose colour each wears.

Reads plain columns only and never more than the days asked for, so a month costs the same after ten years.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from diary import database
from diary.preferences import one_of
from diary.sessions import Session

# As `date.weekday()` counts: Sunday unless chosen otherwise, Monday, Saturday.
FIRST_WEEKDAY = one_of("first_weekday", 6, 0, 5)
# Which of a day's several moods is the day's: its last one, or the one that was strongest.
DAYS_MOOD = one_of("days_mood", "latest", "strongest")


@dataclass(frozen=True)
class Day:
    """A day that was kept."""

    day: date
    mood: str
    """Whose colour it wears."""
    moods: tuple[str, ...]
    """Every one, in the order of the day."""


def between(session: Session, first: date, last: date) -> dict[date, Day]:
    """The kept days from `first` to `last`."""
    rule = DAYS_MOOD.of(session)
    with database.connect() as db:
        rows = db.execute(
            "select day, mood, intensity from entries where account_id = ? and day between ? and ? "
            "order by day, happened_at, created_at",
            [session.account_id, first.isoformat(), last.isoformat()],
        ).fetchall()
    return days_of(((date.fromisoformat(day), mood, intensity) for day, mood, intensity in rows), rule)


def days_of(moods: Iterable[tuple[date, str, int]], rule: str) -> dict[date, Day]:
    """Days from (day, mood, intensity) of their entries, earliest entry first; `rule` is a value of `DAYS_MOOD`."""
    by_day: dict[date, list[tuple[str, int]]] = {}
    for day, mood, intensity in moods:
        by_day.setdefault(day, []).append((mood, intensity))
    return {
        day: Day(day, _days_mood(of_day, rule), tuple(mood for mood, _ in of_day)) for day, of_day in by_day.items()
    }


def _days_mood(moods: list[tuple[str, int]], rule: str) -> str:
    """The one mood that a day shows."""
    if rule == "latest":
        return moods[-1][0]
    # Of equally strong ones the later: `max` keeps the first that it finds.
    return max(reversed(moods), key=lambda mood: mood[1])[0]


def streak(session: Session, today: date) -> int:
    """How many days in a row were kept, up to today; a today that is still empty breaks nothing.

    It counts the days that entries are about, not when they were written: a day kept later is a day kept. Rows are
    read only back to the first gap.
    """
    with database.connect() as db:
        kept = (
            date.fromisoformat(day)
            for (day,) in db.execute(
                "select distinct day from entries where account_id = ? and day <= ? order by day desc",
                [session.account_id, today.isoformat()],
            )
        )
        latest = next(kept, None)
        if latest is None or latest < today - timedelta(days=1):
            return 0
        length = 1
        for day in kept:
            if day != latest - timedelta(days=length):
                break
            length += 1
        return length


def first_day(session: Session) -> date | None:
    """The earliest day that was kept."""
    with database.connect() as db:
        ((day,),) = db.execute("select min(day) from entries where account_id = ?", [session.account_id]).fetchall()
    return date.fromisoformat(day) if day else None
