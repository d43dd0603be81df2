"""History, comparison: this period beside the days just before it, or beside the same days a year earlier."""

from __future__ import annotations

import streamlit as st

from components.dates import short_date
from components.history import charts
from components.history.chart_with_table import chart_with_table, shares_table
from components.history.period import Period
from components.moods import mood_name
from components.text import percent, signed
from components.visitor import t
from diary import patterns
from diary.patterns import ENOUGH_DAYS, Summary
from diary.sessions import Session
from emotions import EMOTIONS


def comparison_section(session: Session, period: Period, now: Summary) -> None:
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
    then = patterns.summary(patterns.by_day(patterns.entry_columns(session, earlier.first, earlier.last)))
    st.header(t("history.compare_title"), anchor=False)
    if not then.days:
        st.write(t("history.nothing_then", first=short_date(earlier.first), last=short_date(earlier.last)))
        return
    names = (_name(period), _name(earlier))
    chart_with_table(
        charts.side_by_side(now, then, names),
        _sentence(now, then),
        t("history.compare_alt"),
        shares_table(t("history.stretch"), dict(zip(names, (now, then), strict=True))),
        "history_compare",
    )


def _sentence(now: Summary, then: Summary) -> str:
    counts = t("history.compare_days", now=now.days, then=then.days)
    if not (now.has_enough_days and then.has_enough_days):
        return f"{counts} {t('history.compare_too_few', enough=ENOUGH_DAYS)}"
    most_changed = max(EMOTIONS, key=lambda mood: abs(now.shares[mood] - then.shares[mood]))
    sentence = t(
        "history.compare_says",
        mood=mood_name(most_changed),
        then=percent(then.shares[most_changed]),
        now=percent(now.shares[most_changed]),
        then_valence=signed(then.valence),
        now_valence=signed(now.valence),
    )
    chance = "" if patterns.differ_clearly(now, then) else t("history.maybe_chance")
    return f"{counts} {sentence} {chance}".strip()


def _name(period: Period) -> str:
    return f"{short_date(period.first)} – {short_date(period.last)}"
