"""Adds up by day what a phone's health app recorded: sleep, steps, workouts and states of mind.

Devices and apps count the same steps and the same night, so every source is kept apart. A night belongs to the day on
which it ends: its day runs from 18:00 to 18:00. Memory grows with days and sources, not with the size of the file.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from diary import days, errors, trackers
from diary.trackers import Value
from diary.transfer.parsed import HealthSeries

KINDS = {"sleep": "minutes", "steps": "count", "workouts": "minutes", "state_of_mind": "scale"}
"""What Haru takes from a health app, and the kind of its tracker."""
SOURCES_MAX = 50
CELLS_MAX = 200_000
"""Days of all sources together: 50 years of ten sources."""
_NAME_MAX = 60
_EVENING = timedelta(hours=6)  # from 18:00 on, sleep belongs to the next day
_DAY_MINUTES = 24 * 60
_LONGEST = timedelta(hours=24)
_ALL_SOURCES = ""

_ByDay = defaultdict[tuple[str, date], int]


class HealthDays:
    """Collects the records of one file."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._sources: set[str] = set()
        self._asleep: _ByDay = defaultdict(int)
        """A bit for each minute of a night, so that stages which overlap or repeat count once."""
        self._steps: defaultdict[tuple[str, date], float] = defaultdict(float)
        self._workouts: defaultdict[tuple[str, date], float] = defaultdict(float)
        self._valences: defaultdict[date, tuple[float, int]] = defaultdict(lambda: (0.0, 0))

    def add_sleep(self, source: str, start: datetime, end: datetime) -> None:
        """Time asleep; longer than a day is a broken record."""
        if not timedelta(0) < end - start <= _LONGEST:
            return
        first, last = (_in_minutes(moment.astimezone(self._zone) + _EVENING) for moment in (start, end))
        while first < last:
            day, minute = divmod(first, _DAY_MINUTES)
            until = min(last - day * _DAY_MINUTES, _DAY_MINUTES)
            if key := self._key(source, date.fromordinal(day)):
                self._asleep[key] |= ((1 << (until - minute)) - 1) << minute
            first = (day + 1) * _DAY_MINUTES

    def add_steps(self, source: str, start: datetime, count: float) -> None:
        if 0 <= count <= trackers.HIGHEST["count"] and (key := self._key(source, self._day(start))):
            self._steps[key] += count

    def add_workout(self, source: str, start: datetime, minutes: float) -> None:
        if 0 < minutes <= _DAY_MINUTES and (key := self._key(source, self._day(start))):
            self._workouts[key] += minutes

    def add_state_of_mind(self, at: datetime, valence: float) -> None:
        """From -1, very unpleasant, to 1, very pleasant."""
        if -1 <= valence <= 1 and (key := self._key(_ALL_SOURCES, self._day(at))):
            total, count = self._valences[key[1]]
            self._valences[key[1]] = (total + valence, count + 1)

    def series(self) -> tuple[HealthSeries, ...]:
        """What was found, each as values that a tracker can hold. A state of mind becomes 0 to 10."""
        asleep = {key: bits.bit_count() for key, bits in self._asleep.items()}
        minds = {(_ALL_SOURCES, day): round(5 * (total / count + 1)) for day, (total, count) in self._valences.items()}
        found = {"sleep": asleep, "steps": self._steps, "workouts": self._workouts, "state_of_mind": minds}
        return tuple(_series(name, values) for name, values in found.items() if values)

    def _key(self, source: str, day: date) -> tuple[str, date] | None:
        if day < days.EARLIEST:
            return None
        name = " ".join(source.split())[:_NAME_MAX]
        self._sources.add(name)
        cells = len(self._asleep) + len(self._steps) + len(self._workouts) + len(self._valences)
        if len(self._sources) > SOURCES_MAX or cells > CELLS_MAX:
            raise errors.TooManyValues(most=f"{CELLS_MAX:,}")
        return name, day

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()


def moment_of(milliseconds: object) -> datetime:
    """A moment in UTC; raises ValueError or OverflowError for numbers that no calendar has."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int):
        raise ValueError("a moment is a whole number")
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _series(name: str, found: dict[tuple[str, date], Value]) -> HealthSeries:
    kind = KINDS[name]
    by_source: dict[str, dict[date, Value]] = {}
    for (source, day), value in sorted(found.items()):
        by_source.setdefault(source, {})[day] = int(min(round(value), trackers.HIGHEST[kind]))
    return HealthSeries(name, kind, by_source)


def _in_minutes(moment: datetime) -> int:
    """Minutes since the first day of the calendar, by the clock of the moment's own zone."""
    return moment.date().toordinal() * _DAY_MINUTES + moment.hour * 60 + moment.minute
