"""The calendar of a month: a table of buttons, one for each day, in the colour of its mood, that opens the day.

A custom component without an iframe: arrow keys move in it, and a browser would need longer to draw 31 of Streamlit's
buttons.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import streamlit as st
from streamlit.components.v2 import component

import settings
from components.dates import month_label, weekday_names, weekdays
from components.days.address import Shown, day_in, open_day, show_month
from components.days.month import describe_day
from components.visitor import t
from diary.calendar import Day
from diary.entries import Entry
from emotions import BY_KEY, text_colour

_ASSETS = settings.ASSETS / "days"
_KEY = "month_table"
_TABLE = component(
    "haru_month",
    html="<div\nclass='month'></div>",
    css=(_ASSETS / "month.css").read_text(encoding="utf-8"),
    js=(_ASSETS / "month.js").read_text(encoding="utf-8"),
)
_WORDS = 60
"""Characters of a note: more than a square of a wide window shows."""


@dataclass(frozen=True)
class Month:
    """What the diary holds of one month."""

    first: date
    by_day: Mapping[date, Day]
    words: Mapping[date, str] = field(default_factory=dict)
    """The beginning of a note of each day."""
    with_photos: frozenset[date] = frozenset()
    trackers: Mapping[date, int] = field(default_factory=dict)
    """How many trackers have a value on each day."""


def first_words(entries: Iterable[Entry]) -> dict[date, str]:
    """The beginning of one note of each day: of the latest entry that has one. `entries` are earliest first."""
    return {entry.day: " ".join(entry.note.split())[:_WORDS] for entry in entries if entry.note.strip()}


def month_table(month: Month, first_weekday: int, today: date, shown: Shown) -> None:
    first = month.first
    _TABLE(
        key=_KEY,
        data={
            "caption": t("days.caption", month=month_label(first.year, first.month)),
            "weekdays": [
                {"short": short, "name": name}
                for short, name in zip(weekday_names(first_weekday), _rotated(weekdays(), first_weekday), strict=True)
            ],
            "column": (first.weekday() - first_weekday) % 7,
            "days": [
                _cell(first.replace(day=number), month, today, shown)
                for number in range(1, monthrange(first.year, first.month)[1] + 1)
            ],
        },
        on_day_change=partial(_chosen, "day", today, open_day),
        on_turn_change=partial(_chosen, "turn", today, show_month),
    )


def _chosen(name: str, today: date, act: Callable[[date], None]) -> None:
    """Acts on the day that the browser sent."""
    day = day_in(st.session_state[_KEY].get(name), today)
    if day is not None:
        act(day)


def _cell(day: date, month: Month, today: date, shown: Shown) -> dict:
    cell: dict[str, object] = {"day": day.isoformat(), "number": day.day}
    if day > today:
        return cell | {"future": True}
    mood_day, photos, trackers = month.by_day.get(day), day in month.with_photos, month.trackers.get(day, 0)
    cell["label"] = describe_day(day, mood_day, today, photos, trackers)
    if day == today:
        cell["today"] = True
    if day == shown.day:
        cell["open"] = "chosen" if shown.is_chosen else "beside"
        cell["label"] = t("calendar.open", day=cell["label"])
    if photos:
        cell["photos"] = True
    if trackers:
        cell["trackers"] = True
    if day in month.words:
        cell["words"] = month.words[day]
    if mood_day:
        emotion = BY_KEY[mood_day.mood]
        cell |= {
            "face": emotion.face,
            "colour": emotion.colour,
            "ink": text_colour(mood_day.mood),
            "colours": [BY_KEY[mood].colour for mood in mood_day.moods],
        }
    return cell


def _rotated(names: list[str], first: int) -> list[str]:
    return names[first:] + names[:first]
