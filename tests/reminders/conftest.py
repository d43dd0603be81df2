from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reminders import public_https
from tests.reminders import push_service
from tests.reminders.mail_server import MailServer
from tests.reminders.mail_server import start as start_mail_server
from tests.reminders.push_service import HOST, PushService


@pytest.fixture
def service(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    """A push service that Haru takes for one of the internet: its name, its port and its certificate."""
    folder: Path = tmp_path_factory.mktemp("push")
    service, server, trusting = push_service.start(folder)
    resolve = socket.getaddrinfo

    def look_up(host: str, *arguments: object, **options: object) -> list:
        return resolve("127.0.0.1" if host == HOST else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(public_https, "PORT", service.port)
    monkeypatch.setattr(public_https, "_tls", lambda: trusting)
    monkeypatch.setattr(public_https, "is_public", lambda address: address == "127.0.0.1")
    yield service
    server.shutdown()
    server.server_close()


class Clock:
    """A clock that a test sets, in UTC."""

    def __init__(self, *moment: int) -> None:
        self.now = datetime(*moment, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def set(self, *moment: int) -> None:
        self.now = datetime(*moment, tzinfo=UTC)


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server that the operator has set."""
    server, listening = start_mail_server()
    monkeypatch.setenv("HARU_SMTP_URL", f"smtp://localhost:{server.port}")
    monkeypatch.setenv("HARU_SMTP_FROM", "Haru <haru@example.org>")
    monkeypatch.setenv("HARU_PUBLIC_URL", "https://diary.example.org")
    yield server
    listening.shutdown()
    listening.server_close()
