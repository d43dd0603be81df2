"""Counts each request by the template of its address, and logs it at the level DEBUG."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import counters
import settings
from web.static_files import ASSETS

log = logging.getLogger("haru.requests")

_PREFIXES = (
    ASSETS.rstrip("/"),
    "/static",
    "/_stcore/stream",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/upload_file",
    "/_stcore/bidi-components",
    "/media",
    "/component",
)
_PAGES = {"/", *(f"/{file.stem}" for file in (settings.PROJECT / "pages").glob("*.py") if file.stem != "__init__")}
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class ObservedMiddleware:
    """Pure ASGI middleware. The counts and the log hold no address: a path may hold a token."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            with counters.TABS.track_inprogress():
                return await self._app(scope, receive, send)
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        status, started = 0, time.perf_counter()

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            seconds = time.perf_counter() - started
            method = scope["method"] if scope["method"] in _METHODS else "other"
            route = template_of(scope, self._routes)
            counters.REQUESTS.labels(method, route, str(status or "none")).inc()
            counters.REQUEST_SECONDS.labels(route).observe(seconds)
            log.debug("%s %s %s in %.0f ms", method, route, status or "none", 1000 * seconds)


def template_of(scope: Scope, routes: Sequence[BaseRoute]) -> str:
    """The template of a request's address, such as /tracks/own/{own_id}: one of few, whatever was asked for."""
    path = scope["path"]
    if path in _PAGES:
        return path
    for prefix in _PREFIXES:
        if path == prefix or path.startswith(f"{prefix}/"):
            return prefix
    for route in routes:
        if isinstance(route, Route | Mount) and route.matches(scope)[0] is not Match.NONE:
            return route.path
    return "other"
