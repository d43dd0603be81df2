"""Connections that say nothing, against uvicorn itself on a real port."""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import uvicorn

from web import silent_connections
from web.silent_connections import SilentConnections

PROJECT = Path(__file__).resolve().parents[2]
WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
SLOW = WHOLE.replace(b"/ ", b"/slow ")
HALF = b"GET / HTTP/1.1\r\nHost: loc"
HALF_BODY = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nname=Ji"
WEBSOCKET = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
SOON = 0.4


async def _app(scope: dict, receive: Callable, send: Callable) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await asyncio.sleep(60)
    message = {"more_body": True}
    while message.get("more_body"):
        message = await receive()
    if scope["path"] == "/slow":
        await asyncio.sleep(4 * SOON)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@contextmanager
def serving() -> Iterator[Callable[[bytes], socket.socket]]:
    """A function that opens a connection to the server and sends the bytes."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    server = uvicorn.Server(uvicorn.Config(_app, lifespan="off", log_level="error"))

    async def serve() -> None:
        async with silent_connections.closing():
            await server.serve([listening])

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    with ExitStack() as opened:

        def connect(sent: bytes) -> socket.socket:
            client = opened.enter_context(socket.create_connection(listening.getsockname(), timeout=10))
            client.sendall(sent)
            return client

        try:
            yield connect
        finally:
            server.should_exit = server.force_exit = True
            thread.join(timeout=30)
            listening.close()


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], socket.socket]]:
    monkeypatch.setattr(silent_connections, "HEADERS_WITHIN", SOON)
    monkeypatch.setattr(silent_connections, "BODY_PAUSE", SOON)
    monkeypatch.setattr(silent_connections, "_SWEEP", SOON / 8)
    with serving() as connect:
        yield connect


def is_closed(client: socket.socket) -> bool:
    """Waits for the end of the connection."""
    client.settimeout(6 * SOON)
    try:
        while client.recv(4096):
            pass
    except TimeoutError:
        return False
    except ConnectionResetError:
        pass
    return True


@pytest.mark.parametrize("sent", [b"", HALF, HALF_BODY, HALF_BODY[:-7]])
def test_who_does_not_finish_a_request_is_cut_off(connect: Callable[[bytes], socket.socket], sent: bytes) -> None:
    assert is_closed(connect(sent))


def test_so_is_who_stops_in_the_second_request_of_a_connection(connect: Callable[[bytes], socket.socket]) -> None:
    client = connect(WHOLE)
    answer = b""
    while not answer.endswith(b"ok"):
        answer += client.recv(4096)
    client.sendall(HALF)
    assert is_closed(client)


def test_a_request_that_trickles_in_is_cut_off(connect: Callable[[bytes], socket.socket]) -> None:
    client = connect(b"GET / HTTP/1.1\r\n")
    with pytest.raises(OSError, match=r"pipe|reset"):
        for number in range(40):
            client.sendall(b"X-%d: y\r\n" % number)
            time.sleep(SOON / 4)


def test_a_slow_answer_a_slow_upload_and_a_websocket_stay(connect: Callable[[bytes], socket.socket]) -> None:
    slow, upload, websocket = connect(SLOW), connect(HALF_BODY), connect(WEBSOCKET)
    for _ in range(12):
        upload.sendall(b"x")
        time.sleep(SOON / 4)
    upload.sendall(b"x" * 81)
    assert slow.recv(4096).startswith(b"HTTP/1.1 200")
    assert upload.recv(4096).startswith(b"HTTP/1.1 200")
    assert websocket.recv(4096).startswith(b"HTTP/1.1 101")
    websocket.settimeout(SOON)
    with pytest.raises(TimeoutError):
        websocket.recv(4096)


def test_a_crowd_of_silent_connections_keeps_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silent_connections, "_raise_file_limit", lambda: 128)
    with serving() as connect:
        silent = [connect(HALF) for _ in range(100)]
        assert connect(WHOLE).recv(4096).startswith(b"HTTP/1.1 200")
        closed = [is_closed(client) for client in silent[:3]]
        assert closed == [True] * 3, "the oldest ones"
        silent[-1].sendall(b"alhost\r\n\r\n")
        assert silent[-1].recv(4096).startswith(b"HTTP/1.1 200"), "the newest one"


CROWDED = """
import asyncio, resource, socket, sys, uvicorn
sys.path.insert(0, {project!r})
from tests.web.test_silent_connections import _app
from web import silent_connections

resource.setrlimit(resource.RLIMIT_NOFILE, (160, 160))

async def serve():
    async with silent_connections.closing():
        await uvicorn.Server(uvicorn.Config(_app, lifespan="off", log_level="error")).serve([listening])

listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
print(listening.getsockname()[1], flush=True)
asyncio.run(serve())
"""


@pytest.mark.skipif(silent_connections.resource is None, reason="Windows has no limit of open files")
def test_more_silent_connections_than_files_keep_nobody_out_and_fill_no_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", CROWDED.format(project=str(PROJECT))]
    with log.open("wb") as errors, ExitStack() as opened:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, cwd=PROJECT)
        opened.callback(server.wait)
        opened.callback(server.terminate)
        assert server.stdout is not None
        address = ("127.0.0.1", int(opened.enter_context(server.stdout).readline()))
        for _ in range(300):
            opened.enter_context(socket.create_connection(address, timeout=20)).sendall(HALF)
        client = opened.enter_context(socket.create_connection(address, timeout=20))
        client.sendall(WHOLE)
        assert client.recv(4096).startswith(b"HTTP/1.1 200")
    assert log.stat().st_size < 2000


def test_afterwards_uvicorn_is_as_before() -> None:
    methods = ("connection_made", "data_received", "connection_lost")
    before = [getattr(silent_connections.AutoHTTPProtocol, name) for name in methods]
    with serving() as connect:
        assert connect(WHOLE).recv(4096)
        assert silent_connections.AutoHTTPProtocol.data_received not in before
    assert [getattr(silent_connections.AutoHTTPProtocol, name) for name in methods] == before


def test_the_log_says_once_that_no_connection_can_be_accepted(caplog: pytest.LogCaptureFixture) -> None:
    handler, loop = silent_connections._QuietHandler(), asyncio.new_event_loop()
    refused = {"message": "socket.accept() out of system resource", "exception": OSError(24, "Too many open files")}
    with caplog.at_level(logging.INFO):
        for _ in range(2048):
            handler(loop, refused)
        assert [record.getMessage() for record in caplog.records] == [
            "no connection can be accepted: [Errno 24] Too many open files"
        ]
        handler(loop, {"message": "something else", "exception": OSError()})
    assert caplog.records[-1].name == "asyncio"
    loop.close()


def test_nothing_is_left_of_closed_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[SilentConnections] = []
    init = SilentConnections.__init__
    monkeypatch.setattr(SilentConnections, "__init__", lambda self, most: (init(self, most), kept.append(self))[0])
    with serving() as connect:
        for sent in (b"", HALF, WHOLE, HALF_BODY, WEBSOCKET):
            client = connect(sent)
            time.sleep(0.05)
            client.close()
        deadline = time.monotonic() + 10
        while kept[0]._unfinished and time.monotonic() < deadline:
            time.sleep(0.05)
        assert kept[0]._unfinished == {}
