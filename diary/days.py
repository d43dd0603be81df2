"""Days and times in a person's own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

FALLBACK = "Asia/Seoul"
EARLIEST = date(1900, 1, 1)


def known_zone(name: object, otherwise: str = FALLBACK) -> str:
    """The time zone that a browser claims, if it exists."""
    return name if isinstance(name, str) and name in _zones() else otherwise


@cache
def _zones() -> frozenset[str]:
    """Cached: listing the zones reads a folder of 600 files, and every rerun of a page needs them."""
    return frozenset(available_timezones())


def today(zone: str) -> date:
    return datetime.now(ZoneInfo(zone)).date()


def instant(day: date, at: time | None, zone: str) -> datetime:
    """A day and time in a zone as a moment in UTC. A missing time counts as noon."""
    return datetime.combine(day, at or time(12), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def time_now(zone: str) -> time:
    return datetime.now(ZoneInfo(zone)).time().replace(microsecond=0)


def local_time(moment: datetime, zone: str) -> time:
    return moment.astimezone(ZoneInfo(zone)).time()
