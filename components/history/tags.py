"""History, tags: how days with a tag compare with all other days; a tag with too few days is left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import streamlit as st

from components.history import charts
from components.history.chart_with_table import chart_with_table, most_common
from components.history.period import Period
from components.moods import mood_name
from components.text import percent, plain, signed
from components.visitor import t
from diary import patterns
from diary.patterns import ENOUGH_DAYS, DayColumns, TagDays
from diary.sessions import Session
from emotions import EMOTIONS

_MOST = 12  # a longer chart is hard to read


def tag_section(session: Session, days: DayColumns, period: Period) -> None:
    tags: dict[str, Iterable[date]] = dict(patterns.tags_by_day(session, period.first, period.last))
    frequent = patterns.by_tag(days, tags)
    st.header(t("history.tags_title"), anchor=False)
    if not tags:
        st.write(t("history.no_tags"))
        return
    if not frequent:
        st.write(t("history.tags_too_few", enough=ENOUGH_DAYS))
        return
    shown = frequent[:_MOST]
    chart_with_table(
        charts.on_and_off(
            [f"#{tag.tag} ({tag.on.days})" for tag in shown],
            [round(tag.on.valence, 3) for tag in shown],
            [round(tag.off.valence, 3) for tag in shown],
        ),
        t("history.tags_says", count=len(frequent)),
        t("history.tags_alt"),
        _table(frequent),
        "history_tags",
    )
    clear = [tag for tag in shown if patterns.differ_clearly(tag.on, tag.off)]
    st.markdown("\n".join(f"- {_sentence(tag)}" for tag in clear))
    if unclear := [tag for tag in shown if tag not in clear]:
        st.write(t("history.tags_maybe_chance"))
        st.markdown("\n".join(f"- {_sentence(tag)}" for tag in unclear))
    if rare := len(tags) - len(frequent):
        st.caption(t("history.tags_silent", count=rare, enough=ENOUGH_DAYS))
    st.caption(t("history.tags_no_cause"))


def _sentence(tag: TagDays) -> str:
    most_changed = max(EMOTIONS, key=lambda mood: abs(tag.on.shares[mood] - tag.off.shares[mood]))
    return t(
        "history.tag_says",
        tag=plain(tag.tag),
        days=tag.on.days,
        on_valence=signed(tag.on.valence),
        off_valence=signed(tag.off.valence),
        mood=mood_name(most_changed),
        on=percent(tag.on.shares[most_changed]),
        off=percent(tag.off.shares[most_changed]),
    )


def _table(tags: list[TagDays]) -> dict[str, list]:
    return {
        t("entry.tags"): [f"\\#{plain(tag.tag)}" for tag in tags],
        t("history.days"): [tag.on.days for tag in tags],
        t("history.valence_with"): [signed(tag.on.valence) for tag in tags],
        t("history.valence_without"): [signed(tag.off.valence) for tag in tags],
        t("history.mostly"): [most_common(tag.on, 2) for tag in tags],
    }
