"""Uploads: the largest file of each page comes through, and what they hold in memory has a limit."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send
from streamlit.runtime import get_instance

from components import uploads
from tests import asynchronous
from tests.web.conftest import Browser
from web import streamlit_private
from web import uploads as limits

BOUNDARY = "a-boundary-that-is-in-no-file"


def in_a_form(content: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{"n" * 250}.zip"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.mark.parametrize(
    ("megabytes", "status"), [(uploads.DIARY, 204), (uploads.MUSIC, 204), (uploads.SERVER + 1, 413)]
)
def test_the_largest_file_that_a_page_takes(served: TestClient, browser: Browser, megabytes: int, status: int) -> None:
    browser.sign_up()
    browser.get("/_stcore/health")  # brings the token that an upload has to send back
    token = browser.cookies["_streamlit_xsrf"]
    cookie = f"haru_session={browser.session}; _streamlit_xsrf={token}"
    headers = {"cookie": cookie, "host": "localhost", "origin": "http://localhost"}
    runtime = get_instance()
    before = streamlit_private.open_session_ids()
    with served.websocket_connect("/_stcore/stream", headers=headers, subprotocols=["streamlit"]):
        (tab,) = streamlit_private.open_session_ids() - before
        answer = browser.ask(
            "PUT",
            f"/_stcore/upload_file/{tab}/1",
            content=in_a_form(bytes(megabytes * 2**20)),
            headers={"X-Xsrftoken": token, "content-type": f"multipart/form-data; boundary={BOUNDARY}"},
        )
        assert answer.status_code == status
        kept = runtime.uploaded_file_mgr.get_files(tab, ["1"])
        assert [len(file.data) for file in kept] == ([megabytes * 2**20] if status == 204 else [])
        runtime.uploaded_file_mgr.remove_session_files(tab)


@pytest.fixture
def tab(served: TestClient, browser: Browser) -> Iterator[str]:
    browser.sign_up()
    browser.get("/_stcore/health")
    cookie = f"haru_session={browser.session}"
    headers = {"cookie": cookie, "host": "localhost", "origin": "http://localhost"}
    before = streamlit_private.open_session_ids()
    with served.websocket_connect("/_stcore/stream", headers=headers, subprotocols=["streamlit"]):
        (opened,) = streamlit_private.open_session_ids() - before
        yield opened
        get_instance().uploaded_file_mgr.remove_session_files(opened)


def put(browser: Browser, tab: str, file_id: str, content: bytes) -> int:
    headers = {
        "X-Xsrftoken": browser.cookies["_streamlit_xsrf"],
        "content-type": f"multipart/form-data; boundary={BOUNDARY}",
    }
    path = f"/_stcore/upload_file/{tab}/{file_id}"
    return browser.ask("PUT", path, content=in_a_form(content), headers=headers).status_code


@pytest.mark.parametrize(("limit", "status"), [("OF_ONE", 413), ("OF_ALL", 503)])
def test_what_uploads_hold_has_a_limit(
    browser: Browser, tab: str, limit: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever names the browser gives them: no page need ever have asked for a file."""
    held = sum(streamlit_private.uploaded_bytes("nobody"))
    monkeypatch.setattr(limits, limit, held + 3_000_000)
    assert [put(browser, tab, f"made-up-{number}", bytes(1_000_000)) for number in range(4)] == [
        204,
        204,
        status,
        status,
    ]
    get_instance().uploaded_file_mgr.remove_file(tab, "made-up-0")
    assert put(browser, tab, "made-up-5", bytes(900_000)) == 204


def test_uploads_that_are_still_arriving_count_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred that come slowly would otherwise all begin."""
    monkeypatch.setattr(streamlit_private, "uploaded_bytes", lambda session: (0, 0))
    monkeypatch.setattr(limits, "OF_ONE", 300)
    answered = []

    async def act() -> None:
        going = asyncio.Event()

        async def streamlit(_scope: Scope, _receive: Receive, _send: Send) -> None:
            await going.wait()

        server = limits.UploadLimitsMiddleware(streamlit)

        async def ask(length: bytes) -> None:
            headers = [(b"content-length", length)] if length else []
            scope = {"type": "http", "method": "PUT", "path": "/_stcore/upload_file/a/b", "headers": headers}

            async def send(message: Message) -> None:
                answered.append(message.get("status"))

            async def receive() -> Message:
                return {"type": "http.disconnect"}

            await server(scope | {"haru.session": "one"}, receive, send)

        arriving = [asyncio.create_task(ask(b"100")) for _ in range(3)]
        await asyncio.sleep(0)
        await ask(b"100")
        await ask(b"")  # of any length
        going.set()
        await asyncio.gather(*arriving)
        await ask(b"300")

    asynchronous.run(act())
    assert [status for status in answered if status] == [413, 413]


def test_no_upload_reaches_the_disk(browser: Browser, tab: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *_, **__: written.append("on the disk"))
    assert put(browser, tab, "1", bytes(3_000_000)) == 204
    assert written == []
