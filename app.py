"""Haru's front door: the ASGI app that `streamlit run app.py` starts."""

from __future__ import annotations

import asyncio
import importlib
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from streamlit import config
from streamlit.runtime import get_instance
from streamlit.runtime.pages_manager import PagesManager

import settings
from components.demo.banner import QUESTION_MARK
from components.visitor import TO_THE_DOOR
from demo import state
from diary import database, errors, server_secret
from web import account, audio, demo, sign_in
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


def _empty_the_house() -> None:
    """Every open tab runs once more, finds its session gone and forgets all; what was uploaded and closed goes too."""
    runtime = get_instance()
    manager = runtime._session_mgr
    open_tabs = {tab.session.id for tab in manager.list_active_sessions()}
    for tab in manager.list_sessions():
        runtime.uploaded_file_mgr.remove_session_files(tab.session.id)
        runtime.media_file_mgr.clear_session_refs(tab.session.id)
        if tab.session.id in open_tabs:
            tab.session.request_rerun(None)
        else:
            runtime.close_session(tab.session.id)
    runtime.media_file_mgr.remove_orphaned_files()


def _register_pages_only_by_navigation() -> None:
    """Without this, the very first visit of a process treats every file in pages/ as an app of its own.

    Streamlit looks for the folder of that name until a script has called `st.navigation` once; somebody who
    came in by a link to /settings would see that page bare, without the row of pages on top.
    """
    PagesManager.uses_pages_directory = False


def _share_the_secret() -> None:
    """Streamlit signs its own cookies with our secret, so they hold across restarts and processes."""
    try:
        config.set_option("server.cookieSecret", server_secret.server_secret().hex())
    except errors.DatabaseError:
        log.error("the data folder cannot be written to; cookies will not survive a restart")


def _inline_scripts() -> list[str]:
    """The scripts that stand in a page itself: Streamlit's, and Haru's own two."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    return [*re.findall(r"<script>(.*?)</script>", page, re.DOTALL), TO_THE_DOOR, QUESTION_MARK]


settings.exit_if_invalid()
_register_pages_only_by_navigation()
_share_the_secret()
app = st.App(
    settings.PROJECT / "ui.py",
    lifespan=lifespan,
    routes=[
        *sign_in.routes,
        *account.routes,
        *audio.routes,
        *(demo.routes(_empty_the_house) if state.is_on() else ()),
        # The door's style sheet, pictures and fonts: the only part of assets/ that strangers may fetch.
        *(
            Mount(f"/account/assets/{name}", StaticFiles(directory=settings.ASSETS / name))
            for name in ("style", "images", "fonts")
        ),
        Route("/account/{rest:path}", sign_in.nothing_here),
    ],
    middleware=[Middleware(SecurityHeaders, inline_scripts=_inline_scripts()), Middleware(Gate)],
)
