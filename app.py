"""Haru's front door: the ASGI app that `streamlit run app.py` starts."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

import settings
from components.demo.banner import QUESTION_MARK
from components.visitor import TO_THE_DOOR
from demo import state
from diary import database, errors, server_secret
from web import account, audio, demo, sign_in, streamlit_private
from web.auth import Gate
from web.headers import SecurityHeaders

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
log = logging.getLogger("haru")
# Whoever opens the live tab is somewhere: these would write everybody's network addresses into the log.
for chatty in ("streamlit_webrtc", "aiortc", "aioice"):
    logging.getLogger(chatty).setLevel(logging.WARNING)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    try:
        await to_thread.run_sync(database.prepare)
    except errors.DatabaseError as error:
        # The door still opens, and says on every page what is wrong (web/auth.py).
        log.error("the database cannot be used: %s", error.code)
    # Models wake up beside the first visitors, not before them; a page that needs them says so meanwhile.
    waking = asyncio.create_task(to_thread.run_sync(_wake_the_models))
    if state.is_on():
        await waking  # nobody waits on a stage
    yield
    waking.cancel()


def _wake_the_models() -> None:
    # torch and the models are imported here, so that the door opens before them.
    from components import recognisers
    from understanding import runtime

    recognisers.warm()
    # Large, and needed by some pages only: whoever opens one of those first need not wait either. streamlit-webrtc
    # itself is left to its page: imported here, Streamlit would not know its component.
    for library in ("plotly.graph_objects", "aiortc"):
        importlib.import_module(library)
    runtime.freeze_objects()
    log.info("the models are awake")


def _share_the_secret() -> None:
    """Signs Streamlit's own cookies with Haru's secret."""
    try:
        streamlit_private.sign_cookies_with(server_secret.server_secret())
    except errors.DatabaseError:
        log.error("the data folder cannot be written to; cookies will not survive a restart")


settings.exit_if_invalid()
streamlit_private.register_pages_only_by_navigation()
_share_the_secret()
app = st.App(
    settings.PROJECT / "ui.py",
    lifespan=lifespan,
    routes=[
        *sign_in.routes,
        *account.routes,
        *audio.routes,
        *(demo.routes(streamlit_private.close_all_sessions) if state.is_on() else ()),
        # The door's style sheet, pictures and fonts: the only part of assets/ that strangers may fetch.
        *(
            Mount(f"/account/assets/{name}", StaticFiles(directory=settings.ASSETS / name))
            for name in ("style", "images", "fonts")
        ),
        Route("/account/{rest:path}", sign_in.nothing_here),
    ],
    middleware=[
        Middleware(SecurityHeaders, inline_scripts=[*streamlit_private.inline_scripts(), TO_THE_DOOR, QUESTION_MARK]),
        Middleware(Gate),
    ],
)
