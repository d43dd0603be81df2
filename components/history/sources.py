"""History, models: which source each day's mood came from, and how often people corrected each source."""

from __future__ import annotations

import streamlit as st

from components.history import charts
from components.history.chart_with_table import chart_with_table, shares_of_groups
from components.history.period import Period
from components.moods import mood_name
from components.text import percent
from components.visitor import t
from diary import patterns
from diary.patterns import ENOUGH_DAYS, CorrectionCount, EntryColumns
from diary.sessions import Session


def source_section(session: Session, moments: EntryColumns, period: Period) -> None:
    with st.container(key="history_pair_sources"):
        with st.container():
            _chosen_from(moments)
        with st.container():
            _corrected(session, period)


def _chosen_from(moments: EntryColumns) -> None:
    by_source = {t(f"history.source_{name}"): summary for name, summary in patterns.by_source(moments).items()}
    st.header(t("history.sources_title"), anchor=False)
    counts = ", ".join(
        t("history.source_count", source=name, count=summary.entries) for name, summary in by_source.items()
    )
    shares_of_groups(
        by_source,
        t("history.sources_says", counts=counts),
        t("history.sources_alt"),
        t("history.source"),
        "history_sources",
        horizontal=True,
    )


def _corrected(session: Session, period: Period) -> None:
    st.header(t("history.corrected_title"), anchor=False)
    corrected = patterns.corrections(session, period.first, period.last)
    if not corrected:
        st.write(t("history.never_read"))
        return
    chart_with_table(
        charts.rates(
            {_name(source): source.corrected / source.read for source in corrected}, t("history.corrected_axis")
        ),
        "\n".join(f"- {_sentence(source)}" for source in corrected),
        t("history.corrected_alt"),
        _table(corrected),
        "history_corrected",
    )
    st.caption(t("history.corrected_means"))


def _name(source: CorrectionCount) -> str:
    return t(f"history.source_{source.source}")


def _sentence(source: CorrectionCount) -> str:
    sentence = t("history.corrected_says", source=_name(source), read=source.read, corrected=source.corrected)
    if not source.swaps or source.read < ENOUGH_DAYS:
        return sentence
    said, meant, count = source.swaps[0]
    return f"{sentence} {t('history.swapped_says', said=mood_name(said), meant=mood_name(meant), count=count)}"


def _table(corrected: list[CorrectionCount]) -> dict[str, list]:
    return {
        t("history.source"): [_name(source) for source in corrected],
        t("history.read"): [source.read for source in corrected],
        t("history.corrected"): [source.corrected for source in corrected],
        t("history.corrected_axis"): [percent(source.corrected / source.read) for source in corrected],
    }
