"""History, comparison: this period beside the days just before it, or beside the same days a year earlier."""

from __future__ import annotations

import numpy as np
import streamlit as st

from components.dates import short_date
from components.history import charts
from components.history.certainty import both_maybe, looked_at
from components.history.chart_with_table import shares_chart, shares_table
from components.history.period import Period
from components.moods import mood_name
from components.text import percent, signed
from components.visitor import t
from diary import patterns
from diary.patterns import ENOUGH_DAYS, DayColumns
from diary.sessions import Session


def comparison_section(session: Session, period: Period, now: DayColumns) -> None:
    choices = {choice: t(f"history.beside_{choice}") for choice in ("before", "year_before")}
    chosen = st.segmented_control(
        t("history.beside"),
        list(choices),
        default="before",
        required=True,
        format_func=choices.__getitem__,
        key="history_beside",
    )
    earlier = period.before() if chosen == "before" else period.a_year_before()
    then = patterns.by_day(patterns.entry_columns(session, earlier.first, earlier.last))
    st.header(t("history.compare_title"), anchor=False)
    if not len(then):
        st.write(t("history.nothing_then", first=short_date(earlier.first), last=short_date(earlier.last)))
        return
    names = (_name(period), _name(earlier))
    summaries = patterns.summary(now), patterns.summary(then)
    shares_chart(
        lambda: charts.side_by_side(*summaries, names),
        min(len(now), len(then)),
        _sentence(now, then),
        t("history.compare_alt"),
        shares_table(t("history.stretch"), dict(zip(names, summaries, strict=True))),
        "history_compare",
    )
    if min(len(now), len(then)) >= ENOUGH_DAYS:
        st.caption(looked_at(contrasts=1))


def _sentence(now: DayColumns, then: DayColumns) -> str:
    counts = t("history.compare_days", now=len(now), then=len(then))
    both = patterns.together(then, now)
    found = patterns.contrast(both, np.arange(len(both)) >= len(then))
    if found is None:
        return f"{counts} {t('history.compare_too_few', enough=ENOUGH_DAYS)}"
    sentence = t(
        "history.compare_says",
        mood=mood_name(found.mood),
        then=percent(found.off.shares[found.mood]),
        now=percent(found.on.shares[found.mood]),
        then_valence=signed(found.off.valence),
        now_valence=signed(found.on.valence),
        **both_maybe(found, contrasts=1),
    )
    return f"{counts} {sentence}"


def _name(period: Period) -> str:
    return f"{short_date(period.first)} – {short_date(period.last)}"
