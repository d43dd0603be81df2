"""History, one stretch beside another: as many days just before, or the same days a year before."""

from __future__ import annotations

import streamlit as st

from components.chart_with_table import told
from components.counts import percent, shares_table, signed
from components.dates import short_date
from components.history import charts
from components.history.period import Stretch
from components.moods import mood_name
from components.visitor import t
from diary import patterns
from diary.patterns import ENOUGH_DAYS, Summary
from diary.sessions import Session
from emotions import EMOTIONS


def compared(session: Session, stretch: Stretch, now: Summary) -> None:
    choices = {choice: t(f"history.beside_{choice}") for choice in ("before", "year_before")}
    with_what = st.segmented_control(
        t("history.beside"),
        list(choices),
        default="before",
        required=True,
        format_func=choices.__getitem__,
        key="history_beside",
    )
    earlier = stretch.before() if with_what == "before" else stretch.a_year_before()
    then = patterns.summary(patterns.by_day(patterns.entry_columns(session, earlier.first, earlier.last)))
    st.header(t("history.compare_title"), anchor=False)
    if not then.days:
        st.write(t("history.nothing_then", first=short_date(earlier.first), last=short_date(earlier.last)))
        return
    names = (_name(stretch), _name(earlier))
    told(
        charts.side_by_side(now, then, names),
        _says(now, then),
        t("history.compare_alt"),
        shares_table(t("history.stretch"), dict(zip(names, (now, then), strict=True))),
        "history_compare",
    )


def _says(now: Summary, then: Summary) -> str:
    counts = t("history.compare_days", now=now.days, then=then.days)
    if not (now.has_enough_days and then.has_enough_days):
        return f"{counts} {t('history.compare_too_few', enough=ENOUGH_DAYS)}"
    moved = max(EMOTIONS, key=lambda mood: abs(now.shares[mood] - then.shares[mood]))
    says = t(
        "history.compare_says",
        mood=mood_name(moved),
        then=percent(then.shares[moved]),
        now=percent(now.shares[moved]),
        then_valence=signed(then.valence),
        now_valence=signed(now.valence),
    )
    chance = "" if patterns.differ_clearly(now, then) else t("history.maybe_chance")
    return f"{counts} {says} {chance}".strip()


def _name(stretch: Stretch) -> str:
    return f"{short_date(stretch.first)} – {short_date(stretch.last)}"
