"""Where the server listens: on the loopback, unless HARU_ADDRESS opens it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.web.conftest import free_port

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
