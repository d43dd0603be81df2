"""Where people reach this server, for links that leave the page."""

from __future__ import annotations

import streamlit as st

import settings
from web import streamlit_private


def public_address() -> str | None:
    """HARU_PUBLIC_URL, else the address that this browser uses, if its host is one that Haru answers to."""
    return settings.PUBLIC_URL.get() or streamlit_private.allowed_address(st.context.url)
