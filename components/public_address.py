"""Where people reach this server, for links that leave the page."""

from __future__ import annotations

import streamlit as st

import links
from web import streamlit_private


def public_address() -> str | None:
    """Where HARU_PUBLIC_URL says, else the address that this browser uses, if its host is one that Haru answers to."""
    if known := links.public():
        return known
    host = streamlit_private.allowed_address(st.context.url)
    return host and host + links.to("")
