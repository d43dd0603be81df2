"""On this day: the entries of a month ago and of the same day in earlier years, if the person wants them."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta

from diary import calendar, entries
from diary.entries import Entry
from diary.preferences import one_of
from diary.sessions import Session

# Off by default: not every memory is welcome unasked.
ON_THIS_DAY = one_of("on_this_day", False, True)


@dataclass(frozen=True)
class EarlierDay:
    """An earlier day with its entries; `years` is 0 for the day a month ago."""

    day: date
    years: int
    entries: tuple[Entry, ...]


def of(session: Session, today: date) -> list[EarlierDay]:
    """The latest day first; empty unless the person switched it on."""
    if not ON_THIS_DAY.of(session):
        return []
    earliest = calendar.first_day(session)
    if earliest is None:
        return []
    found = ((day, years, entries.of_day(session, day)) for day, years in same_days(today, earliest))
    return [EarlierDay(day, years, tuple(of_day)) for day, years, of_day in found if of_day]


def same_days(today: date, earliest: date) -> list[tuple[date, int]]:
    """The same day a month ago and in each earlier year, with the number of years.

    In years without a 29 February, the 28th shows it too; a month without a 31st has no such day.
    """
    days = []
    last_of_month_before = today.replace(day=1) - timedelta(days=1)
    if today.day <= last_of_month_before.day:
        days.append((last_of_month_before.replace(day=today.day), 0))
    for year in range(today.year - 1, earliest.year - 1, -1):
        years = today.year - year
        if (today.month, today.day) != (2, 29) or isleap(year):
            days.append((today.replace(year=year), years))
        if (today.month, today.day) == (2, 28) and not isleap(today.year) and isleap(year):
            days.append((date(year, 2, 29), years))
    return [(day, years) for day, years in days if day >= earliest]
