"""The period that History shows, and the steps that divide it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from components.dates import field_format
from components.visitor import t
from diary import calendar, days, patterns
from diary.sessions import Session

_LENGTHS = {"month": 30, "quarter": 90, "year": 365}


@dataclass(frozen=True)
class Period:
    first: date
    last: date
    is_everything: bool = False
    """True if the person chose all days, from the first entry on."""

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def smoothing(self) -> int:
        """The width of the smoothed curves, in days."""
        return 3 if self.length <= 31 else 7 if self.length <= 190 else 14 if self.length <= 400 else 30

    def steps(self, first_weekday: int) -> Callable[[date], date]:
        """The function that maps a day to the start of its step: a day, a week or a month, for ten to thirty steps."""
        if self.length <= 31:
            return patterns.each_day
        return patterns.week(first_weekday) if self.length <= 190 else patterns.month

    def before(self) -> Period:
        """The same number of days, just before."""
        return Period(self.first - timedelta(days=self.length), self.first - timedelta(days=1))

    def a_year_before(self) -> Period:
        return Period(_a_year_before(self.first), _a_year_before(self.last))


def period_pills() -> str:
    names = {choice: t(f"history.period_{choice}") for choice in (*_LENGTHS, "all", "own")}
    return st.pills(
        t("history.period"),
        list(names),
        default="quarter",
        required=True,
        format_func=names.__getitem__,
        key="history_period",
    )


def period_of(chosen: str, session: Session, today: date) -> Period:
    """The period of a pill; asks for its two days if the person chooses them."""
    if chosen == "own":
        return _own(today)
    if chosen == "all":
        return Period(min(calendar.first_day(session) or today, today), today, is_everything=True)
    return Period(today - timedelta(days=_LENGTHS[chosen] - 1), today)


def _own(today: date) -> Period:
    left, right = st.columns(2)
    limits = {"min_value": days.EARLIEST, "max_value": today, "format": field_format()}
    first = left.date_input(t("history.from"), today - timedelta(days=29), key="history_from", **limits)
    last = right.date_input(t("history.to"), today, key="history_to", **limits)
    return Period(min(first, last), max(first, last))


def _a_year_before(day: date) -> date:
    """The same day a year earlier; 28 February for 29 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
