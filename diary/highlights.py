"""Up to three counted facts that a friend would mention about a diary, chosen by how much they say.

How much a fact says is measured in bits: minus the logarithm to base two of the chance that it comes about by itself. A
run of five happy days says more to somebody who is happy on one day of five than to somebody who always is.

- The latest month beside the one before comes first, whenever both have `KEPT_MIN` days: with this question people open
  the page. The other two places go to the facts with the most bits, one of each kind, if they have `_BITS_MIN`.
- Like is compared with like: on the 12th the first 12 days of both months. In a month's first `KEPT_MIN` days, the last
  whole month is the latest one.
- A day has the mood that the calendar shows, so that a person can count the same days there.
- A month is called brighter or harder by its mean pleasantness, and only with a count that goes the same way. Two
  months are called alike only if both the mean and the shares of the moods are.
- What goes together with weekdays, tags and trackers is in diary/habits.py.
- Only happy days are counted as a run: nobody needs to be told how long they have been sad.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import log2

import numpy as np

from diary import calendar, certainty, habits, patterns, trackers
from diary.calendar import Day
from diary.habits import Habit
from diary.patterns import DayColumns
from diary.sessions import Session
from diary.trackers import Tracker, Value
from emotions import BY_KEY, EMOTIONS

MOST = 3
KEPT_MIN = 7
"""Fewer days of a month are too few to speak about it."""
WINDOW = 91
"""Days in which habits are looked for: thirteen of each weekday."""
_ALIKE, _CLEARLY = 0.05, 0.25
"""Differences of mean pleasantness (-1…1): below the first, months are alike; from the second on, not only a little."""
_ALIKE_SHARES = 0.2
"""The part of the days that may have other moods in two months that are alike."""
_LIKE_KEPT = 0.1
"""Months whose numbers of days differ by a smaller part are compared by counts alone."""
_RUN_MIN = 3
_FEELING_MIN = 3
_BITS_MIN = 3.0


@dataclass(frozen=True)
class Span:
    """A month, or its first days."""

    first: date
    last: date
    is_whole: bool

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Comparison:
    """A month beside another one, by its days of one mood."""

    now: Span
    before: Span
    direction: int
    """0: alike; 1: a little brighter, 2: brighter; -1: a little harder, -2: harder."""
    mood: str
    count: int
    count_before: int
    kept: int
    kept_before: int
    bits: float

    @property
    def is_like_with_like(self) -> bool:
        """Whether the counts alone compare the months, or only beside the numbers of days."""
        more, less = max(self.kept, self.kept_before), min(self.kept, self.kept_before)
        changed = (self.count / self.kept - self.count_before / self.kept_before) * (self.count - self.count_before)
        return more - less <= max(2, _LIKE_KEPT * more) and (changed > 0 or self.direction == 0)


@dataclass(frozen=True)
class Run:
    """Happy days in a row."""

    first: date
    last: date
    length: int
    bits: float


@dataclass(frozen=True)
class EveryDay:
    """A month in which no day is missing."""

    span: Span
    bits: float


@dataclass(frozen=True)
class MainFeeling:
    """The feeling of the most days of a month."""

    span: Span
    feeling: str
    days: int
    bits: float


Fact = Comparison | Habit | Run | EveryDay | MainFeeling


def of(session: Session, today: date) -> list[Fact]:
    """At most `MOST` facts, in the order to say them."""
    start = today - timedelta(days=WINDOW + 31)
    days = calendar.between(session, start, today)
    if not days:
        return []
    until = today if today in days else today - timedelta(days=1)
    now = latest_month(until)
    columns = patterns.by_day(patterns.entry_columns(session, start, today))
    habits_since = until - timedelta(days=WINDOW - 1)
    recent = _between(columns, habits_since, until)
    first = compared(now, _month_before(now), days, columns)
    feelings = patterns.feelings_by_day(session, now.first, now.last)
    others = [
        _beside_the_year_before(session, now, days, columns),
        longest_run(now, days),
        every_day(now, days),
        main_feeling(now, feelings),
        habits.of_weekdays(recent, days),
        habits.of_tags(recent, days, patterns.tags_by_day(session, habits_since, until)),
        habits.of_trackers(recent, days, _tracker_values(session, habits_since, until)),
    ]
    return choose(first, others)


def choose(first: Comparison | None, others: Iterable[Fact | None]) -> list[Fact]:
    """The comparison of two months, and the others that say most."""
    worth = sorted((fact for fact in others if fact and fact.bits >= _BITS_MIN), key=lambda fact: -fact.bits)
    return ([first, *worth] if first else worth)[:MOST]


def latest_month(until: date) -> Span:
    """The month so far, or in its first days the whole month before."""
    first = until.replace(day=1)
    if until.day < KEPT_MIN:
        last = first - timedelta(days=1)
        return Span(last.replace(day=1), last, is_whole=True)
    return Span(first, until, is_whole=(until + timedelta(days=1)).day == 1)


def compared(now: Span, before: Span, days: Mapping[date, Day], columns: DayColumns) -> Comparison | None:
    """Compares two months, whole ones in full, others in as many first days as both have."""
    if not (now.is_whole and before.is_whole):
        length = min(now.length, before.length)
        now, before = _first_days(now, length), _first_days(before, length)
    one, other = _between(columns, now.first, now.last), _between(columns, before.first, before.last)
    if min(len(one), len(other)) < KEPT_MIN:
        return None
    brighter = float(one.plane[:, 0].mean() - other.plane[:, 0].mean())
    direction = 0 if abs(brighter) < _ALIKE else int(np.sign(brighter)) * (2 if abs(brighter) >= _CLEARLY else 1)
    counts, counts_before = _moods(one, days), _moods(other, days)
    changes = {mood: counts[mood] / len(one) - counts_before[mood] / len(other) for mood in EMOTIONS}
    mood = _mood_that_shows(direction, changes, counts)
    if mood is None:
        return None
    both = patterns.together(other, one)
    is_now = np.arange(len(both)) >= len(other)
    p = certainty.p_of_counts(both.days, is_now, _has_mood(both, days, mood))
    bits = certainty.bits(p) if direction else 0.0
    return Comparison(now, before, direction, mood, counts[mood], counts_before[mood], len(one), len(other), bits)


def longest_run(span: Span, days: Mapping[date, Day]) -> Run | None:
    """The longest run of happy days in the month; the latest of equally long ones."""
    happy = {day for day, of_day in days.items() if of_day.mood == "happiness"}
    best = length = 0
    end = span.first
    for day in _days(span):
        length = length + 1 if day in happy else 0
        if length >= max(best, 1):
            best, end = length, day
    if best < _RUN_MIN:
        return None
    # About as many places to begin as days: the chance of such a run somewhere among them.
    chance = span.length * (len(happy) / len(days)) ** best
    return Run(end - timedelta(days=best - 1), end, best, certainty.bits(chance))


def every_day(span: Span, days: Mapping[date, Day]) -> EveryDay | None:
    if span.length < KEPT_MIN or any(day not in days for day in _days(span)):
        return None
    earlier = sum(day < span.first for day in days)
    possible = (span.first - min(days)).days
    usual = (earlier + 1) / (possible + 2)
    return EveryDay(span, -span.length * log2(usual))


def main_feeling(span: Span, feelings: Mapping[str, set[date]]) -> MainFeeling | None:
    """The feeling that was chosen on more days than any other; naming one of many says more than one of two."""
    ranked = sorted(feelings, key=lambda feeling: -len(feelings[feeling]))
    if not ranked or len(set().union(*feelings.values())) < KEPT_MIN:
        return None
    most, next_most = len(feelings[ranked[0]]), len(feelings[ranked[1]]) if len(ranked) > 1 else 0
    if most < _FEELING_MIN or most == next_most:
        return None
    return MainFeeling(span, ranked[0], most, log2(len(ranked)))


def _beside_the_year_before(
    session: Session, now: Span, days: Mapping[date, Day], columns: DayColumns
) -> Comparison | None:
    first = now.first.replace(year=now.first.year - 1)
    before = _first_days(_whole_month(first), now.length)
    earlier = calendar.between(session, before.first, before.last)
    if len(earlier) < KEPT_MIN:
        return None
    then = patterns.by_day(patterns.entry_columns(session, before.first, before.last))
    return compared(now, before, {**days, **earlier}, patterns.together(then, columns))


def _mood_that_shows(direction: int, changes: Mapping[str, float], counts: Counter) -> str | None:
    """The mood whose days changed most in the direction of the mean, if possible one that came more often.

    Of months that are alike, the commonest mood.
    """
    if direction == 0:
        differ = sum(abs(change) for change in changes.values()) / 2
        return counts.most_common(1)[0][0] if differ < _ALIKE_SHARES else None
    agreeing = [mood for mood, change in changes.items() if change * BY_KEY[mood].valence * direction > 0]
    # "9 happy days, 6 before" is easier to take in than "21 sad days, 24 before".
    more = [mood for mood in agreeing if changes[mood] > 0] or agreeing
    return max(more, key=lambda mood: abs(changes[mood]), default=None)


def _moods(columns: DayColumns, days: Mapping[date, Day]) -> Counter:
    return Counter(days[day].mood for day in columns.days.tolist())


def _has_mood(columns: DayColumns, days: Mapping[date, Day], mood: str) -> np.ndarray:
    return np.array([days[day].mood == mood for day in columns.days.tolist()], float)


def _tracker_values(session: Session, first: date, last: date) -> list[tuple[Tracker, Mapping[date, Value]]]:
    values = trackers.between(session, first - timedelta(days=1), last)
    return [(tracker, values[tracker.id]) for tracker in trackers.intact(session) if values.get(tracker.id)]


def _between(columns: DayColumns, first: date, last: date) -> DayColumns:
    return columns.where((columns.days >= np.datetime64(first)) & (columns.days <= np.datetime64(last)))


def _month_before(span: Span) -> Span:
    return _whole_month((span.first - timedelta(days=1)).replace(day=1))


def _whole_month(first: date) -> Span:
    after = (first + timedelta(days=31)).replace(day=1)
    return Span(first, after - timedelta(days=1), is_whole=True)


def _first_days(span: Span, length: int) -> Span:
    if length >= span.length:
        return span
    return Span(span.first, span.first + timedelta(days=length - 1), is_whole=False)


def _days(span: Span) -> list[date]:
    return [span.first + timedelta(days=number) for number in range(span.length)]
