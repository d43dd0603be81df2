"""History, how it was understood: what each day's mood was chosen from, and how often the models were corrected."""

from __future__ import annotations

import streamlit as st

from components.chart_with_table import told
from components.counts import percent, shares_table
from components.history import charts
from components.history.period import Stretch
from components.moods import mood_name
from components.visitor import t
from diary import patterns
from diary.patterns import ENOUGH_DAYS, CorrectionCount, EntryColumns
from diary.sessions import Session


def sources(session: Session, of: EntryColumns, stretch: Stretch) -> None:
    by_source = {t(f"history.source_{name}"): one for name, one in patterns.by_source(of).items()}
    st.header(t("history.sources_title"), anchor=False)
    counts = ", ".join(t("history.source_count", source=name, count=one.entries) for name, one in by_source.items())
    told(
        charts.shares(by_source, lying=True),
        t("history.sources_says", counts=counts),
        t("history.sources_alt"),
        shares_table(t("history.source"), by_source),
        "history_sources",
    )
    st.header(t("history.corrected_title"), anchor=False)
    corrected = patterns.corrections(session, stretch.first, stretch.last)
    if not corrected:
        st.write(t("history.never_read"))
        return
    told(
        charts.rates({_name(one): one.corrected / one.read for one in corrected}, t("history.corrected_axis")),
        " ".join(_says(one) for one in corrected),
        t("history.corrected_alt"),
        _table(corrected),
        "history_corrected",
    )
    st.caption(t("history.corrected_means"))


def _name(one: CorrectionCount) -> str:
    return t(f"history.source_{one.source}")


def _says(one: CorrectionCount) -> str:
    says = t("history.corrected_says", source=_name(one), read=one.read, corrected=one.corrected)
    if not one.swaps or one.read < ENOUGH_DAYS:
        return says
    said, meant, count = one.swaps[0]
    return f"{says} {t('history.swapped_says', said=mood_name(said), meant=mood_name(meant), count=count)}"


def _table(corrected: list[CorrectionCount]) -> dict[str, list]:
    return {
        t("history.source"): [_name(one) for one in corrected],
        t("history.read"): [one.read for one in corrected],
        t("history.corrected"): [one.corrected for one in corrected],
        t("history.corrected_axis"): [percent(one.corrected / one.read) for one in corrected],
    }
