"""Days, months and times in the visitor's language."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from diary.entries import Entry
from parts.visitor import t


def day_label(day: date) -> str:
    return t(
        "days.day",
        month=day.month,
        month_name=_pick("days.months", day.month - 1),
        day=day.day,
        weekday=_pick("days.weekdays", day.weekday()),
    )


def month_label(year: int, month: int) -> str:
    return t("days.month", year=year, month=month, month_name=_pick("days.months", month - 1))


def time_label(entry: Entry) -> str:
    """The time of day where the person was then."""
    if not entry.time_known:
        return t("entry.some_time")
    return entry.happened_at.astimezone(ZoneInfo(entry.timezone)).strftime("%H:%M")


def _pick(key: str, place: int) -> str:
    return t(key).split(",")[place]
