"""Three ways to look at one's days: a month, a year, or what one looks for."""

from __future__ import annotations

import streamlit as st

from components.visitor import t

WAYS = (
    ("pages/days.py", "days.month_view", ":material/calendar_view_month:"),
    ("pages/year.py", "days.year_view", ":material/grid_on:"),
    ("pages/find.py", "days.find_view", ":material/search:"),
)


def days_row() -> None:
    with st.container(horizontal=True, key="days_row", gap="small"):
        for page, label, icon in WAYS:
            st.page_link(page, label=t(label), icon=icon)
