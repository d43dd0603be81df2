"""What the log holds: the number of each request, and nothing that a person typed."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from diary import errors, sessions
from language import LANGUAGES, say
from tests.asynchronous import run
from tests.web.conftest import Browser, free_port
from web import logs, request_ids
from web.request_ids import RequestIdMiddleware

PROJECT = Path(__file__).resolve().parents[2]
MARK = "heffalump"
FORMS = ("text", "json")


def written(form: str, record: logging.LogRecord) -> str:
    return logs.handler(form).format(record)


def test_who_sends_rubbish_does_not_fill_the_log() -> None:
    out = io.StringIO()
    handler = logs.handler("text")
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(out)

    def arrives(name: str, level: int, message: str, seconds: float) -> None:
        record = logging.LogRecord(name, level, __file__, 1, message, (), None)
        record.created = seconds
        handler.handle(record)

    for number in range(1000):
        arrives("uvicorn.error", logging.WARNING, "Invalid HTTP request received.", 100 + number / 20)
        arrives("uvicorn.error", logging.WARNING, "Unsupported upgrade request.", 100 + number / 20)
    arrives("uvicorn.error", logging.WARNING, "Invalid HTTP request received.", 161)
    for _ in range(3):
        arrives("uvicorn.error", logging.ERROR, "an error", 162)
        arrives("haru", logging.WARNING, "a warning", 162)
    lines = out.getvalue().splitlines()
    assert [sum(text in line for line in lines) for text in ("Invalid", "Unsupported", "an error", "a warning")] == [
        *(2, 1, 3, 3)
    ]


def failed(error: BaseException) -> logging.LogRecord:
    try:
        raise error
    except BaseException:
        return logging.LogRecord("haru", logging.ERROR, __file__, 1, "it failed", (), sys.exc_info())


@pytest.fixture(params=FORMS)
def log(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that is logged, at every level, but by the tests' own client."""
    out = io.StringIO()
    handler = logs.handler(request.param)
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(out)
    handler.addFilter(lambda record: not record.name.startswith(("httpx", "httpcore")))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.mark.parametrize("form", FORMS)
def test_an_exceptions_text_is_not_written(form: str) -> None:
    cause = ValueError(MARK)
    try:
        raise KeyError(MARK) from cause
    except KeyError as error:
        text = written(form, failed(error))
    assert MARK not in text
    assert "KeyError" in text
    assert "ValueError" in text
    assert "test_logs.py" in text, "where it was raised"


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (OSError(28, "No space left on device", f"/tmp/{MARK}"), "OSError: No space left on device"),  # noqa: S108
        (ImportError("No module named torch"), "ImportError: No module named torch"),
        (errors.NoteTooLong(most=1), "NoteTooLong: note_too_long"),
    ],
)
def test_what_the_machine_says_is(error: Exception, shown: str) -> None:
    text = written("text", failed(error))
    assert shown in text
    assert MARK not in text


def test_a_line_of_json_is_one_object() -> None:
    record = failed(ValueError(MARK))
    record.request = "a-number"
    line = written("json", record)
    assert "\n" not in line
    found = json.loads(line)
    assert (found["level"], found["logger"], found["message"]) == ("error", "haru", "it failed")
    assert (found["error"], found["request"]) == ("ValueError", "a-number")
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+\+00:00", found["time"])


@pytest.mark.parametrize("form", FORMS)
def test_asyncio_writes_no_exception_into_its_message(form: str, log: io.StringIO) -> None:
    async def fail() -> None:
        raise ValueError(MARK)

    async def forget() -> None:
        task = asyncio.ensure_future(fail())
        await asyncio.sleep(0)
        del task

    run(forget())
    assert "never retrieved" in log.getvalue()
    assert MARK not in log.getvalue()


