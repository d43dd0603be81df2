"""The row at the top of every page: all pages one touch away, *Get help* among them, at any width."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage


def page_links(pages: Sequence[StreamlitPage]) -> None:
    with st.container(horizontal=True, key="pages", gap="small"):
        for page in pages:
            st.page_link(page)
