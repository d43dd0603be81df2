"""History, timeline: the share of each mood over time, and smoothed curves of valence and arousal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import streamlit as st

from components.dates import short_date
from components.history import charts
from components.history.chart_with_table import chart_with_table, most_common, shares_table
from components.history.period import Period
from components.text import signed
from components.visitor import t
from diary import patterns
from diary.patterns import ENOUGH_DAYS, Curve, DayColumns


def timeline_section(days: DayColumns, period: Period, first_weekday: int) -> None:
    steps = period.steps(first_weekday)
    groups = patterns.over_time(days, steps)
    named = {_name(begin, steps): group for begin, group in groups.items()}
    st.header(t("history.shares_title"), anchor=False)
    chart_with_table(
        charts.shares(named),
        t(
            "history.shares_says",
            days=len(days),
            length=period.length,
            commonest=most_common(patterns.summary(days)),
        ),
        t("history.shares_alt"),
        shares_table(t("history.begins"), named),
        "history_shares",
    )
    _course(days, period)


def _course(days: DayColumns, period: Period) -> None:
    st.header(t("history.course_title"), anchor=False)
    if len(days) < ENOUGH_DAYS:
        st.write(t("history.too_few", days=len(days), enough=ENOUGH_DAYS))
        return
    smooth = patterns.smoothed(days, period.first, period.last, period.smoothing)
    st.caption(t("history.course_means", width=period.smoothing))
    for which, name in ((charts.VALENCE, "valence"), (charts.AROUSAL, "arousal")):
        high, low = _extremes(smooth, which)
        chart_with_table(
            charts.curve(smooth, which),
            t(f"history.{name}_says", high=high, low=low),
            t(f"history.{name}_alt"),
            _table(smooth, which),
            f"history_{name}",
        )


def _extremes(smooth: Curve, which: int) -> tuple[str, str]:
    values = smooth.middle[:, which]
    return short_date(smooth.days[int(np.nanargmax(values))]), short_date(smooth.days[int(np.nanargmin(values))])


def _table(smooth: Curve, which: int, most: int = 26) -> dict[str, list]:
    """At most about `most` rows: every few days of the curve."""
    places = [
        place
        for place in range(0, len(smooth.days), max(1, len(smooth.days) // most))
        if not np.isnan(smooth.middle[place, which])
    ]
    return {
        t("history.day"): [smooth.days[place].isoformat() for place in places],
        t("history.middle"): [signed(smooth.middle[place, which]) for place in places],
        t("history.band"): [f"±{smooth.spread[place, which]:.2f}" for place in places],
    }


def _name(begin: date, steps: Callable[[date], date]) -> str:
    return begin.strftime("%Y-%m") if steps is patterns.month else begin.strftime("%m-%d")
