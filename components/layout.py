"""The frame of every page: the style sheet, the row of links to all pages, and the row of a page with three views."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import streamlit as st
from streamlit.navigation.page import StreamlitPage

import settings
from components.moods import text_colour
from components.visitor import t
from emotions import SEVEN

_STYLE = settings.ASSETS / "style"
# Pages that the row does not link to, each with the page to mark in the row instead.
_PARENT_PAGES = {
    "year": "days",
    "find": "days",
    "report": "history",
    "data": "settings",
    "models": "settings",
    "trackers": "settings",
}
_MARKED = "background: color-mix(in srgb, #9C4F2E 14%, transparent);"
_DAY_VIEWS = (
    ("pages/days.py", "days.month_view", ":material/calendar_view_month:"),
    ("pages/year.py", "days.year_view", ":material/grid_on:"),
    ("pages/find.py", "days.find_view", ":material/search:"),
)


def style_sheet() -> None:
    st.html(f"<style>{_css()}</style>")


def page_links(pages: Sequence[StreamlitPage], current: StreamlitPage) -> None:
    """One link to each page; all of them, *Get help* among them, are visible at any width."""
    with st.container(horizontal=True, key="pages", gap="small"):
        for page in pages:
            st.page_link(page)
    if parent := _PARENT_PAGES.get(current.url_path):
        st.html(f'<style>.st-key-pages a[href$="{parent}"] {{ {_MARKED} }}</style>')


def day_view_links() -> None:
    """Links to the month, the year and the search."""
    with st.container(horizontal=True, key="days_row", gap="small"):
        for page, label, icon in _DAY_VIEWS:
            st.page_link(page, label=t(label), icon=icon)


def _of_mood(mood: str) -> list[str]:
    return [f'[class*="st-key-{key}_{mood}"]' for key in ("mood_card", "strength", "keep_as")]


@cache
def _css() -> str:
    """The style sheets of assets/style, and a rule with the colour of each mood."""
    moods = "\n".join(
        f'[class*="st-key-mood_choice"] button:nth-of-type({place}),'
        f":is({', '.join(_of_mood(emotion.key))})"
        f" {{ --mood: {emotion.colour}; --on-mood: {text_colour(emotion.key)}; --face: '{emotion.face}'; }}"
        for place, emotion in enumerate(SEVEN, start=1)
    )
    names = ("diary", "frame", "form", "photos", "days", "history", "report", "notices", "verdict", "trackers")
    sheets = ((_STYLE / f"{name}.css").read_text(encoding="utf-8") for name in names)
    return "\n".join([*sheets, moods])
