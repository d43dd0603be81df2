"""The link to the report of some days."""

from __future__ import annotations

import streamlit as st

from components.visitor import t
from diary.report.spans import Span

ADDRESS = "of"
"""The name in the page's address."""


def report_link(span: Span) -> None:
    """A link such as *A month on one page*, which opens these days."""
    st.page_link(
        "pages/report.py",
        label=t(f"report.link_{span.kind}"),
        icon=":material/summarize:",
        query_params={ADDRESS: span.address},
    )
