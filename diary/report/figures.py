"""Counts a span of days for the report, from the moods that the person confirmed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from diary import calendar, database, days, entries, trackers
from diary.calendar import Day
from diary.entries import Entry
from diary.report.spans import Span
from diary.sessions import Session
from emotions import BY_KEY, EMOTIONS
from feelings import BY_KEY as FEELINGS

_MOST_TAGGED = 3


@dataclass(frozen=True)
class Tag:
    """A tag with its number of days, and its number of entries with each mood."""

    name: str
    days: int
    moods: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class TrackerMean:
    """A tracker with its number of days, and the mean of their values."""

    label: str
    kind: str
    days: int
    mean: float


@dataclass(frozen=True)
class Month:
    """One month of a span: its days that have entries, and the mean of their valences."""

    first: date
    days: int
    valence: float


@dataclass(frozen=True)
class Figures:
    """The figures of one span of one person."""

    span: Span
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
    tags_by_day: dict[date, tuple[str, ...]]
    """The different tags of each day, in the order of its entries."""
    feelings: tuple[tuple[str, int], ...]
    """Each with its number of days, most used first."""
    trackers: tuple[TrackerMean, ...]
    """Those that have a value, in the person's order."""

    @property
    def possible_days(self) -> int:
        """How many days of the span can have entries."""
        return max((self.until - self.span.first).days + 1, 0)

    @property
    def most_tagged(self) -> list[tuple[date, int]]:
        """The days that have the most different tags, with their number, most first."""
        return Counter({day: len(tags) for day, tags in self.tags_by_day.items()}).most_common(_MOST_TAGGED)

    @property
    def commonest(self) -> str | None:
        """The mood with the most entries; None if two have as many, or there are no entries."""
        ranked = sorted(self.moods.values(), reverse=True)
        return max(self.moods, key=self.moods.__getitem__) if ranked[0] > ranked[1] else None


def days_with_entries(session: Session) -> list[date]:
    """All days that have entries, earliest first."""
    with database.connect() as db:
        found = db.execute(
            "select distinct day from entries where account_id = ? order by 1", [session.account_id]
        ).fetchall()
    return [date.fromisoformat(day) for (day,) in found]


def of_span(session: Session, span: Span, zone: str) -> tuple[Figures, list[Entry]]:
    """The figures of these days, and their entries."""
    found = entries.between(session, span.first, span.last)
    moods = Counter(entry.mood for entry in found)
    figures = Figures(
        span=span,
        until=min(span.last, days.today(zone)),
        days=calendar.days_of(
            ((entry.day, entry.mood, entry.intensity) for entry in found), calendar.DAYS_MOOD.of(session)
        ),
        valences=_valences(found),
        entries=len(found),
        moods={mood: moods[mood] for mood in EMOTIONS},
        tags=_tags(found),
        tags_by_day=_tags_by_day(found),
        feelings=_feelings(found),
        trackers=_trackers(session, span),
    )
    return figures, found


def months(figures: Figures) -> list[Month]:
    """The months of the span that have entries, earliest first."""
    by_month: dict[date, list[float]] = defaultdict(list)
    for day, valence in figures.valences.items():
        by_month[day.replace(day=1)].append(valence)
    return [Month(first, len(of_month), fmean(of_month)) for first, of_month in sorted(by_month.items())]


def longest_run(with_entries: Iterable[date]) -> tuple[date, date] | None:
    """The first and the last of the most consecutive days; the latest of equally long runs."""
    longest: tuple[date, date] | None = None
    begin = before = None
    for day in sorted(with_entries):
        if begin is None or before is None or day - before > timedelta(days=1):
            begin = day
        before = day
        if longest is None or day - begin >= longest[1] - longest[0]:
            longest = begin, day
    return longest


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


def _tags_by_day(found: Sequence[Entry]) -> dict[date, tuple[str, ...]]:
    tags: dict[date, dict[str, None]] = defaultdict(dict)
    for entry in found:
        tags[entry.day].update(dict.fromkeys(entry.tags))
    return {day: tuple(of_day) for day, of_day in tags.items() if of_day}


def _trackers(session: Session, span: Span) -> tuple[TrackerMean, ...]:
    values = trackers.between(session, span.first, span.last)
    return tuple(
        TrackerMean(tracker.label, tracker.kind, len(values[tracker.id]), fmean(values[tracker.id].values()))
        for tracker in trackers.intact(session)
        if values.get(tracker.id)
    )
