"""Where the server listens: on the loopback, unless HARU_ADDRESS opens it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from tests import asynchronous
from tests.web.conftest import free_port
from web import serve

PROJECT = Path(__file__).resolve().parents[2]
# Without make and without the command: Streamlit's own settings file must be as careful.
STARTS = {"haru": ["web.serve", "--port={port}"], "streamlit": ["streamlit", "run", "app.py", "--server.port={port}"]}


def answers(address: str, port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(5)
        return client.connect_ex((address, port)) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives the loopback 127.0.0.2 too")
@pytest.mark.parametrize(
    ("start", "opened", "elsewhere"),
    [("haru", "", False), ("haru", "0.0.0.0", True), ("streamlit", "", False)],  # noqa: S104
)
def test_only_this_machine_is_answered_unless_the_setting_opens_it(
    start: str, opened: str, elsewhere: bool, tmp_path: Path
) -> None:
    port = free_port()
    command = [sys.executable, "-m", *(part.format(port=port) for part in STARTS[start])]
    environment = os.environ | {"HARU_DATA": str(tmp_path), "HARU_ADDRESS": opened}
    with subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            deadline = time.monotonic() + 60
            while not answers("127.0.0.1", port):
                assert server.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.1)
            # A server on every address answers here, one on 127.0.0.1 does not.
            assert answers("127.0.0.2", port) is elsewhere
        finally:
            server.kill()  # otherwise it ends only once its models are loaded


@pytest.mark.parametrize(
    ("peer", "seen"),
    [
        ("172.30.84.2", "203.0.113.5"),
        ("::ffff:172.30.84.2", "203.0.113.5"),
        ("::ffff:10.1.2.3", "203.0.113.5"),
        ("fd00::1", "203.0.113.5"),
        ("::ffff:172.30.84.3", "::ffff:172.30.84.3"),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.9"),
    ],
)
def test_the_proxy_is_known_also_where_one_socket_serves_ipv4_and_ipv6(
    peer: str, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "172.30.84.2, 10.0.0.0/8,fd00::/8")
    monkeypatch.setenv("OPENCV_LOG_LEVEL", "ERROR")
    monkeypatch.setattr(os, "execv", lambda *_: None)
    serve.main([])
    answered: list[str] = []

    async def app(scope: dict, receive: object, send: object) -> None:
        answered.append(scope["client"][0])

    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", b"203.0.113.5")]}
    asynchronous.run(ProxyHeadersMiddleware(app, os.environ["FORWARDED_ALLOW_IPS"])(scope, None, None))
    assert answered == [seen]
