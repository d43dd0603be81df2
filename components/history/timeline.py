"""History, over time: how the days divide among the moods, and the smoothed course of valence and arousal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import streamlit as st

from components.chart_with_table import told
from components.counts import most_common, shares_table, signed
from components.dates import short_date
from components.history import charts
from components.history.period import Stretch
from components.visitor import t
from diary import patterns
from diary.patterns import ENOUGH_DAYS, Curve, DayColumns


def over_time(of: DayColumns, stretch: Stretch, first_weekday: int) -> None:
    steps = stretch.steps(first_weekday)
    groups = patterns.over_time(of, steps)
    named = {_name(begin, steps): group for begin, group in groups.items()}
    st.header(t("history.shares_title"), anchor=False)
    told(
        charts.shares(named),
        t(
            "history.shares_says",
            days=len(of),
            length=stretch.length,
            commonest=most_common(patterns.summary(of)),
        ),
        t("history.shares_alt"),
        shares_table(t("history.begins"), named),
        "history_shares",
    )
    _course(of, stretch)


def _course(of: DayColumns, stretch: Stretch) -> None:
    st.header(t("history.course_title"), anchor=False)
    if len(of) < ENOUGH_DAYS:
        st.write(t("history.too_few", days=len(of), enough=ENOUGH_DAYS))
        return
    smooth = patterns.smoothed(of, stretch.first, stretch.last, stretch.smoothing)
    st.caption(t("history.course_means", width=stretch.smoothing))
    for which, name in ((charts.VALENCE, "valence"), (charts.AROUSAL, "arousal")):
        high, low = _extremes(smooth, which)
        told(
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
    """Every so many days: as many rows as somebody reads."""
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
