"""What "today" is: a day belongs to the person's own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

FALLBACK = "Asia/Seoul"
EARLIEST = date(1900, 1, 1)


def known_zone(name: object, otherwise: str = FALLBACK) -> str:
    """The zone a browser claims, if there is such a zone."""
    return name if isinstance(name, str) and name in _zones() else otherwise


@cache
def _zones() -> frozenset[str]:
    """Asked for once: the answer walks through a folder of 600 files, and every rerun of a page wants to know."""
    return frozenset(available_timezones())


def today(zone: str) -> date:
    return datetime.now(ZoneInfo(zone)).date()


def instant(day: date, at: time | None, zone: str) -> datetime:
    """When an entry of `day` happened, in UTC; without a time it stands at noon, so it never slips to another day."""
    return datetime.combine(day, at or time(12), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def time_now(zone: str) -> time:
    return datetime.now(ZoneInfo(zone)).time().replace(microsecond=0)


def local_time(moment: datetime, zone: str) -> time:
    return moment.astimezone(ZoneInfo(zone)).time()
