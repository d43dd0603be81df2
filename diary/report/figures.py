"""What a month's page tells: counted from confirmed entries alone."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from diary import database, days, entries
from diary.entries import Entry
from diary.sessions import Session
from emotions import BY_KEY, EMOTIONS


@dataclass(frozen=True)
class Day:
    """A day that was kept."""

    mood: str
    """The one whose name it gets."""
    moods: tuple[str, ...]
    """Every different one, in the order of the day."""
    valence: float
    """Mean of its entries, -1…1: where the moods lie on the plane, the stronger the further out."""


@dataclass(frozen=True)
class Tag:
    """A tag with the number of days it was used on, and how often with which mood."""

    name: str
    days: int
    moods: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Month:
    """One month of one person."""

    first: date
    last: date
    until: date
    """The last day that could have been kept: today in the present month."""
    kept: dict[date, Day]
    entries: int
    moods: dict[str, int]
    """Entries of each of the seven, none left out."""
    tags: tuple[Tag, ...]
    """The most used first."""

    @property
    def commonest(self) -> str | None:
        """The mood with the most entries; None where two share that place, or there is none."""
        ranked = sorted(self.moods.values(), reverse=True)
        return max(self.moods, key=self.moods.__getitem__) if ranked[0] > ranked[1] else None


def months(session: Session) -> list[date]:
    """The first days of all months that have entries, latest first."""
    with database.connect() as db:
        found = db.execute(
            "select distinct substr(day, 1, 7) from entries where account_id = ? order by 1 desc", [session.account_id]
        ).fetchall()
    return [date.fromisoformat(f"{month}-01") for (month,) in found]


def of_month(session: Session, first: date, zone: str, rule: str = "latest") -> tuple[Month, list[Entry]]:
    """The month that begins with `first`, and its entries. `rule`: which of a day's moods is the day's."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    found = entries.between(session, first, last)
    return _count(found, first, last, min(last, days.today(zone)), rule), found


def _count(found: Sequence[Entry], first: date, last: date, until: date, rule: str) -> Month:
    moods = Counter(entry.mood for entry in found)
    return Month(
        first=first,
        last=last,
        until=until,
        kept={day: _day(list(of_day), rule) for day, of_day in groupby(found, key=lambda entry: entry.day)},
        entries=len(found),
        moods={mood: moods[mood] for mood in EMOTIONS},
        tags=_tags(found),
    )


def _day(of_day: list[Entry], rule: str) -> Day:
    # `reversed`: of two equally strong ones the later counts.
    chosen = of_day[-1] if rule == "latest" else max(reversed(of_day), key=lambda entry: entry.intensity)
    full = max(entries.INTENSITIES)
    return Day(
        mood=chosen.mood,
        moods=tuple(dict.fromkeys(entry.mood for entry in of_day)),
        valence=sum(BY_KEY[entry.mood].valence * entry.intensity / full for entry in of_day) / len(of_day),
    )


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
