"""Answers a request whose code failed with a page of Haru's own, and logs where it failed."""

from __future__ import annotations

import logging

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import request_ids, templates

log = logging.getLogger("haru.web")


class UnexpectedErrorMiddleware:
    """Pure ASGI middleware. Without it the person would read "Internal Server Error", and no number to quote."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except ClientDisconnect:
            raise  # nobody is left to answer (web/broken_off.py)
        except Exception as error:
            if scope["type"] != "http":
                raise
            # The formatter writes the type and the stack, and not the message: it may hold diary text (web/logs.py).
            log.error("a request failed", exc_info=error)
            if has_begun:
                raise
            await _page(Request(scope, receive))(scope, receive, send)


def _page(request: Request) -> Response:
    if "text/html" in Headers(scope=request.scope).get("accept", ""):
        return templates.render(request, "unexpected.html", status=500)
    return PlainTextResponse(f"Something went wrong: {request_ids.current.get()}", status_code=500)
