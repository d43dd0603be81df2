"""A chart that is told as well as drawn: a sentence for what it shows, a name for those who hear it, its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import streamlit as st

from components.visitor import t


def told(figure: go.Figure, says: str, alt: str, table: Mapping[str, Sequence], key: str) -> None:
    st.write(says)
    st.plotly_chart(figure, key=key, config={"displayModeBar": False}, alt=alt)
    # Drawn only when somebody asks for it.
    with st.expander(t("history.as_table"), key=f"{key}_table", on_change="rerun") as opened:
        if opened.open:
            st.table(dict(table), hide_index=True, alt=alt)
