"""Refuses requests without a session, or of a locked one: pages, uploads, media and the websocket."""

from __future__ import annotations

from urllib.parse import urlencode

from anyio import to_thread
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from diary import errors, sessions
from web import cookies, templates
from web.sign_in import LOCKED, SIGN_IN

# Served without a session: the sign-in pages, Streamlit's scripts and styles, the service
# worker (a browser fetches it at any time), the health check, and the API, which checks a token in place of the cookie.
_PUBLIC = ("/account/", "/api/", "/static/", "/_stcore/health", "/favicon", "/service-worker")
_NOT_PAGES = ("/_stcore/", "/media/", "/component/", "/app/", "/tracks/")


class AuthMiddleware:
    """Pure ASGI middleware. It sees a websocket only at its handshake, so ui.py checks the session on every run."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or _is_public(scope["path"]):
            return await self._app(scope, receive, send)
        connection = HTTPConnection(scope)
        token = connection.cookies.get(cookies.SESSION)
        refused: errors.DiaryError | None = None
        is_locked = False
        try:
            if found := await to_thread.run_sync(_find, token):
                return await self._app({**scope, **found}, receive, send)
            is_locked = await to_thread.run_sync(sessions.find_locked, token) is not None
        except errors.DiaryError as error:
            refused = error
        if scope["type"] == "websocket":
            return await WebSocket(scope, receive, send).close(code=1008)
        await _refusal(Request(scope, receive), refused, is_locked)(scope, receive, send)


def _find(token: object) -> dict[str, str] | None:
    """What the HTML page (web/index_page.py) and the gate of tabs (web/tab_gate.py) need to know of a session.

    Not the session itself: a websocket's coroutine would hold its key as long as the tab is open.
    """
    session = sessions.find(token)
    return {"haru.language": session.language, "haru.session": session.token_hash} if session else None


def _is_public(path: str) -> bool:
    # The routes may resolve a path with dot segments differently, so it is not public.
    return path.startswith(_PUBLIC) and ".." not in path


def _refusal(request: Request, error: errors.DiaryError | None, is_locked: bool) -> Response:
    path = request.url.path
    is_page = not path.startswith(_NOT_PAGES) and request.method in ("GET", "HEAD")
    if isinstance(error, errors.AccountLocked):
        if is_page:
            return templates.render(request, "account_locked.html", error=error)
        return PlainTextResponse("This account is locked. Ask the person who runs this server.", status_code=403)
    if error is not None:
        return templates.render(request, "unavailable.html", error=error)
    if not is_page:
        if is_locked:
            return PlainTextResponse("Please unlock Haru first.", status_code=423)
        return PlainTextResponse("Please sign in first.", status_code=401)
    wanted = {} if path == "/" else {"next": path}
    page = LOCKED if is_locked else SIGN_IN
    return RedirectResponse(page + (f"?{urlencode(wanted)}" if wanted else ""), status_code=303)
