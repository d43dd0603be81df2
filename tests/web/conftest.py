"""A browser without JavaScript that talks to the real app over HTTP."""

from __future__ import annotations

import re
import socket
from html import unescape
from pathlib import Path

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from tests.conftest import PASSWORD

SIGN_UP = {
    "name": "Jiwoo",
    "password": PASSWORD,
    "born": "1995",
    "allow_diary": "yes",
}


class Browser:
    """Keeps cookies and fills in the form's token; follows no redirect."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self.cookies = type(client.cookies)()

    def get(self, path: str, **options) -> httpx.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, fields: dict[str, str], *, token: str | None = None, **options) -> httpx.Response:
        if token is None:
            token = form_token(self.get(path).text)
        return self.ask("POST", path, data={"form_token": token, **fields}, **options)

    def ask(self, method: str, path: str, **options) -> httpx.Response:
        self._client.cookies = self.cookies
        answer = self._client.request(method, path, follow_redirects=False, **options)
        self.cookies = self._client.cookies
        return answer

    def sign_up(self, **changes: str) -> httpx.Response:
        return self.post("/account/sign-up", SIGN_UP | changes)

    def sign_in(self, name: str = "Jiwoo", password: str = PASSWORD, path: str = "/account/sign-in") -> httpx.Response:
        return self.post(path, {"name": name, "password": password})

    @property
    def session(self) -> str | None:
        return self.cookies.get("haru_session")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def form_token(html: str) -> str:
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', html)
    assert found, html
    return found[1]


def alert(answer: httpx.Response) -> str | None:
    found = re.search(r'role="alert">([^<]*)<', answer.text)
    return unescape(found[1]) if found else None


@pytest.fixture
def browser(served: TestClient, running: None, data_folder: Path, quick_argon2: None) -> Browser:
    return Browser(served)


@pytest.fixture
def other_browser(served: TestClient, running: None, data_folder: Path, quick_argon2: None) -> Browser:
    return Browser(served)
