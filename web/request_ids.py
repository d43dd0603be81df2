"""A number for each request: in its lines of the log, in its answer, and on an error page, for a person to quote."""

from __future__ import annotations

import ipaddress
import re
import secrets
from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import settings

HEADER = "X-Request-ID"
current: ContextVar[str] = ContextVar("request_id", default="")
"""The number of the request that this task or thread answers; empty for all else."""
_HARMLESS = re.compile(r"[A-Za-z0-9_-]{8,64}")


def new() -> str:
    return secrets.token_hex(8)


class RequestIdMiddleware:
    """Pure ASGI middleware, the first of all: what runs inside of it, in threads too, finds the number in `current`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._proxies = [ipaddress.ip_network(each.strip()) for each in settings.FORWARDED_ALLOW_IPS.get().split(",")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        number = self._proxys(scope) or new()

        async def send_with_number(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = number
            await send(message)

        before = current.set(number)
        try:
            await self._app(scope, receive, send_with_number)
        finally:
            current.reset(before)

    def _proxys(self, scope: Scope) -> str | None:
        """The number that the proxy gave, if it is one of the operator's and the number cannot be anything else."""
        given = Headers(scope=scope).get(HEADER, "")
        return given if _HARMLESS.fullmatch(given) and self._is_from_proxy(scope["client"]) else None

    def _is_from_proxy(self, client: tuple[str, int] | None) -> bool:
        if client is None:
            return False
        address, port = client
        # uvicorn puts the visitor's address in place of a trusted proxy's, without a port. No connection has port 0.
        if port == 0:
            return True
        try:
            return any(ipaddress.ip_address(address) in network for network in self._proxies)
        except ValueError:
            return False
