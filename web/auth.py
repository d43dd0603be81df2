"""Lets nobody past the door without a session: pages, uploads, media and the websocket alike."""

from __future__ import annotations

from urllib.parse import urlencode

from anyio import to_thread
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from diary import errors, sessions
from web import cookies, templates
from web.sign_in import SIGN_IN

# What a stranger may have: the door itself, Streamlit's own scripts and styles, and "are you alive".
_OPEN = ("/account/", "/static/", "/_stcore/health", "/favicon")
_NOT_PAGES = ("/_stcore/", "/media/", "/component/", "/app/", "/tracks/")


class AuthMiddleware:
    """Pure ASGI; sees a websocket only at its handshake, so ui.py asks again on every run."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or _is_open(scope["path"]):
            return await self._app(scope, receive, send)
        connection = HTTPConnection(scope)
        unusable: errors.DiaryError | None = None
        try:
            if await to_thread.run_sync(sessions.find, connection.cookies.get(cookies.SESSION)):
                return await self._app(scope, receive, send)
        except errors.DiaryError as error:
            unusable = error
        if scope["type"] == "websocket":
            return await WebSocket(scope, receive, send).close(code=1008)
        await _refusal(Request(scope, receive), unusable)(scope, receive, send)


def _is_open(path: str) -> bool:
    # No dot segments: what the routes below would resolve differently is not open.
    return path.startswith(_OPEN) and ".." not in path


def _refusal(request: Request, unusable: errors.DiaryError | None) -> Response:
    path = request.url.path
    if unusable is not None:
        return templates.render(request, "unavailable.html", error=unusable)
    if path.startswith(_NOT_PAGES) or request.method not in ("GET", "HEAD"):
        return PlainTextResponse("Please sign in first.", status_code=401)
    wanted = {} if path == "/" else {"next": path}
    return RedirectResponse(SIGN_IN + (f"?{urlencode(wanted)}" if wanted else ""), status_code=303)
