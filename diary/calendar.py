"""The calendar: which days have entries, and which mood each day shows.

It reads only plain columns of the requested days, so a month loads as fast after ten years as after one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from diary import database
from diary.preferences import one_of
from diary.sessions import Session

# As `date.weekday()` counts: Sunday (the default), Monday, Saturday.
FIRST_WEEKDAY = one_of("first_weekday", 6, 0, 5)
# Which of its moods a day shows: the latest or the strongest.
DAYS_MOOD = one_of("days_mood", "latest", "strongest")


@dataclass(frozen=True)
class Day:
    """A day that has entries."""

    day: date
    mood: str
    """The mood that the day shows."""
    moods: tuple[str, ...]
    """The moods of all its entries, earliest first."""


def between(session: Session, first: date, last: date) -> dict[date, Day]:
    """The days from `first` to `last` that have entries."""
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
        day: Day(day, _shown_mood(of_day, rule), tuple(mood for mood, _ in of_day)) for day, of_day in by_day.items()
    }


def _shown_mood(moods: list[tuple[str, int]], rule: str) -> str:
    """The one mood that a day shows."""
    if rule == "latest":
        return moods[-1][0]
    # Reversed, because `max` returns the first of equally strong moods and the day shows the latest.
    return max(reversed(moods), key=lambda mood: mood[1])[0]


def streak(session: Session, today: date) -> int:
    """The number of consecutive days with entries up to today, or up to yesterday while today has none.

    It counts the days of the entries, not when they were written, and reads rows only back to the first gap.
    """
    with database.connect() as db:
        with_entries = (
            date.fromisoformat(day)
            for (day,) in db.execute(
                "select distinct day from entries where account_id = ? and day <= ? order by day desc",
                [session.account_id, today.isoformat()],
            )
        )
        latest = next(with_entries, None)
        if latest is None or latest < today - timedelta(days=1):
            return 0
        length = 1
        for day in with_entries:
            if day != latest - timedelta(days=length):
                break
            length += 1
        return length


def neighbours(session: Session, day: date) -> tuple[date | None, date | None]:
    """The nearest days before and after this one that have an entry or a value of a tracker."""
    return _nearest(session, day, "max", "<"), _nearest(session, day, "min", ">")


def _nearest(session: Session, day: date, which: str, than: str) -> date | None:
    """One look-up in an index for the entries, and one for each tracker: as fast after ten years as after one."""
    with database.connect() as db:
        ((found,),) = db.execute(
            f"select {which}(day) from ("  # noqa: S608 - both are words of this file
            f"select {which}(day) as day from entries where account_id = :account and day {than} :day union all "
            f"select (select {which}(day) from tracker_values where tracker_id = trackers.id and day {than} :day) "
            "from trackers where account_id = :account)",
            {"account": session.account_id, "day": day.isoformat()},
        ).fetchall()
    return date.fromisoformat(found) if found else None


def first_day(session: Session) -> date | None:
    """The earliest day that has an entry."""
    with database.connect() as db:
        ((day,),) = db.execute("select min(day) from entries where account_id = ?", [session.account_id]).fetchall()
    return date.fromisoformat(day) if day else None
