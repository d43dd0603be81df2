"""Which stretch of days History looks at, and how finely."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from components.visitor import t
from diary import calendar, patterns
from diary.sessions import Session

_LENGTHS = {"month": 30, "quarter": 90, "year": 365}


@dataclass(frozen=True)
class Stretch:
    first: date
    last: date

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def smoothing(self) -> int:
        """How many days away a day still counts much, in the smoothed curve."""
        return 3 if self.length <= 31 else 7 if self.length <= 190 else 14 if self.length <= 400 else 30

    def steps(self, first_weekday: int) -> Callable[[date], date]:
        """Days, weeks or months: some ten to thirty of them, if possible."""
        if self.length <= 31:
            return patterns.each_day
        return patterns.week(first_weekday) if self.length <= 190 else patterns.month

    def before(self) -> Stretch:
        """As many days, just before."""
        return Stretch(self.first - timedelta(days=self.length), self.first - timedelta(days=1))

    def a_year_before(self) -> Stretch:
        return Stretch(_a_year_before(self.first), _a_year_before(self.last))


def choose_stretch(session: Session, today: date) -> Stretch:
    names = {choice: t(f"history.period_{choice}") for choice in (*_LENGTHS, "all", "own")}
    chosen = st.pills(
        t("history.period"),
        list(names),
        default="quarter",
        required=True,
        format_func=names.__getitem__,
        key="history_period",
    )
    if chosen == "own":
        return _own(today)
    if chosen == "all":
        return Stretch(min(calendar.first_day(session) or today, today), today)
    return Stretch(today - timedelta(days=_LENGTHS[chosen] - 1), today)


def _own(today: date) -> Stretch:
    left, right = st.columns(2)
    first = left.date_input(t("history.from"), today - timedelta(days=29), date(1900, 1, 1), today, key="history_from")
    last = right.date_input(t("history.to"), today, date(1900, 1, 1), today, key="history_to")
    return Stretch(min(first, last), max(first, last))


def _a_year_before(day: date) -> date:
    """The same day, or the 28th for a 29 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
