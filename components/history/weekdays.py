"""History, weekdays and hours: whether some are usually more pleasant, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components.chart_with_table import told
from components.counts import shares_table, signed
from components.dates import weekday_names, weekdays
from components.history import charts
from components.visitor import t
from diary import patterns
from diary.patterns import ENOUGH_DAYS, PARTS_OF_DAY, EntryColumns, Summary


def rhythms(of: EntryColumns, first_weekday: int) -> None:
    of_weekdays = patterns.by_weekday(patterns.by_day(of))
    order = [(first_weekday + place) % 7 for place in range(7)]
    short = dict(zip(weekday_names(first_weekday), (of_weekdays[weekday] for weekday in order), strict=True))
    st.header(t("history.weekday_title"), anchor=False)
    told(
        charts.shares(short),
        _difference(dict(zip(weekdays(), of_weekdays, strict=True))),
        t("history.weekday_alt"),
        shares_table(t("history.weekday"), short),
        "history_weekday",
    )

    span = 24 // len(PARTS_OF_DAY)
    parts = patterns.by_part_of_day(of)
    short = dict(zip((f"{start}–{start + span}" for start in PARTS_OF_DAY), parts, strict=True))
    named = {t("history.hours", hours=hours): part for hours, part in short.items()}
    st.header(t("history.hour_title"), anchor=False)
    told(
        charts.shares(short),
        _difference(named),
        t("history.hour_alt"),
        shares_table(t("history.hour"), named),
        "history_hour",
    )
    st.caption(t("history.hour_means", count=int((of.hours < 0).sum())))


def _difference(groups: Mapping[str, Summary]) -> str:
    """The most and the least pleasant group, if they differ by more than chance."""
    speaking = {name: group for name, group in groups.items() if group.has_enough_days}
    if len(speaking) < 2:
        return t("history.too_few_groups", enough=ENOUGH_DAYS)
    best = max(speaking, key=lambda name: speaking[name].valence)
    worst = min(speaking, key=lambda name: speaking[name].valence)
    key = "history.differs" if patterns.differ_clearly(speaking[best], speaking[worst]) else "history.differs_little"
    return t(
        key,
        best=best,
        best_valence=signed(speaking[best].valence),
        best_days=speaking[best].days,
        worst=worst,
        worst_valence=signed(speaking[worst].valence),
        worst_days=speaking[worst].days,
    )
