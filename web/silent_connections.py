"""Closes connections that say nothing, and logs once that no more can be accepted.

uvicorn waits forever for the rest of a request. So a thousand connections that send half a line would use up the files
that the process may open, and keep everybody out. asyncio accepts all waiting connections before it looks at any of
them. Without a free file it fails, and says so, 2,048 times for each one that waits.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None

log = logging.getLogger("haru.connections")

HEADERS_WITHIN = 20.0
"""Seconds in which the first lines of a request must have come."""
BODY_PAUSE = 60.0
"""Seconds without a byte of a request's body."""
_SWEEP = 2.0
_FILES_WANTED = 65_536
_LOG_AGAIN_AFTER = 60.0


@dataclass
class _Unfinished:
    """A request that is still on its way: a new connection has one before its first byte."""

    cycle_before: object
    """uvicorn's object of the request before, if there was one on this connection."""
    begun: float
    heard: float


class SilentConnections:
    """Watches the connections of uvicorn's HTTP protocol, which `most` unfinished requests may share.

    Beyond them the oldest is closed: whoever sends a whole request needs a place for milliseconds only.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._unfinished: dict[Any, _Unfinished] = {}

    def made(self, protocol: Any) -> None:
        now = time.monotonic()
        self._unfinished[protocol] = _Unfinished(protocol.cycle, now, now)
        if len(self._unfinished) > self._most:
            self._close(next(iter(self._unfinished)))

    def receiving(self, protocol: Any) -> None:
        """Before uvicorn has seen what was received."""
        now = time.monotonic()
        if request := self._unfinished.get(protocol):
            request.heard = now
        elif protocol.cycle is None or protocol.cycle.response_complete:
            self._unfinished[protocol] = _Unfinished(protocol.cycle, now, now)

    def received(self, protocol: Any) -> None:
        """After uvicorn has seen it."""
        request = self._unfinished.get(protocol)
        if request is None:
            return
        is_whole = protocol.cycle is not request.cycle_before and not protocol.cycle.more_body
        # After its handshake, a websocket belongs to another protocol.
        if is_whole or protocol.transport.get_protocol() is not protocol:
            self.lost(protocol)

    def lost(self, protocol: Any) -> None:
        self._unfinished.pop(protocol, None)

    def close_silent(self) -> None:
        now = time.monotonic()
        for protocol, request in list(self._unfinished.items()):
            if protocol.cycle is request.cycle_before:
                is_silent = now - request.begun > HEADERS_WITHIN
            else:
                is_silent = now - request.heard > BODY_PAUSE and not protocol.flow.read_paused
            if is_silent:
                self._close(protocol)

    def _close(self, protocol: Any) -> None:
        self.lost(protocol)
        protocol.transport.abort()


@asynccontextmanager
async def closing() -> AsyncIterator[None]:
    """Closes silent connections of the running server, and raises the number of files that it may open."""
    silent = SilentConnections(most=max(64, min(1024, _raise_file_limit() // 2)))
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_QuietHandler())
    _accept_one_by_one(loop)
    originals = _watch(silent)
    sweeping = asyncio.create_task(_sweep(silent))
    try:
        yield
    finally:
        sweeping.cancel()
        for name, original in originals.items():
            setattr(AutoHTTPProtocol, name, original)
        del loop.create_server
        loop.set_exception_handler(None)


def _accept_one_by_one(loop: asyncio.AbstractEventLoop) -> None:
    """Makes servers that the loop starts from now on accept one connection at a time.

    So the oldest unfinished request is closed before the next connection needs a file. `backlog` is for asyncio both
    the length of the system's queue and the number of connections to accept at once: the queue gets its length back.
    """
    create_server = loop.create_server

    async def create(protocol_factory: Any, *arguments: Any, **options: Any) -> asyncio.Server:
        listening, length = options.get("sock"), options.get("backlog", 100)
        if listening is None:
            return await create_server(protocol_factory, *arguments, **options)
        server = await create_server(protocol_factory, *arguments, **options | {"backlog": 1})
        listening.listen(length)
        return server

    setattr(loop, create_server.__name__, create)


def _watch(silent: SilentConnections) -> dict[str, Any]:
    """Follows the methods of asyncio's protocol interface; returns the originals."""
    protocol_class: Any = AutoHTTPProtocol
    made, received, lost = (
        protocol_class.connection_made,
        protocol_class.data_received,
        protocol_class.connection_lost,
    )

    def connection_made(self: Any, transport: asyncio.Transport) -> None:
        made(self, transport)
        silent.made(self)

    def data_received(self: Any, data: bytes) -> None:
        silent.receiving(self)
        received(self, data)
        silent.received(self)

    def connection_lost(self: Any, error: Exception | None) -> None:
        silent.lost(self)
        lost(self, error)

    for method in (connection_made, data_received, connection_lost):
        setattr(protocol_class, method.__name__, method)
    return {"connection_made": made, "data_received": received, "connection_lost": lost}


async def _sweep(silent: SilentConnections) -> None:
    while True:
        await asyncio.sleep(_SWEEP)
        silent.close_silent()


def _raise_file_limit() -> int:
    """Raises the soft limit of open files as far as the hard one allows; returns it."""
    if resource is None:
        return 1024
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES_WANTED if hard == resource.RLIM_INFINITY else min(_FILES_WANTED, hard)
    if soft == resource.RLIM_INFINITY:
        return _FILES_WANTED
    if soft >= wanted:
        return soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):
        return soft
    return wanted


class _QuietHandler:
    """asyncio's own handler of errors, which says only once a minute that no connection can be accepted."""

    def __init__(self) -> None:
        self._said_at = -_LOG_AGAIN_AFTER

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not str(context.get("message")).startswith("socket.accept() out of system resource"):
            loop.default_exception_handler(context)
        elif time.monotonic() - self._said_at >= _LOG_AGAIN_AFTER:
            self._said_at = time.monotonic()
            log.error("no connection can be accepted: %s", context.get("exception"))
