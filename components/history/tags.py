"""History, tags: how days with a tag compare with all other days; a tag with too few days is left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import streamlit as st

from components.history import charts
from components.history.certainty import both_maybe, looked_at
from components.history.chart_with_table import chart_with_table, most_common
from components.history.period import Period
from components.moods import mood_name
from components.text import percent, plain, signed
from components.visitor import t
from diary import patterns
from diary.patterns import ENOUGH_DAYS, DayColumns, TagDays
from diary.sessions import Session

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
    with st.container(key="history_pair_tags"):
        with st.container():
            chart_with_table(
                charts.on_and_off(
                    [f"#{tag.tag} ({tag.found.on.days})" for tag in shown],
                    [round(tag.found.on.valence, 3) for tag in shown],
                    [round(tag.found.off.valence, 3) for tag in shown],
                ),
                t("history.tags_says", count=len(frequent)),
                t("history.tags_alt"),
                _table(frequent),
                "history_tags",
            )
        with st.container():
            st.markdown("\n".join(f"- {_sentence(tag, contrasts=len(frequent))}" for tag in shown))
            st.caption(looked_at(len(frequent)))
    if rare := len(tags) - len(frequent):
        st.caption(t("history.tags_silent", count=rare, enough=ENOUGH_DAYS))
    st.caption(t("history.tags_no_cause"))


def _sentence(tag: TagDays, contrasts: int) -> str:
    found = tag.found
    return t(
        "history.tag_says",
        tag=plain(tag.tag),
        days=found.on.days,
        on_valence=signed(found.on.valence),
        off_valence=signed(found.off.valence),
        mood=mood_name(found.mood),
        on=percent(found.on.shares[found.mood]),
        off=percent(found.off.shares[found.mood]),
        **both_maybe(found, contrasts),
    )


def _table(tags: list[TagDays]) -> dict[str, list]:
    return {
        t("entry.tags"): [f"\\#{plain(tag.tag)}" for tag in tags],
        t("history.days"): [tag.found.on.days for tag in tags],
        t("history.valence_with"): [signed(tag.found.on.valence) for tag in tags],
        t("history.valence_without"): [signed(tag.found.off.valence) for tag in tags],
        t("history.mostly"): [most_common(tag.found.on, 2) for tag in tags],
    }
