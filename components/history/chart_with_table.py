"""A chart with a sentence that sums it up, an accessible name and a table of its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from components.history import charts
from components.moods import mood_name
from components.text import percent, plain, signed
from components.visitor import t
from diary.patterns import Summary
from emotions import EMOTIONS

SHARES_FROM = 7
"""Days: the shares of fewer days are a wall of one colour."""
_CONFIG = {"displayModeBar": False}


def chart_with_table(
    figure: go.Figure,
    sentence: str,
    alt: str,
    table: Mapping[str, Sequence],
    key: str,
    open_day: Callable[[date], None] | None = None,
) -> None:
    """`open_day` makes the points of the chart buttons: their x is the day to open."""
    st.write(sentence)
    if open_day:
        _openable(figure, alt, key, open_day)
    else:
        st.plotly_chart(figure, key=key, config=_CONFIG, alt=alt)
    # Drawn only when opened.
    with st.expander(t("history.as_table"), key=f"{key}_table", on_change="rerun") as opened:
        if opened.open:
            st.table(dict(table), hide_index=True, alt=alt)


def shares_chart(
    figure: Callable[[], go.Figure], days: int, sentence: str, alt: str, table: Mapping[str, Sequence], key: str
) -> None:
    """A chart of shares, once there are days enough for one."""
    if days >= SHARES_FROM:
        chart_with_table(figure(), sentence, alt, table, key)
    else:
        st.write(f"{sentence} {t('history.shares_too_few', enough=SHARES_FROM)}")


def shares_of_groups(
    groups: Mapping[str, Summary], sentence: str, alt: str, heading: str, key: str, horizontal: bool = False
) -> None:
    """A bar for each group with days enough, and a table of all groups."""
    enough = {name: group for name, group in groups.items() if group.days >= SHARES_FROM}
    most = max((group.days for group in groups.values()), default=0)
    shares_chart(lambda: charts.shares(enough, horizontal), most, sentence, alt, shares_table(heading, groups), key)
    if enough and any(0 < group.days < SHARES_FROM for group in groups.values()):
        st.caption(t("history.shares_left_out", enough=SHARES_FROM))


def shares_table(heading: str, groups: Mapping[str, Summary]) -> dict[str, list]:
    """One row for each group: its days, its mean valence and the share of each mood."""
    table: dict[str, list] = {
        heading: [plain(name) for name in groups],
        t("history.days"): [group.days for group in groups.values()],
        t("history.valence"): [signed(group.valence) for group in groups.values()],
    }
    for mood in EMOTIONS:
        table[mood_name(mood)] = [percent(group.shares.get(mood, 0)) for group in groups.values()]
    return table


def most_common(summary: Summary, most: int = 3) -> str:
    """The commonest moods with their shares."""
    return ", ".join(f"{mood_name(mood)} {percent(summary.shares[mood])}" for mood in summary.commonest[:most])


def _openable(figure: go.Figure, alt: str, key: str, open_day: Callable[[date], None]) -> None:
    chosen: Any = st.plotly_chart(figure, key=key, config=_CONFIG, alt=alt, on_select="rerun", selection_mode="points")
    for point in chosen.selection.points:
        open_day(date.fromisoformat(str(point["x"])[:10]))
