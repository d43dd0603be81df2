"""Days, months and times in the visitor's language."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from components.visitor import t
from diary.entries import Entry


def day_label(day: date) -> str:
    return t(
        "days.day",
        month=day.month,
        month_name=_pick("days.months", day.month - 1),
        day=day.day,
        weekday=_pick("days.weekdays", day.weekday()),
    )


def month_day_label(day: date) -> str:
    return t("days.month_day", month=day.month, month_name=_pick("days.months", day.month - 1), day=day.day)


def month_label(year: int, month: int) -> str:
    return t("days.month", year=year, month=month, month_name=_pick("days.months", month - 1))


def time_label(entry: Entry) -> str:
    """The time of day, in the time zone that the entry was written in."""
    if not entry.time_known:
        return t("entry.some_time")
    return entry.happened_at.astimezone(ZoneInfo(entry.timezone)).strftime("%H:%M")


def short_month_names() -> list[str]:
    return t("days.months_short").split(",")


def short_date(day: date) -> str:
    """The date with its year, as short as possible."""
    return t("days.short", year=day.year, month=day.month, month_name=short_month_names()[day.month - 1], day=day.day)


def weekdays() -> list[str]:
    """Monday first, in full."""
    return t("days.weekdays").split(",")


def weekday_names(first: int) -> list[str]:
    """The seven weekdays, abbreviated, beginning with `first` (0 is Monday)."""
    names = t("days.weekdays_short").split(",")
    return names[first:] + names[:first]


def _pick(key: str, index: int) -> str:
    return t(key).split(",")[index]
