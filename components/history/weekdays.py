"""History, rhythm: whether some weekdays and hours are more pleasant, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components.dates import weekday_names, weekdays
from components.history import charts
from components.history.chart_with_table import chart_with_table, shares_table
from components.text import signed
from components.visitor import t
from diary import patterns
from diary.patterns import ENOUGH_DAYS, PARTS_OF_DAY, EntryColumns, Summary


def weekday_section(moments: EntryColumns, first_weekday: int) -> None:
    of_weekdays = patterns.by_weekday(patterns.by_day(moments))
    order = [(first_weekday + place) % 7 for place in range(7)]
    short = dict(zip(weekday_names(first_weekday), (of_weekdays[weekday] for weekday in order), strict=True))
    st.header(t("history.weekday_title"), anchor=False)
    chart_with_table(
        charts.shares(short),
        _difference(dict(zip(weekdays(), of_weekdays, strict=True))),
        t("history.weekday_alt"),
        shares_table(t("history.weekday"), short),
        "history_weekday",
    )

    span = 24 // len(PARTS_OF_DAY)
    parts = patterns.by_part_of_day(moments)
    short = dict(zip((f"{start}–{start + span}" for start in PARTS_OF_DAY), parts, strict=True))
    named = {t("history.hours", hours=hours): part for hours, part in short.items()}
    st.header(t("history.hour_title"), anchor=False)
    chart_with_table(
        charts.shares(short),
        _difference(named),
        t("history.hour_alt"),
        shares_table(t("history.hour"), named),
        "history_hour",
    )
    st.caption(t("history.hour_means", count=int((moments.hours < 0).sum())))


def _difference(groups: Mapping[str, Summary]) -> str:
    """The most and the least pleasant group, if they differ by more than chance."""
    with_enough_days = {name: group for name, group in groups.items() if group.has_enough_days}
    if len(with_enough_days) < 2:
        return t("history.too_few_groups", enough=ENOUGH_DAYS)
    best = max(with_enough_days, key=lambda name: with_enough_days[name].valence)
    worst = min(with_enough_days, key=lambda name: with_enough_days[name].valence)
    key = "history.differs" if patterns.differ_clearly(groups[best], groups[worst]) else "history.differs_little"
    return t(
        key,
        best=best,
        best_valence=signed(groups[best].valence),
        best_days=groups[best].days,
        worst=worst,
        worst_valence=signed(groups[worst].valence),
        worst_days=groups[worst].days,
    )
