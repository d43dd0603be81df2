"""The demo's server listens where HARU_ADDRESS says: on the loopback by default."""

from __future__ import annotations

import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from demo import __main__ as command
from demo import build


@pytest.mark.parametrize(("setting", "address"), [("", "127.0.0.1"), ("::", "::")])
def test_the_demo_listens_where_the_setting_says(monkeypatch: pytest.MonkeyPatch, setting: str, address: str) -> None:
    started: list[list[str]] = []

    def popen(arguments: list[str], cwd: object) -> SimpleNamespace:
        started.append(arguments)
        return SimpleNamespace(wait=lambda timeout=None: 0, terminate=lambda: None)

    monkeypatch.setenv("HARU_ADDRESS", setting)
    monkeypatch.setenv("HARU_DATA", "")  # the command sets both: this puts them back
    monkeypatch.setenv("HARU_SIGN_UP", "")
    monkeypatch.setattr(sys, "argv", ["haru-demo", "--port", "8600", "--language", "en"])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(build, "build", lambda language: None)
    monkeypatch.setattr(subprocess, "Popen", popen)
    assert command.main() == 0
    assert [part for part in started[0] if "address" in part] == [f"--server.address={address}"]
