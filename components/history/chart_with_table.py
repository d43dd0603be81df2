"""A chart with a sentence that sums it up, an accessible name and a table of its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import streamlit as st

from components.moods import mood_name
from components.text import percent, signed
from components.visitor import t
from diary.patterns import Summary
from emotions import EMOTIONS


def chart_with_table(figure: go.Figure, sentence: str, alt: str, table: Mapping[str, Sequence], key: str) -> None:
    st.write(sentence)
    st.plotly_chart(figure, key=key, config={"displayModeBar": False}, alt=alt)
    # Drawn only when opened.
    with st.expander(t("history.as_table"), key=f"{key}_table", on_change="rerun") as opened:
        if opened.open:
            st.table(dict(table), hide_index=True, alt=alt)


def shares_table(heading: str, groups: Mapping[str, Summary]) -> dict[str, list]:
    """One row for each group: its days, its mean valence and the share of each mood."""
    table: dict[str, list] = {
        heading: list(groups),
        t("history.days"): [group.days for group in groups.values()],
        t("history.valence"): [signed(group.valence) for group in groups.values()],
    }
    for mood in EMOTIONS:
        table[mood_name(mood)] = [percent(group.shares.get(mood, 0)) for group in groups.values()]
    return table


def most_common(summary: Summary, most: int = 3) -> str:
    """The commonest moods with their shares."""
    return ", ".join(f"{mood_name(mood)} {percent(summary.shares[mood])}" for mood in summary.commonest[:most])
