"""What goes together with weekdays, tags and trackers, as counts of days with one mood.

A habit is returned only if it is more than chance among all groups and moods that were looked at (diary/certainty.py).
A day has the mood that the calendar shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from diary import certainty, tracker_patterns
from diary.calendar import Day
from diary.patterns import ENOUGH_DAYS, DayColumns
from diary.trackers import Tracker, Value
from emotions import EMOTIONS


@dataclass(frozen=True)
class Split:
    """The value of a tracker from which on days are counted, and how many days later the mood was."""

    tracker: Tracker
    limit: Value
    lag: int


Kind = int | str | Split
"""A weekday (Monday is 0), a tag, or a tracker."""


@dataclass(frozen=True)
class Habit:
    """Days of a kind beside all others, by how many of them had one mood."""

    of: Kind
    mood: str
    count: int
    days: int
    other_count: int
    other_days: int
    bits: float


def of_weekdays(columns: DayColumns, days: Mapping[date, Day]) -> Habit | None:
    weekdays = (columns.days.astype(int) + 3) % 7  # day 0, 1 January 1970, was a Thursday
    return _clearest(columns, days, {weekday: weekdays == weekday for weekday in range(7)}, looked_at=7)


def of_tags(columns: DayColumns, days: Mapping[date, Day], tags: Mapping[str, set[date]]) -> Habit | None:
    return _clearest(columns, days, {tag: columns.are_in(of_tag) for tag, of_tag in tags.items()}, looked_at=len(tags))


def of_trackers(
    columns: DayColumns, days: Mapping[date, Day], values: Iterable[tuple[Tracker, Mapping[date, Value]]]
) -> Habit | None:
    """Trackers beside the moods of the same day and of the day after."""
    limits = [(tracker, tracker_patterns.limit(tracker.kind, of_day.values()), of_day) for tracker, of_day in values]
    splits = [(Split(tracker, limit, lag), of_day) for tracker, limit, of_day in limits if limit for lag in (0, 1)]
    found = []
    for split, of_day in splits:
        shifted = {day + timedelta(days=split.lag): value for day, value in of_day.items()}
        both = columns.where(columns.are_in(shifted))
        high = np.array([shifted[day] >= split.limit for day in both.days.tolist()], bool)
        if habit := _clearest(both, days, {split: high}, looked_at=len(splits)):
            found.append(habit)
    return max(found, key=lambda habit: habit.bits, default=None)


def _clearest(
    columns: DayColumns, days: Mapping[date, Day], groups: Mapping[Kind, np.ndarray], looked_at: int
) -> Habit | None:
    """The group in which one mood is more frequent than on all other days, if that is more than chance."""
    has = np.array([[days[day].mood == mood for mood in EMOTIONS] for day in columns.days.tolist()], float)
    found = []
    for group, is_in in groups.items():
        if min(is_in.sum(), (~is_in).sum()) < ENOUGH_DAYS:
            continue
        place = int((has[is_in].mean(0) - has[~is_in].mean(0)).argmax())
        p = certainty.p_of_counts(columns.days, is_in, has[:, place])
        if certainty.is_clear(p, looked_at * len(EMOTIONS)):
            hits = has[:, place]
            counts = int(hits[is_in].sum()), int(is_in.sum()), int(hits[~is_in].sum()), int((~is_in).sum())
            found.append(Habit(group, EMOTIONS[place], *counts, certainty.bits(p)))
    return max(found, key=lambda habit: habit.bits, default=None)
