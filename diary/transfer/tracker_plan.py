"""Plans the import of trackers: which are new, which values the diary lacks. A value that the diary has stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from diary import days, trackers
from diary.sessions import Session
from diary.trackers import TRACKERS_MAX, Tracker
from diary.transfer.parsed import ParsedTracker


@dataclass(frozen=True)
class TrackerPlan:
    """What an import would do to trackers and their values."""

    new: tuple[Tracker, ...] = ()
    values: tuple[ParsedTracker, ...] = ()
    """The values that the diary lacks, of new trackers and of trackers that it has."""
    values_here: int = 0
    """Values of days that have a value already, which stays."""
    not_yet: int = 0
    """Values of days that lie in the future."""
    other_kind: int = 0
    """Trackers with the name of one that has another kind."""
    too_many: int = 0
    """Trackers that would be more than the diary holds."""
    unreadable: tuple[int, ...] = ()
    """Lines of a table that cannot be read."""
    repeated: int = 0
    """Values of a table whose day has another value on a later line."""

    @property
    def count(self) -> int:
        return sum(len(parsed.values) for parsed in self.values)

    @property
    def is_empty(self) -> bool:
        return not self.new and not self.count


def plan(session: Session, parsed: Sequence[ParsedTracker], zone: str, new_id: Callable[[str], str]) -> TrackerPlan:
    """`new_id` maps the id of a tracker in the file to the id that it gets here."""
    here = trackers.every(session)
    by_id = {tracker.id: tracker for tracker in here if not tracker.is_damaged}
    by_name = {trackers.compared_name(tracker.name): tracker for tracker in by_id.values()}
    stored = trackers.between(session, days.EARLIEST, days.today(zone))
    new: list[Tracker] = []
    planned: list[ParsedTracker] = []
    values_here = not_yet = other_kind = too_many = 0
    for found in parsed:
        tracker = replace(found.tracker, id=new_id(found.tracker.id))
        same = by_id.get(tracker.id) or by_name.get(trackers.compared_name(tracker.name))
        if same is not None and same.kind != tracker.kind:
            other_kind += 1
            continue
        if same is None and len(here) + len(new) >= TRACKERS_MAX:
            too_many += 1
            continue
        if same is None:
            new.append(tracker)
        until_today = {day: value for day, value in found.values.items() if day <= days.today(zone)}
        not_yet += len(found.values) - len(until_today)
        has = stored.get(same.id, {}) if same else {}
        missing = {day: value for day, value in until_today.items() if day not in has}
        values_here += len(until_today) - len(missing)
        planned.append(ParsedTracker(same or tracker, missing))
    return TrackerPlan(tuple(new), tuple(planned), values_here, not_yet, other_kind, too_many)


def rows(session: Session, planned: TrackerPlan) -> list[dict]:
    """The rows of all values, sealed; made before the database is locked."""
    return [
        trackers.value_row(session, parsed.tracker.id, day, value)
        for parsed in planned.values
        for day, value in parsed.values.items()
    ]
