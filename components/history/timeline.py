"""History, timeline: each day as a dot with a smoothed line, and the share of each mood over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import streamlit as st

from components.dates import month_day_label, short_date, short_month, short_month_day
from components.days.address import go_to_day
from components.history import charts
from components.history.chart_with_table import chart_with_table, most_common, shares_chart, shares_table
from components.history.period import Period
from components.moods import mood_name
from components.text import plain, signed
from components.visitor import t
from diary import patterns
from diary.calendar import Day
from diary.patterns import ENOUGH_DAYS, Curve, DayColumns

_A_YEAR = 366
_ROWS_MAX = 100
"""A table with more rows than this goes by steps of time."""


def timeline_section(columns: DayColumns, days: Mapping[date, Day], period: Period, first_weekday: int) -> None:
    steps = period.steps(first_weekday)
    groups = patterns.over_time(columns, steps)
    named = {_name(begin, steps): group for begin, group in groups.items()}
    _day_by_day(columns, days, period, shares_table(t("history.begins"), named))
    st.header(t("history.shares_title"), anchor=False)
    shares_chart(
        lambda: charts.shares(named),
        len(columns),
        t(
            "history.shares_says",
            days=len(columns),
            length=period.length,
            commonest=most_common(patterns.summary(columns)),
        ),
        t("history.shares_alt"),
        shares_table(t("history.begins"), named),
        "history_shares",
    )


def _day_by_day(columns: DayColumns, days: Mapping[date, Day], period: Period, by_step: dict[str, list]) -> None:
    st.header(t("history.flow_title"), anchor=False)
    smooth = None
    sentence = t("history.flow_kept", days=len(columns), length=period.length)
    means = t("history.flow_means")
    if len(columns) >= ENOUGH_DAYS:
        smooth = patterns.smoothed(columns, period.first, period.last, period.smoothing)
        high, low = _extremes(smooth, month_day_label if period.length <= _A_YEAR else short_date)
        sentence += " " + t("history.flow_says", high=high, low=low)
        means += " " + t("history.flow_line_means", width=period.smoothing)
    else:
        sentence += " " + t("history.flow_too_few", enough=ENOUGH_DAYS)
    chart_with_table(
        charts.day_by_day(columns, days, smooth, period),
        sentence,
        t("history.flow_alt"),
        _table(columns, days) if len(columns) <= _ROWS_MAX else by_step,
        "history_days",
        open_day=go_to_day,
    )
    st.caption(means)


def _extremes(smooth: Curve, label: Callable[[date], str]) -> tuple[str, str]:
    values = smooth.middle[:, 0]
    return label(smooth.days[int(np.nanargmax(values))]), label(smooth.days[int(np.nanargmin(values))])


def _table(columns: DayColumns, days: Mapping[date, Day]) -> dict[str, list]:
    kept = columns.days.tolist()
    return {
        t("history.day"): [plain(short_date(day)) for day in kept],
        t("entry.mood"): [", ".join(map(mood_name, dict.fromkeys(days[day].moods))) for day in kept],
        t("history.valence"): [signed(valence) for valence in columns.plane[:, 0].tolist()],
    }


def _name(begin: date, steps: Callable[[date], date]) -> str:
    return short_month(begin) if steps is patterns.month else short_month_day(begin)
