"""A browser without JavaScript that talks to the real app over HTTP."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from html import unescape
from pathlib import Path

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient
from streamlit.runtime.runtime import Runtime

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


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The real app, started once: Streamlit allows one runtime a process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARU_DATA", str(tmp_path_factory.mktemp("web")))
        import app
        from reminders import sender

        patch.setattr(sender, "_INTERVAL", 24 * 3600.0)  # the tests take the database away from under it
        with ExitStack() as running:
            client = TestClient(app.app, base_url="http://localhost")
            with pytest.MonkeyPatch.context() as at_start:
                # These tests use no model: this saves some seconds of both cores (but see tests/web/test_loading.py).
                at_start.setattr(app, "load_models", lambda stopping: None)
                running.enter_context(client)
            yield client


@pytest.fixture(scope="session")
def runtime(served: TestClient) -> Runtime:
    """The runtime that the app started."""
    return Runtime.instance()


@pytest.fixture
def running(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the app's runtime back: an AppTest in the same process leaves none behind."""
    monkeypatch.setattr(Runtime, "_instance", runtime)


@pytest.fixture
def browser(served: TestClient, running: None, data_folder: Path, quick_argon2: None) -> Browser:
    return Browser(served)


@pytest.fixture
def other_browser(served: TestClient, running: None, data_folder: Path, quick_argon2: None) -> Browser:
    return Browser(served)
