"""The frame of every page: the row of links to all pages, and the row of a page with three views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.components.v2 import component
from streamlit.navigation.page import StreamlitPage

import settings
from components.visitor import current_language, t

_FRAME = component(
    "haru_frame",
    html="<span></span>",
    js=(settings.ASSETS / "frame" / "frame.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # it changes the frame around it, whose styles are in assets/style/frame.css
)
# Pages that the row does not link to, each with the page to mark in the row instead.
_PARENT_PAGES = {
    "year": "days",
    "find": "days",
    "report": "history",
    "models": "settings",
    "trackers": "settings",
    "trusted": "settings",
}
_DAY_VIEWS = (
    ("pages/days.py", "days.month_view", ":material/calendar_view_month:"),
    ("pages/year.py", "days.year_view", ":material/grid_on:"),
    ("pages/find.py", "days.find_view", ":material/search:"),
)


@dataclass(frozen=True)
class PageLinks:
    """The pages that every page links to."""

    always: Sequence[StreamlitPage]
    wide: Sequence[StreamlitPage]
    """Only on a wide window; a phone has `more` instead, which links to these."""
    more: StreamlitPage
    help: StreamlitPage
    """Apart from the others, at the top right of every page."""


def page_links(links: PageLinks, current: StreamlitPage) -> None:
    """The row of pages, at the top or, on a phone, at the bottom; and *Get help*."""
    with st.container(horizontal=True, key="frame", gap=None):
        with st.container(horizontal=True, key="pages", gap="small"):
            for page in links.always:
                st.page_link(page)
            with st.container(horizontal=True, key="pages_wide", gap="small"):
                for page in links.wide:
                    st.page_link(page)
            with st.container(key="pages_more"):
                st.page_link(links.more)
        with st.container(key="help_link", width="content"):
            st.page_link(links.help)
    marked = _PARENT_PAGES.get(current.url_path, current.url_path)
    is_in_more = marked in [page.url_path for page in links.wide]
    _FRAME(
        key="frame_script",
        data={
            "language": current_language(),
            "skip": t("nav.skip"),
            "pages": t("nav.pages"),
            "current": [marked, *([links.more.url_path] if is_in_more else [])],
        },
    )


def day_view_links() -> None:
    """Links to the month, the year and the search."""
    with st.container(horizontal=True, key="days_row", gap="small"):
        for page, label, icon in _DAY_VIEWS:
            st.page_link(page, label=t(label), icon=icon)
