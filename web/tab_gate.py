"""Lets a signed-in browser reach only what the tabs of its own session made: uploads, media and downloads.

A tab is a session of Streamlit's, which knows no person: its addresses answer everybody who has them.
"""

from __future__ import annotations

import re
from collections import Counter

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from diary import errors, sessions
from web import cookies, origins, streamlit_private

_STREAMLIT = "/_stcore/"
# All else below it tells of the whole server, such as its metrics, or is switched off.
_FOR_ALL_SESSIONS = ("/_stcore/health", "/_stcore/host-config", "/_stcore/bidi-components/")
TABS_MAX = 40
"""Open at once in one browser. Each takes memory and a file of the process: a thousand would keep everybody out."""
_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+")


class TabGateMiddleware:
    """Pure ASGI middleware behind AuthMiddleware, which has found the session before."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = scope.get("haru.session")
        if session is None:  # what AuthMiddleware serves without one
            return await self._app(scope, receive, send)
        streamlit_private.session_asking.set(session)
        if scope["type"] == "websocket":
            return await self._serve_tab(scope, receive, send)
        if not _may_reach(scope["path"], session):
            return await PlainTextResponse("There is nothing here.", status_code=404)(scope, receive, send)
        await self._app(scope, receive, send)

    async def _serve_tab(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Opens a websocket for a page of Haru, and passes on the messages that concern that page only."""
        if origins.sender(Headers(scope=scope)) == "other":
            return await WebSocket(scope, receive, send).close(code=1008)
        session = scope["haru.session"]
        if self._open[session] >= TABS_MAX:
            return await WebSocket(scope, receive, send).close(code=1013)
        token = HTTPConnection(scope).cookies.get(cookies.SESSION)

        async def receive_own() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                asked = streamlit_private.asked(message.get("bytes") or b"")
                if asked == "download" and not await to_thread.run_sync(_is_signed_in, token):
                    return {**message, "bytes": streamlit_private.RUN_AGAIN}  # the page then leads to sign-in
                if asked is not None:
                    return message

        headers = streamlit_private.with_session(scope["headers"], session)
        self._open[session] += 1
        try:
            await self._app({**scope, "headers": headers}, receive_own, send)
        finally:
            self._open[session] -= 1
            if not self._open[session]:
                del self._open[session]


def _may_reach(path: str, session: str) -> bool:
    if not path.startswith(_STREAMLIT) or path.startswith(_FOR_ALL_SESSIONS):
        return True
    upload = _UPLOAD.fullmatch(path)
    return upload is not None and streamlit_private.is_tab_of(upload[1], session)


def _is_signed_in(token: object) -> bool:
    try:
        return sessions.find(token) is not None
    except errors.DiaryError:
        return False
