"""Counts a month for the report, from the moods that the person confirmed."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from diary import calendar, database, days, entries
from diary.calendar import Day
from diary.entries import Entry
from diary.sessions import Session
from emotions import BY_KEY, EMOTIONS
from feelings import BY_KEY as FEELINGS


@dataclass(frozen=True)
class Tag:
    """A tag with its number of days, and its number of entries with each mood."""

    name: str
    days: int
    moods: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Month:
    """One month of one person."""

    first: date
    last: date
    until: date
    """The last day that can have entries: today in the present month."""
    days: dict[date, Day]
    """The days that have entries."""
    valences: dict[date, float]
    """For each of these days the mean of its entries, -1…1, weighted by intensity."""
    entries: int
    moods: dict[str, int]
    """The number of entries of each of the seven moods."""
    tags: tuple[Tag, ...]
    """Most used first."""
    feelings: tuple[tuple[str, int], ...]
    """Each with its number of days, most used first."""

    @property
    def commonest(self) -> str | None:
        """The mood with the most entries; None if two have as many, or there are no entries."""
        ranked = sorted(self.moods.values(), reverse=True)
        return max(self.moods, key=self.moods.__getitem__) if ranked[0] > ranked[1] else None


def months(session: Session) -> list[date]:
    """The first days of all months that have entries, latest first."""
    with database.connect() as db:
        found = db.execute(
            "select distinct substr(day, 1, 7) from entries where account_id = ? order by 1 desc", [session.account_id]
        ).fetchall()
    return [date.fromisoformat(f"{month}-01") for (month,) in found]


def of_month(session: Session, first: date, zone: str) -> tuple[Month, list[Entry]]:
    """The month that begins with `first`, and its entries."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    found = entries.between(session, first, last)
    moods = Counter(entry.mood for entry in found)
    month = Month(
        first=first,
        last=last,
        until=min(last, days.today(zone)),
        days=calendar.days_of(
            ((entry.day, entry.mood, entry.intensity) for entry in found), calendar.DAYS_MOOD.of(session)
        ),
        valences=_valences(found),
        entries=len(found),
        moods={mood: moods[mood] for mood in EMOTIONS},
        tags=_tags(found),
        feelings=_feelings(found),
    )
    return month, found


def _valences(found: Sequence[Entry]) -> dict[date, float]:
    of_days: dict[date, list[float]] = defaultdict(list)
    for entry in found:
        of_days[entry.day].append(BY_KEY[entry.mood].valence * entry.intensity / max(entries.INTENSITIES))
    return {day: fmean(of_day) for day, of_day in of_days.items()}


def _feelings(found: Sequence[Entry]) -> tuple[tuple[str, int], ...]:
    on: dict[str, set[date]] = defaultdict(set)
    for entry in found:
        for feeling in entry.feelings:
            if feeling in FEELINGS:  # a newer version may know more
                on[feeling].add(entry.day)
    return tuple((feeling, len(on[feeling])) for feeling in sorted(on, key=lambda one: (-len(on[one]), one)))


def _tags(found: Sequence[Entry]) -> tuple[Tag, ...]:
    on: dict[str, set[date]] = defaultdict(set)
    moods: dict[str, Counter] = defaultdict(Counter)
    for entry in found:
        for tag in entry.tags:
            on[tag].add(entry.day)
            moods[tag][entry.mood] += 1
    ranked = sorted(on, key=lambda tag: (-len(on[tag]), tag))
    return tuple(
        Tag(tag, len(on[tag]), tuple((mood, moods[tag][mood]) for mood in EMOTIONS if moods[tag][mood]))
        for tag in ranked
    )
