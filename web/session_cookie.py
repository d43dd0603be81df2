"""The name that browsers know the session's cookie by.

Under HTTPS at the root of a host it is `__Host-haru_session`. Browsers take such a cookie from this host itself only,
so no other name of the domain can put its own session in place of a person's. The prefix demands HTTPS and the path
`/`: over HTTP, and below HARU_BASE_PATH, the plain name stays. All code behind this middleware knows only that one.
"""

from __future__ import annotations

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import settings
from diary import errors, sessions
from web import cookie_header, cookies

OF_HOST = f"__Host-{cookies.SESSION}"


class SessionCookieMiddleware:
    """Pure ASGI middleware, before all that asks for the session."""

    def __init__(self, app: ASGIApp, base: str | None = None) -> None:
        self._app = app
        self._base = settings.BASE_PATH.get() if base is None else base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._base or scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        connection = HTTPConnection(scope)
        sent = dict(cookie_header.pairs(scope["headers"]))
        # A proxy may forget to say that a websocket came with HTTPS. No browser sends this name without it.
        if not cookies.is_https(connection) and OF_HOST not in sent:
            return await self._app(scope, receive, send)
        plain = sent.pop(cookies.SESSION, None)
        of_host = sent.pop(OF_HOST, None)
        if of_host is not None:
            sent[cookies.SESSION] = of_host.removeprefix("__Host-")
        elif plain is not None and await to_thread.run_sync(_is_from_before, plain.partition("=")[2]):
            sent[cookies.SESSION] = plain
        inner = {**scope, "headers": cookie_header.replaced(scope["headers"], sent.values())}
        move = sent.get(cookies.SESSION) if of_host is None else None

        async def send_renamed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = _of_host(connection, message.get("headers", []), move, has_plain=plain is not None)
                message = {**message, "headers": headers}
            await send(message)

        await self._app(inner, receive, send_renamed)


def _is_from_before(token: str) -> bool:
    """Whether this session began when its cookie had the plain name everywhere; anybody may have set a newer one."""
    try:
        return sessions.has_plain_cookie(token)
    except errors.DatabaseError:
        return True  # each page says that the database cannot be read


def _of_host(
    connection: HTTPConnection, sent: cookie_header.Raw, move: str | None, *, has_plain: bool
) -> cookie_header.Raw:
    """The headers of an answer. A page moves the session of a cookie with the plain name to the new one."""
    plain = f"{cookies.SESSION}="
    set_ = Headers(raw=sent).getlist("set-cookie")
    if move is not None and not any(cookie.startswith(plain) for cookie in set_) and _is_page(sent):
        moved = Response()
        cookies.set_session(connection, moved, move.removeprefix(plain))
        set_ += moved.headers.getlist("set-cookie")
    headers = MutableHeaders(raw=[pair for pair in sent if pair[0].lower() != b"set-cookie"])
    for cookie in set_:
        headers.append("set-cookie", f"__Host-{cookie}" if cookie.startswith(plain) else cookie)
    if has_plain and any(cookie.startswith(plain) for cookie in set_):
        forgotten = Response()
        cookies.clear_session(connection, forgotten)
        headers.append("set-cookie", forgotten.headers["set-cookie"])
    return headers.raw


def _is_page(sent: cookie_header.Raw) -> bool:
    return Headers(raw=sent).get("content-type", "").startswith("text/html")
