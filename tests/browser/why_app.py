"""*Why* of a spoken note as an app of its own, under the policy of Haru's pages; the tests serve it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from web import streamlit_build
from web.headers import SecurityHeadersMiddleware

app = st.App(
    Path(__file__).parent / "why_page.py",
    middleware=[Middleware(SecurityHeadersMiddleware, inline_scripts=streamlit_build.inline_scripts())],
)
