"""Serves the whole app below HARU_BASE_PATH, for a host name that other programs share.

A proxy passes the path on as the browser sent it. This middleware takes the base off, so that the routes, the gates
and Streamlit see the same paths as without one, and puts it before the addresses and into the cookies of each answer.
Links inside of a page come from `links.to`.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

import settings
from web import cookie_header

_ROOT = re.compile(r"(;\s*path=)/(?=\s*(?:;|$))", re.IGNORECASE)
_NEEDS_ROOT = "__Host-"
"""Browsers refuse a cookie of such a name with any other path."""


class BasePathMiddleware:
    """Pure ASGI middleware, before all that looks at a path. Without a base it changes nothing."""

    def __init__(self, app: ASGIApp, base: str | None = None) -> None:
        self._app = app
        self._base = settings.BASE_PATH.get() if base is None else base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._base or scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        path = scope["path"]
        if not path.startswith(self._base + "/"):
            return await self._refuse(scope, receive, send)

        async def send_below_base(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                message = {**message, "headers": self._below_base(message.get("headers", ()))}
            await send(message)

        inner = {**scope, "path": path[len(self._base) :], "headers": _first_cookies(scope["headers"])}
        inner.pop("raw_path", None)
        await self._app(inner, receive, send_below_base)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            return await WebSocket(scope, receive, send).close(code=1008)
        if scope["path"] in ("/", self._base):
            return await RedirectResponse(f"{self._base}/", status_code=307)(scope, receive, send)
        await PlainTextResponse(f"Haru is at {self._base}/.", status_code=404)(scope, receive, send)

    def _below_base(self, sent: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        headers = MutableHeaders(raw=[pair for pair in sent if pair[0].lower() != b"set-cookie"])
        if headers.get("location", "").startswith("/"):
            headers["location"] = self._base + headers["location"]
        for cookie in Headers(raw=list(sent)).getlist("set-cookie"):
            is_for_host = cookie.startswith(_NEEDS_ROOT)
            headers.append("set-cookie", cookie if is_for_host else _ROOT.sub(rf"\1{self._base}", cookie))
        return headers.raw


def _first_cookies(sent: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers, with each cookie named once.

    Where another Haru is, or was, at the root of the same host, the browser sends its cookies as well: those of the
    longer path come first, and Starlette would take the last.
    """
    found: dict[str, str] = {}
    for name, cookie in cookie_header.pairs(sent):
        found.setdefault(name, cookie)
    return cookie_header.replaced(sent, found.values()) if found else sent
