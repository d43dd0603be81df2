"""Days, months and times in the visitor's language: the only place of `components` and `pages` that formats them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from components.visitor import t
from diary.entries import Entry

_MONTH_TICKS_FROM = 200


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
    return clock_label(entry.happened_at.astimezone(ZoneInfo(entry.timezone)))


def clock_label(at: datetime) -> str:
    """The time of day."""
    half = "am" if at.hour < 12 else "pm"
    return t("days.time", hour=f"{at.hour:02}", hour12=(at.hour - 1) % 12 + 1, half=half, minute=f"{at.minute:02}")


def hours_labels() -> list[str]:
    """The eight parts of a day, each of three hours, from midnight on."""
    return t("days.hours").split(",")


def short_month_names() -> list[str]:
    return t("days.months_short").split(",")


def short_date(day: date) -> str:
    """The date with its year, as short as possible."""
    return t("days.short", year=day.year, month=day.month, month_name=short_month_names()[day.month - 1], day=day.day)


def short_month_day(day: date) -> str:
    """The date without its year, as short as possible."""
    return t("days.short_month_day", month=day.month, month_name=short_month_names()[day.month - 1], day=day.day)


def short_month(first: date) -> str:
    return t("days.short_month", year=first.year, month=first.month, month_name=short_month_names()[first.month - 1])


def month_name(first: date) -> str:
    """The month in full, without its year."""
    return _pick("days.months", first.month - 1)


def axis_day() -> str:
    """A Plotly format that shows a day as `short_date` does."""
    return t("days.axis_day")


def axis_step(days: int) -> str:
    """The Plotly format of the ticks of a time axis that is so many days long."""
    return t("days.axis_month_day" if days <= _MONTH_TICKS_FROM else "days.axis_month")


def field_format() -> str:
    """The format of a field for a date; Streamlit accepts only numbers in it."""
    return t("days.field")


def weekdays() -> list[str]:
    """Monday first, in full."""
    return t("days.weekdays").split(",")


def weekday_names(first: int) -> list[str]:
    """The seven weekdays, abbreviated, beginning with `first` (0 is Monday)."""
    names = t("days.weekdays_short").split(",")
    return names[first:] + names[:first]


def _pick(key: str, index: int) -> str:
    return t(key).split(",")[index]