def test_a_failed_thread_writes_none(log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ValueError(MARK)

    monkeypatch.setattr(threading, "excepthook", logs._of_thread)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert "a thread failed" in log.getvalue()
    assert MARK not in log.getvalue()


def test_nothing_that_was_sent_is_written(browser: Browser, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    marked = {"cookie": f"haru_session={MARK}; {MARK}={MARK}", "x-request-id": f"{MARK} {MARK}", "referer": MARK}
    fields = {"name": MARK, "password": MARK, "code": MARK, "born": MARK}
    own = {"origin": "http://localhost", "sec-fetch-site": "same-origin", "accept": "text/html"}

    def ask_all() -> None:
        for path in ("/account/sign-in", "/account/sign-up", "/account/recover", "/account/password"):
            browser.get(f"{path}?next=/{MARK}&{MARK}={MARK}", headers=marked)
            browser.post(path, fields, token=MARK, headers=own)
        browser.get(f"/{MARK}?{MARK}", headers=marked)
        browser.get(f"/account/reminders/stop/{MARK}")
        browser.get(f"/tracks/own/{MARK}")
        browser.ask("POST", "/left-note", json={"form": MARK, "note": MARK}, headers=own)
        browser.ask("POST", "/api/v1/entries", json={"note": MARK}, headers={"authorization": f"Bearer {MARK}"})
        browser.ask("POST", "/account/reminders/renewed", json={"old": MARK, "renewed": {MARK: MARK}})

    def fail(*arguments: object) -> None:
        raise RuntimeError(f"{MARK} {arguments}")

    browser.sign_in(name=MARK, password=MARK)  # the form's own token: the name and the password are looked at
    ask_all()
    browser.sign_up()
    ask_all()
    monkeypatch.setattr(sessions, "find", fail)
    ask_all()
    assert "a request failed" in log.getvalue()
    assert "RuntimeError" in log.getvalue()
    assert MARK not in log.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failure_is_a_page_with_the_number_of_its_line(
    browser: Browser, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(MARK)

    monkeypatch.setattr(sessions, "find", fail)
    answer = browser.get(f"/days?lang={language}", headers={"accept": "text/html"})
    assert answer.status_code == 500
    number = answer.headers["x-request-id"]
    assert say(language, "unexpected.number", number=number) in answer.text
    assert say(language, "unexpected.title") in answer.text
    assert MARK not in answer.text
    assert "Content-Security-Policy" in answer.headers
    (line,) = [line for line in log.getvalue().splitlines() if "a request failed" in line]
    assert number in line
    plain = browser.get("/_stcore/host-config")
    assert plain.headers["content-type"].startswith("text/plain")
    assert plain.headers["x-request-id"] in plain.text


def test_a_page_that_cannot_be_opened_has_the_number_too(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise errors.DatabaseError()

    monkeypatch.setattr(sessions, "find", fail)
    answer = browser.get("/days", headers={"accept-language": "en"})
    assert answer.status_code == 503
    assert say("en", "unexpected.number", number=answer.headers["x-request-id"]) in answer.text
    assert say("en", "unexpected.number", number="")[:-1] not in browser.get("/account/help").text


@pytest.mark.parametrize(
    ("client", "given", "is_taken"),
    [
        (("127.0.0.1", 5000), "abcdef-0123_456", True),
        (("203.0.113.5", 0), "abcdef-0123_456", True),  # as uvicorn writes a visitor behind a trusted proxy
        (("203.0.113.5", 5000), "abcdef-0123_456", False),
        (("testclient", 5000), "abcdef-0123_456", False),
        (None, "abcdef-0123_456", False),
        (("127.0.0.1", 5000), "short", False),
        (("127.0.0.1", 5000), "x" * 65, False),
        (("127.0.0.1", 5000), 'abcdefgh"} {"', False),
        (("127.0.0.1", 5000), "abcdefgh\tijkl", False),
    ],
)
def test_only_the_proxys_harmless_number_is_taken(client: tuple[str, int] | None, given: str, is_taken: bool) -> None:
    async def say_number(_request: Request) -> PlainTextResponse:
        return PlainTextResponse(await asyncio.to_thread(request_ids.current.get))

    app = Starlette(routes=[Route("/", say_number)], middleware=[Middleware(RequestIdMiddleware)])
    asked = TestClient(app, client=client)  # pyright: ignore
    if client is None:

        async def without_client(scope, receive, send):
            await app({**scope, "client": None}, receive, send)

        asked = TestClient(without_client)
    answer = asked.get("/", headers={"x-request-id": given})
    assert answer.headers["x-request-id"] == answer.text
    assert (answer.text == given) is is_taken
    assert re.fullmatch("[0-9a-f]{16}", answer.text) or is_taken
    assert request_ids.current.get() == ""


def test_every_line_of_the_server_is_json(tmp_path: Path) -> None:
    """Also those of uvicorn and Streamlit, and none holds a query."""
    port = free_port()
    settings = {"HARU_DATA": str(tmp_path), "HARU_LOG_FORMAT": "json", "HARU_LOG_LEVEL": "debug"}
    command = [sys.executable, "-m", "web.serve", f"--port={port}"]
    with (tmp_path / "log").open("w+", encoding="utf-8") as out:
        server = subprocess.Popen(command, cwd=PROJECT, env=os.environ | settings, stdout=out, stderr=out)
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/account/sign-in?{MARK}={MARK}", timeout=5).close()
                    break
                except OSError:
                    assert server.poll() is None, (tmp_path / "log").read_text(encoding="utf-8")
                    assert time.monotonic() < deadline
                    time.sleep(0.1)
            handshake = (
                f"GET /_stcore/stream?{MARK}={MARK} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
            )
            for sent, answer in ((handshake, b" 403 "), (f"{MARK}\r\n\r\n", b" 400 ")):
                with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
                    client.sendall(sent.encode())
                    assert answer in client.recv(1000)
        finally:
            server.kill()  # an orderly end would wait for the models
            server.wait(timeout=60)
        lines = [json.loads(line) for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    assert any(line["logger"].startswith("uvicorn") for line in lines)
    assert all({"time", "level", "logger", "message"} <= set(line) for line in lines)
    assert not [line for line in lines if MARK in str(line) or "127.0.0.1" in str(line)]
