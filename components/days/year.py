"""A year in pixels: a table of buttons that arrow keys move through. On a phone the months lie across, else down.

A custom component without an iframe: a browser would need seconds to draw 366 of Streamlit's buttons.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from streamlit.components.v2 import component

import settings
from components.dates import short_month_names
from components.days.address import day_in
from components.days.month import describe_day
from components.visitor import t
from diary.calendar import Day
from emotions import BY_KEY, text_colour

_ASSETS = settings.ASSETS / "days"
_TABLE = component(
    "haru_year",
    html="<div\nclass='year'></div>",
    css=(_ASSETS / "year.css").read_text(encoding="utf-8"),
    js=(_ASSETS / "year.js").read_text(encoding="utf-8"),
)


def year_table(
    year: int, by_day: Mapping[date, Day], trackers: Mapping[date, int], today: date
) -> tuple[date | None, date | None]:
    """Draws the year; returns the day, and the first of the month, that the person just chose, else None.

    `trackers` is how many trackers have a value on each day.
    """
    chosen = _TABLE(
        key=f"year_{year}",
        data={
            "caption": t("year.caption", year=year),
            "day": t("year.day"),
            "month": t("year.month"),
            "months": [
                {
                    # The accessible name must contain the visible one.
                    "name": t("year.open_month", month=short),
                    "short": short,
                    "first": date(year, month, 1).isoformat(),
                    "days": _cells(year, month, by_day, trackers, today),
                }
                for month, short in enumerate(short_month_names(), start=1)
            ],
        },
        on_day_change=lambda: None,
        on_month_change=lambda: None,
    )
    return day_in(chosen.day, today), day_in(chosen.month, today)


def _cells(year: int, month: int, by_day: Mapping[date, Day], trackers: Mapping[date, int], today: date) -> list[dict]:
    days = (date(year, month, number) for number in range(1, monthrange(year, month)[1] + 1))
    return [_cell(day, by_day.get(day), trackers.get(day, 0), today) for day in days if day <= today]


def _cell(day: date, mood_day: Day | None, trackers: int, today: date) -> dict:
    cell: dict[str, object] = {
        "day": day.isoformat(),
        "label": describe_day(day, mood_day, today, trackers=trackers),
    }
    if day == today:
        cell["today"] = True
    if trackers:
        cell["trackers"] = True
    if mood_day:
        emotion = BY_KEY[mood_day.mood]
        cell |= {
            "face": emotion.face,
            "colour": emotion.colour,
            "ink": text_colour(mood_day.mood),
            "count": len(mood_day.moods),
        }
    return cell
