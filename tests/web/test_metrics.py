"""What a scraper reads: for who has the token, and with nothing of anybody in it."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import HTTPConnection

import app
import counters
from diary import database, errors, sessions
from reading import Refusal
from tests import asynchronous
from tests.web.conftest import Browser
from web import metrics, observed, password_queue

TOKEN = "a token of the operator's".replace(" ", "-")
MARK = "heffalump"


@pytest.fixture
def with_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_METRICS_TOKEN", TOKEN)


def families(browser: Browser) -> dict[str, Metric]:
    answer = browser.get(metrics.PATH, headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.headers["cache-control"] == "no-store"
    return {family.name: family for family in text_string_to_metric_families(answer.text)}


def value(name: str, **labels: str) -> float:
    return counters.REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize(
    "authorization", ["", TOKEN, f"Basic {TOKEN}", "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x", "Bearer \xff"]
)
def test_nobody_else_gets_them(browser: Browser, with_token: None, authorization: str) -> None:
    for _ in ("a stranger", "a signed-in person"):
        answer = browser.get(metrics.PATH, headers={"authorization": authorization.encode("latin-1")})
        assert answer.status_code == 404
        assert "haru_" not in answer.text
        browser.sign_up()


@pytest.mark.parametrize("authorization", ["Bearer ", "Bearer", "", f"Bearer {TOKEN}"])
def test_without_a_setting_there_are_none(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, authorization: str
) -> None:
    monkeypatch.delenv("HARU_METRICS_TOKEN", raising=False)
    assert browser.get(metrics.PATH, headers={"authorization": authorization}).status_code == 404


def test_the_token_may_be_in_a_file(browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    monkeypatch.setenv("HARU_METRICS_TOKEN_FILE", str(file))
    assert "haru_requests" in families(browser)


def test_requests_are_counted_by_their_template(browser: Browser, with_token: None) -> None:
    stop = {"method": "GET", "route": "/account/reminders/stop/{token}", "status": "400"}
    before = value("haru_requests_total", **stop), value("haru_request_seconds_count", route=stop["route"])
    browser.get(f"/account/reminders/stop/{MARK}")
    assert value("haru_requests_total", **stop) == before[0] + 1
    assert value("haru_request_seconds_count", route=stop["route"]) == before[1] + 1
    days = value("haru_requests_total", method="GET", route="/days", status="303")
    browser.get("/days")
    assert value("haru_requests_total", method="GET", route="/days", status="303") == days + 1


def test_no_label_holds_what_was_sent(browser: Browser, with_token: None) -> None:
    browser.sign_up(name=MARK)
    for path in (
        *(f"/{MARK}", f"/media/{MARK}.wav", f"/tracks/own/{MARK}", f"/static/{MARK}", f"/_stcore/{MARK}"),
        *(f"/account/{MARK}", f"/account/assets/{MARK}", f"/component/{MARK}/x", f"/api/v1/{MARK}", f"/_stcore/{MARK}"),
    ):
        browser.get(f"{path}?{MARK}={MARK}")
    browser.ask(MARK.upper(), "/")
    found = families(browser)
    assert MARK not in str(found).lower()
    routes = {sample.labels["route"] for sample in found["haru_requests"].samples}
    known = {"other", *observed._PAGES, *observed._PREFIXES, *(route.path for route in app.routes)}
    assert routes <= known
    assert {sample.labels["method"] for sample in found["haru_requests"].samples} <= {*observed._METHODS, "other"}
    of_haru = {name for name in found if not name.startswith("process_")}
    assert all(name.startswith("haru_") for name in of_haru)
    labels = {label for name in of_haru for sample in found[name].samples for label in sample.labels}
    assert labels <= {"method", "route", "status", "le", "recogniser", "outcome", "reason", "logger"}


def test_what_is_looked_up(browser: Browser, with_token: None) -> None:
    browser.sign_up()
    found = families(browser)
    (signed_in,) = found["haru_sessions"].samples
    assert signed_in.value == 1
    (size,) = found["haru_database_bytes"].samples
    assert size.value >= database.path().stat().st_size > 0
    (free,) = found["haru_disk_free_bytes"].samples
    assert 0.5 < free.value / shutil.disk_usage(database.folder()).free < 2


def test_what_cannot_be_looked_up_is_left_out(
    browser: Browser, with_token: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> int:
        raise errors.DatabaseError

    monkeypatch.setattr(sessions, "count_all", fail)
    found = families(browser)
    assert "haru_sessions" not in found
    assert "haru_disk_free_bytes" in found


def test_a_reading_is_counted_with_its_outcome() -> None:
    answers, refusals = (
        value("haru_reading_seconds_count", recogniser="voice", outcome=outcome) for outcome in ("answer", "refusal")
    )
    quiet = value("haru_refusals_total", recogniser="voice", reason="too_quiet")
    assert counters.counted("voice", lambda: "an answer") == "an answer"
    counters.counted("voice", lambda: Refusal("too_quiet", "It is too quiet."))
    assert value("haru_reading_seconds_count", recogniser="voice", outcome="answer") == answers + 1
    assert value("haru_reading_seconds_count", recogniser="voice", outcome="refusal") == refusals + 1
    assert value("haru_refusals_total", recogniser="voice", reason="too_quiet") == quiet + 1


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    counter = counters.ErrorCounter()
    logging.getLogger().addHandler(counter)
    yield logging.getLogger("haru.made-up")
    logging.getLogger().removeHandler(counter)


def test_errors_of_the_log_are_counted(logger: logging.Logger) -> None:
    before = value("haru_errors_total", logger="haru.made-up"), value("haru_errors_total", logger="other")
    logger.error("an error")
    logger.warning("no error")
    logging.getLogger("some.library").error("an error")
    assert value("haru_errors_total", logger="haru.made-up") == before[0] + 1
    assert value("haru_errors_total", logger="other") == before[1] + 1


def test_who_waits_to_hash_a_password_is_counted() -> None:
    hold = threading.Event()

    async def crowd() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(password_queue.AT_ONCE + 3):
                group.start_soon(password_queue.run, HTTPConnection({"type": "http", "client": None}), hold.wait)
            deadline = time.monotonic() + 10
            while value("haru_passwords_waiting") != 3:
                assert time.monotonic() < deadline
                await anyio.sleep(0.01)
            hold.set()

    asynchronous.run(crowd())
    assert value("haru_passwords_waiting") == 0
