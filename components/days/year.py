"""A year in pixels: months across, days down, a real table of buttons that the arrow keys walk through.

A component of our own (no iframe): 366 of Streamlit's buttons would take a browser seconds to draw.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import streamlit as st

from components.dates import short_month_names
from components.days.day_names import spoken
from components.moods import ink
from components.visitor import t
from diary.calendar import Day
from emotions import BY_KEY

_ASSETS = Path(__file__).resolve().parents[2] / "assets" / "year"
_TABLE = st.components.v2.component(
    "haru_year",
    html="<div\nclass='year'></div>",
    css=(_ASSETS / "year.css").read_text(encoding="utf-8"),
    js=(_ASSETS / "year.js").read_text(encoding="utf-8"),
)


def year_table(year: int, kept: Mapping[date, Day], today: date) -> tuple[date | None, date | None]:
    """Draws the year; the day, and the first of the month, that was just chosen, if one was."""
    chosen = _TABLE(
        key=f"year_{year}",
        data={
            "caption": t("year.caption", year=year),
            "day": t("year.day"),
            "months": [
                {
                    # What is read out has to hold what is seen.
                    "name": t("year.open_month", month=short),
                    "short": short,
                    "first": date(year, month, 1).isoformat(),
                    "days": _cells(year, month, kept, today),
                }
                for month, short in enumerate(short_month_names(), start=1)
            ],
        },
        on_day_change=lambda: None,
        on_month_change=lambda: None,
    )
    return _date(chosen.day), _date(chosen.month)


def _date(chosen: object) -> date | None:
    """What the browser says was chosen, believed only if it is a date."""
    try:
        return date.fromisoformat(chosen) if isinstance(chosen, str) else None
    except ValueError:
        return None


def _cells(year: int, month: int, kept: Mapping[date, Day], today: date) -> list[dict]:
    days = (date(year, month, number) for number in range(1, monthrange(year, month)[1] + 1))
    return [_cell(day, kept.get(day), today) for day in days if day <= today]


def _cell(day: date, kept: Day | None, today: date) -> dict:
    cell = {"day": day.isoformat(), "label": spoken(day, kept, today)}
    if day == today:
        cell["today"] = True
    if kept:
        emotion = BY_KEY[kept.mood]
        cell |= {"emoji": emotion.emoji, "colour": emotion.colour, "ink": ink(kept.mood), "count": len(kept.moods)}
    return cell
