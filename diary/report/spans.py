"""The spans of days that a report shows: a week, a month, a year, or any days from one to another."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from diary.days import EARLIEST

KINDS = ("week", "month", "year", "own")
_DAYS_MOST, _CALENDAR_MOST, _MONTHS_MOST = 10, 62, 550
_YEAR, _MONTH, _DAY = "[0-9]{4}", "[0-9]{4}-[0-9]{2}", "[0-9]{4}-[0-9]{2}-[0-9]{2}"


@dataclass(frozen=True)
class Span:
    """The days from `first` to `last`."""

    kind: str
    first: date
    last: date

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def layout(self) -> str:
        """How a page shows it: `days` in full, as one `calendar`, or by `months` or `years`."""
        if self.length <= _DAYS_MOST:
            return "days"
        if self.length <= _CALENDAR_MOST:
            return "calendar"
        return "months" if self.length <= _MONTHS_MOST else "years"

    @property
    def address(self) -> str:
        """The span as text in the page's address: 2026, 2026-11, 2026-11-23 (its week), 2026-11-02.2026-11-20."""
        if self.kind == "year":
            return str(self.first.year)
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        return self.first.isoformat() if self.kind == "week" else f"{self.first}.{self.last}"


def week(day: date, first_weekday: int) -> Span:
    """The week that contains this day; `first_weekday` is 0 for Monday."""
    back = (day.weekday() - first_weekday) % 7
    first = max(EARLIEST, day - timedelta(days=back))
    return Span("week", first, day + timedelta(days=6 - back))


def month(day: date) -> Span:
    return Span("month", day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def year(day: date) -> Span:
    return Span("year", date(day.year, 1, 1), date(day.year, 12, 31))


def own(first: date, last: date) -> Span:
    """Any days, in either order."""
    return Span("own", min(first, last), max(first, last))


def around(kind: str, day: date, first_weekday: int) -> Span:
    """The week, month or year that contains this day."""
    return week(day, first_weekday) if kind == "week" else month(day) if kind == "month" else year(day)


def fitting(first: date, last: date, first_weekday: int) -> Span:
    """These days as a year, month or week if they are exactly one, otherwise as `own`."""
    days = own(first, last)
    for kind in ("year", "month", "week"):
        span = around(kind, days.first, first_weekday)
        if (span.first, span.last) == (days.first, days.last):
            return span
    return days


def of_days(kind: str, days: Iterable[date], first_weekday: int) -> list[Span]:
    """The weeks, months or years that contain one of these days, latest first."""
    found = {around(kind, day, first_weekday) for day in days}
    return sorted(found, key=lambda span: span.first, reverse=True)


def parsed(address: str, today: date, first_weekday: int) -> Span | None:
    """The span that `address` names; None if it names none, or one that lies ahead or before every diary."""
    try:
        span = _parsed(address, first_weekday)
    except (ValueError, OverflowError):  # no such day, or one after the year 9999
        return None
    return span if span and EARLIEST <= span.first <= today else None


def _parsed(address: str, first_weekday: int) -> Span | None:
    if re.fullmatch(_YEAR, address):
        return year(date(int(address), 1, 1))
    if re.fullmatch(_MONTH, address):
        return month(date.fromisoformat(f"{address}-01"))
    if re.fullmatch(_DAY, address):
        return week(date.fromisoformat(address), first_weekday)
    if re.fullmatch(rf"{_DAY}\.{_DAY}", address):
        first, last = map(date.fromisoformat, address.split("."))
        return own(first, last)
    return None
