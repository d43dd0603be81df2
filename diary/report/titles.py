"""Names of days and spans for the report, in one language."""

from __future__ import annotations

from datetime import date

from diary.report.spans import Span
from language import say


def title(language: str, span: Span) -> str:
    """The span as a heading: 2026, November 2026, 23 – 29 November 2026."""
    if span.kind == "year":
        return say(language, "year.title", year=span.first.year)
    return month(language, span.first) if span.kind == "month" else dates(language, span.first, span.last)


def dates(language: str, first: date, last: date) -> str:
    """From one day to another, without repeating the year or the month."""
    if first == last:
        return full_date(language, first)
    if first.year != last.year:
        return f"{full_date(language, first)} – {full_date(language, last)}"
    is_one_month = first.month == last.month
    if language == "ko":  # the year first
        return f"{full_date(language, first)} – {f'{last.day}일' if is_one_month else month_day(language, last)}"
    return f"{first.day if is_one_month else month_day(language, first)} – {full_date(language, last)}"


def month(language: str, day: date) -> str:
    return say(language, "days.month", year=day.year, month=day.month, month_name=_pick(language, "days.months", day))


def month_name(language: str, day: date) -> str:
    return _pick(language, "days.months", day)


def short_month(language: str, day: date) -> str:
    return _pick(language, "days.months_short", day)


def month_day(language: str, day: date) -> str:
    name = _pick(language, "days.months", day)
    return say(language, "days.month_day", month=day.month, month_name=name, day=day.day)


def short_day(language: str, day: date) -> str:
    """As short as possible, for a square of the calendar or an axis: 1 Dec, 12. 1."""
    return say(language, "days.short_month_day", month=day.month, month_name=short_month(language, day), day=day.day)


def weekday(language: str, day: date, key: str = "days.weekdays") -> str:
    return say(language, key).split(",")[day.weekday()]


def full_date(language: str, day: date) -> str:
    name = _pick(language, "days.months", day)
    return say(language, "report.date", year=day.year, month=day.month, month_name=name, day=day.day)


def _pick(language: str, key: str, day: date) -> str:
    return say(language, key).split(",")[day.month - 1]
