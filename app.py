"""The ASGI app that `streamlit run app.py` starts: Haru's own routes, its middleware, and Streamlit behind them."""

from __future__ import annotations

import asyncio
import importlib
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware
from starlette.routing import Route

import settings
from backups.keeper import Keeper
from components.visitor import locked_script, sign_in_script
from demo import state
from diary import database, errors, folder_lock, server_secret
from reminders.sender import Sender
from web import (
    account,
    api_token_page,
    audio,
    closed_tabs,
    demo,
    health,
    left_note,
    lock,
    logs,
    metrics,
    passkeys,
    reminders,
    second_factor,
    service_worker,
    sign_in,
    silent_connections,
    streamlit_build,
    streamlit_private,
    uploads,
)
from web.api import routes as api
from web.auth import AuthMiddleware
from web.base_path import BasePathMiddleware
from web.broken_off import BrokenOffMiddleware
from web.headers import SecurityHeadersMiddleware
from web.health import ModelState
from web.index_page import THEME_SCRIPT, IndexPageMiddleware, register_worker
from web.observed import ObservedMiddleware
from web.oidc import pages as oidc
from web.request_ids import RequestIdMiddleware
from web.session_cookie import SessionCookieMiddleware
from web.static_files import StaticFilesMiddleware
from web.tab_gate import TabGateMiddleware
from web.unexpected import UnexpectedErrorMiddleware
from web.uploads import UploadLimitsMiddleware

log = logging.getLogger("haru")


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Prepares the database, starts what runs beside the pages, and waits for these threads at the end."""
    closed_tabs.overwrite_freed_memory()
    async with _data_folder():
        await _prepare()
        async with _beside_the_pages(), silent_connections.closing(), closed_tabs.ending():
            yield


@asynccontextmanager
async def _data_folder() -> AsyncIterator[None]:
    """Keeps `haru-admin restore` from exchanging the database under this server; waits while one does."""
    with ExitStack() as held:
        await to_thread.run_sync(held.enter_context, folder_lock.shared(database.folder()))
        yield


async def _prepare() -> None:
    try:
        await to_thread.run_sync(database.prepare)
    except errors.DatabaseError as error:
        # The server starts all the same, and every page says what is wrong (web/auth.py).
        log.error("the database cannot be used: %s", error.code)


@asynccontextmanager
async def _beside_the_pages() -> AsyncIterator[None]:
    """Loads the models, sends reminders and makes backups."""
    stopping = threading.Event()
    loading = asyncio.create_task(to_thread.run_sync(load_models, stopping))
    if state.is_on():
        await loading  # the demo must not stop to load a model while a person presents it
    threads = [Sender()] if state.is_on() else [Sender(), Keeper()]  # the demo's diary is deleted at its end
    for thread in threads:
        thread.start()
    async with lock.watching():
        yield
    for thread in threads:
        await to_thread.run_sync(thread.stop)
    # Python aborts when a thread is still in torch's code at exit.
    stopping.set()
    await loading
    await to_thread.run_sync(stop_speech_to_text)


def load_models(stopping: threading.Event) -> None:
    """Imports and loads what pages need later, until `stopping` is set."""
    # Imported here because both import torch, which takes seconds: the server serves the sign-in page meanwhile.
    from components import recognisers
    from understanding import runtime

    def load_libraries() -> None:
        # Slow imports that only some pages need. streamlit-webrtc cannot be among them: imported outside a script run,
        # it does not register its component with Streamlit.
        for name in ("plotly.graph_objects", "aiortc"):
            importlib.import_module(name)

    try:
        for step in (recognisers.warm, load_libraries, runtime.freeze_objects):
            step()
            if stopping.is_set():
                return
    except Exception:
        log.exception("the models could not be loaded")
        health.models_are(ModelState.FAILED)
        return
    health.models_are(ModelState.INCOMPLETE if recognisers.broken() else ModelState.LOADED)
    log.info("the models are loaded")


def stop_speech_to_text() -> None:
    from components import recognisers

    recognisers.speech_to_text().stop()


def _sign_streamlit_cookies() -> None:
    try:
        streamlit_private.sign_cookies_with(server_secret.server_secret())
    except errors.DatabaseError:
        log.error("the data folder cannot be written to; cookies will not survive a restart")


settings.exit_if_invalid()
logs.configure()
streamlit_private.register_pages_only_by_navigation()
streamlit_private.show_no_error_dialogs()
streamlit_private.bind_tabs_to_sessions()
streamlit_private.answer_at_the_root()
streamlit_private.load_fonts_below(settings.BASE_PATH.get())
uploads.keep_in_memory()
_sign_streamlit_cookies()
routes = [
    *sign_in.routes,
    *account.routes,
    *api_token_page.routes,
    *api.routes,
    *passkeys.routes,
    *second_factor.routes,
    *oidc.routes,
    *audio.routes,
    *health.routes,
    *left_note.routes,
    *lock.routes,
    *metrics.routes,
    *reminders.routes,
    *service_worker.routes,
    *(demo.routes(streamlit_private.close_all_sessions) if state.is_on() else ()),
    # Without this route, Streamlit would answer unknown paths below /account/ with its own page.
    Route("/account/{rest:path}", sign_in.redirect_to_sign_in),
]
app = st.App(
    settings.PROJECT / "ui.py",
    lifespan=lifespan,
    routes=routes,
    middleware=[
        Middleware(RequestIdMiddleware),
        Middleware(BasePathMiddleware),
        Middleware(SessionCookieMiddleware),
        Middleware(ObservedMiddleware, routes=routes),
        Middleware(BrokenOffMiddleware),
        Middleware(
            SecurityHeadersMiddleware,
            inline_scripts=[
                *streamlit_build.inline_scripts(),
                streamlit_build.connect_at_once(),
                THEME_SCRIPT,
                register_worker(),
                sign_in_script(),
                locked_script(),
            ],
        ),
        Middleware(UnexpectedErrorMiddleware),
        Middleware(StaticFilesMiddleware),
        Middleware(AuthMiddleware),
        Middleware(TabGateMiddleware),
        Middleware(UploadLimitsMiddleware),
        Middleware(IndexPageMiddleware),
    ],
)
