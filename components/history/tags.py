"""History, by tag: how days with a tag were, beside all the others; silent below ten days."""

from __future__ import annotations

import streamlit as st

from components.chart_with_table import told
from components.counts import most_common, percent, signed
from components.history import charts
from components.history.period import Stretch
from components.moods import mood_name
from components.text import plain
from components.visitor import t
from diary import patterns
from diary.patterns import ENOUGH_DAYS, DayColumns, TagDays
from diary.sessions import Session
from emotions import EMOTIONS

_MOST = 12  # as many as somebody reads


def tag_days(session: Session, of: DayColumns, stretch: Stretch) -> None:
    days_of = patterns.tags_by_day(session, stretch.first, stretch.last)
    speaking = patterns.by_tag(of, days_of)
    st.header(t("history.tags_title"), anchor=False)
    if not days_of:
        st.write(t("history.no_tags"))
        return
    if not speaking:
        st.write(t("history.tags_too_few", enough=ENOUGH_DAYS))
        return
    shown = speaking[:_MOST]
    told(
        charts.on_and_off(
            [f"#{one.tag} ({one.on.days})" for one in shown],
            [round(one.on.valence, 3) for one in shown],
            [round(one.off.valence, 3) for one in shown],
        ),
        t("history.tags_says", count=len(speaking)),
        t("history.tags_alt"),
        _table(speaking),
        "history_tags",
    )
    clear = [one for one in shown if patterns.differ_clearly(one.on, one.off)]
    st.markdown("\n".join(f"- {_says(one)}" for one in clear))
    if unclear := [one for one in shown if one not in clear]:
        st.write(t("history.tags_maybe_chance"))
        st.markdown("\n".join(f"- {_says(one)}" for one in unclear))
    if silent := len(days_of) - len(speaking):
        st.caption(t("history.tags_silent", count=silent, enough=ENOUGH_DAYS))
    st.caption(t("history.tags_no_cause"))


def _says(one: TagDays) -> str:
    moved = max(EMOTIONS, key=lambda mood: abs(one.on.shares[mood] - one.off.shares[mood]))
    return t(
        "history.tag_says",
        tag=plain(one.tag),
        days=one.on.days,
        on_valence=signed(one.on.valence),
        off_valence=signed(one.off.valence),
        mood=mood_name(moved),
        on=percent(one.on.shares[moved]),
        off=percent(one.off.shares[moved]),
    )


def _table(told_of: list[TagDays]) -> dict[str, list]:
    return {
        t("entry.tags"): [f"\\#{plain(one.tag)}" for one in told_of],
        t("history.days"): [one.on.days for one in told_of],
        t("history.valence_with"): [signed(one.on.valence) for one in told_of],
        t("history.valence_without"): [signed(one.off.valence) for one in told_of],
        t("history.mostly"): [most_common(one.on, 2) for one in told_of],
    }
