"""History, rhythm: whether some weekdays and hours are more pleasant, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.dates import hours_labels, weekday_names, weekdays
from components.history.certainty import maybe
from components.history.chart_with_table import shares_of_groups
from components.text import signed
from components.visitor import t
from diary import patterns
from diary.patterns import ENOUGH_DAYS, DayColumns, EntryColumns


def weekday_section(moments: EntryColumns, first_weekday: int) -> None:
    with st.container(key="history_pair_rhythm"):
        with st.container():
            _weekdays(moments, first_weekday)
        with st.container():
            _hours(moments)


def _weekdays(moments: EntryColumns, first_weekday: int) -> None:
    of_weekdays = patterns.by_weekday(patterns.by_day(moments))
    order = [(first_weekday + place) % 7 for place in range(7)]
    summaries = [patterns.summary(of_weekdays[weekday]) for weekday in order]
    short = dict(zip(weekday_names(first_weekday), summaries, strict=True))
    st.header(t("history.weekday_title"), anchor=False)
    shares_of_groups(
        short,
        _difference(weekdays(), of_weekdays),
        t("history.weekday_alt"),
        t("history.weekday"),
        "history_weekday",
    )


def _hours(moments: EntryColumns) -> None:
    parts = patterns.by_part_of_day(moments)
    named = dict(zip(hours_labels(), map(patterns.summary, parts), strict=True))
    st.header(t("history.hour_title"), anchor=False)
    shares_of_groups(
        named,
        _difference(hours_labels(), parts),
        t("history.hour_alt"),
        t("history.hour"),
        "history_hour",
        horizontal=True,
    )
    st.caption(t("history.hour_means", count=int((moments.hours < 0).sum())))


def _difference(names: Sequence[str], groups: Sequence[DayColumns]) -> str:
    """The most and the least pleasant group, and whether chance may have made the difference between them."""
    found = patterns.extremes(groups)
    if found is None:
        return t("history.too_few_groups", enough=ENOUGH_DAYS)
    best, worst = patterns.summary(groups[found.best]), patterns.summary(groups[found.worst])
    sentence = t(
        "history.differs",
        best=names[found.best],
        best_valence=signed(best.valence),
        best_days=best.days,
        worst=names[found.worst],
        worst_valence=signed(worst.valence),
        worst_days=worst.days,
        maybe=maybe(found.valence_p, found.looked_at),
    )
    return f"{sentence} {t('certainty.looked_at_pairs', count=found.looked_at)}" if found.looked_at > 1 else sentence
