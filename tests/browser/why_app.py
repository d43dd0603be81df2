"""*Why* of a spoken note as an app of its own, under the policy of Haru's pages; the tests serve it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

import settings
from web import streamlit_private
from web.headers import SecurityHeadersMiddleware

app = st.App(
    Path(__file__).parent / "why_page.py",
    routes=[Mount("/account/assets/fonts", StaticFiles(directory=settings.ASSETS / "fonts"))],
    middleware=[Middleware(SecurityHeadersMiddleware, inline_scripts=streamlit_private.inline_scripts())],
)
