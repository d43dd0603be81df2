"""The row at the top of every page: all pages one touch away, *Get help* among them, at any width."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

# Pages that are reached from a page of the row, which stays marked meanwhile.
BEHIND = {"year": "days", "find": "days", "data": "settings", "models": "settings"}

_MARKED = "background: color-mix(in srgb, #9C4F2E 14%, transparent);"


def page_links(pages: Sequence[StreamlitPage], here: StreamlitPage) -> None:
    with st.container(horizontal=True, key="pages", gap="small"):
        for page in pages:
            st.page_link(page)
    if front := BEHIND.get(here.url_path):
        st.html(f'<style>.st-key-pages a[href$="{front}"] {{ {_MARKED} }}</style>')
