"""The page's address names the month that is shown, or the day that is open: /days?day=2026-11-03.

So a reload, a restart of the server and the browser's *Back* all show what was there before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NoReturn

import streamlit as st

from components import page_cache, state
from diary import days

_DAY, _MONTH = "day", "month"


@dataclass(frozen=True)
class Shown:
    """What the page of days shows."""

    first: date
    """The first of the month."""
    day: date | None
    """The day whose entries stand beside the calendar."""
    is_chosen: bool
    """Whether the person opened that day. A narrow window shows only such a day, over the calendar."""


def shown(today: date) -> Shown:
    """The day or the month of the address; without either, what the person saw last, and at first today."""
    remembered = page_cache.cached("remembered_day", None, lambda: (state.MONTH.get(), state.DAY.get()))
    day, month = _date(st.query_params.get(_DAY), today), _date(f"{st.query_params.get(_MONTH)}-01", today)
    if day is not None:
        found = Shown(day.replace(day=1), day, is_chosen=True)
    elif month is not None:
        found = Shown(month, today if _is_in(today, month) else None, is_chosen=False)
    elif remembered[0] is not None:
        found = Shown(*remembered, is_chosen=False)
    else:
        found = Shown(today.replace(day=1), today, is_chosen=False)
    state.MONTH.set(found.first)
    state.DAY.set(found.day)
    return found


def open_day(day: date) -> None:
    """For the callback of a button on the page of days."""
    st.query_params.from_dict({_DAY: day.isoformat()})


def show_month(month: date) -> None:
    """For the callback of a button on the page of days. It closes the day that is open."""
    st.query_params.from_dict({_MONTH: f"{month:%Y-%m}"})


def go_to_day(day: date) -> NoReturn:
    """Opens the page of days with this day."""
    st.switch_page(page="pages/days.py", query_params={_DAY: day.isoformat()})


def month_link(day: date, label: str) -> None:
    """A link that opens the page of days with the month of this day."""
    st.page_link("pages/days.py", label=label, icon=":material/calendar_month:", query_params={_MONTH: f"{day:%Y-%m}"})


def go_to_month(month: date) -> NoReturn:
    st.switch_page(page="pages/days.py", query_params={_MONTH: f"{month:%Y-%m}"})


def day_in(text: object, today: date) -> date | None:
    """The day that the browser sent; None if it is no day that can be open."""
    return _date(text, today)


def _date(text: object, today: date) -> date | None:
    try:
        day = date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return day if day is not None and days.EARLIEST <= day <= today else None


def _is_in(day: date, month: date) -> bool:
    return day.replace(day=1) == month
