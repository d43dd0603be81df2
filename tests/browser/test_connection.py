"""The connection is lost, slow, or to a server that was restarted: no word is lost, and Haru says what happens."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from diary import drafts, sessions
from emotions import BY_KEY
from language import say
from tests.browser.conftest import (
    DATA_FOLDERS,
    PATIENCE,
    PROJECT,
    WITHOUT_MODELS,
    RunningApp,
    open_parts,
    screenshot,
    settle,
    wait_until_healthy,
)
from tests.browser.test_journey import PASSWORD, enter
from web import cookies

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

FAST_3G = {"offline": False, "latency": 560, "downloadThroughput": 180_000, "uploadThroughput": 84_000}
UNSAFE = "textarea[data-haru-unsafe]"


class Server:
    """A server that can be killed, and started again at the same address."""

    def __init__(self, data: Path) -> None:
        self.data = data
        DATA_FOLDERS.append(data)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.start()

    def start(self) -> None:
        log = self.data / "server.log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", WITHOUT_MODELS, "run", "app.py", "--server.port", str(self.port)],
                cwd=PROJECT,
                env=os.environ | {"HARU_DATA": str(self.data), "PYTHONPATH": str(PROJECT)},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        wait_until_healthy(f"{self.url}/_stcore/health", self.process, log)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=PATIENCE / 1000)


@pytest.fixture(scope="module")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("connection"))
    yield running
    running.kill()


@pytest.fixture
def server(one_server: Server) -> Server:
    """One for all tests: each of them kills it and starts it again, and one that failed may have left it dead."""
    if one_server.process.poll() is not None:
        one_server.start()
    return one_server


def visitor(chromium: Browser, url: str, language: str, width: int, name: str, part: str = "line") -> Page:
    """A new person on Today, with the note open, who knows the password."""
    context = chromium.new_context(
        base_url=url,
        locale={"ko": "ko-KR", "en": "en-US"}[language],
        viewport={"width": width, "height": 844},
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/account/sign-up")
    enter(page, lambda key, **values: say(language, key, **values), name)
    open_parts(page, language, part)
    return page


def test_the_server_is_killed_while_a_person_types(chromium: Browser, server: Server) -> None:
    language, width = "ko", 390

    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    page = visitor(chromium, server.url, language, width, "Killed")
    note, fear = page.get_by_label(t("entry.note")), page.get_by_role("radio", name=BY_KEY["fear"].name(language))
    fear.click()
    note.press_sequentially("one ")
    expect(page.locator(UNSAFE)).to_have_count(0)
    server.kill()
    said = page.get_by_role("status").filter(has_text=t("connection.lost"))
    expect(said).to_be_visible()
    note.press("End")
    note.press_sequentially("two ")
    expect(note).to_have_value("one two ")
    expect(page.locator(UNSAFE)).to_have_count(1)
    screenshot(page, f"connection-{language}-{width}-lost")
    expect(page.get_by_test_id("stDialog")).to_have_count(0)
    expect(page.get_by_test_id("stConnectionStatus")).to_be_hidden()

    # Closing the tab now would lose words: the browser asks first.
    asked = []

    def stay(dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    with page.expect_event("dialog"):
        page.close(run_before_unload=True)
    assert asked == ["beforeunload"]

    server.start()
    expect(page.get_by_role("status").filter(has_text=t("connection.back"))).to_be_visible()
    note.press("End")
    note.press_sequentially("three")
    expect(page.locator(UNSAFE)).to_have_count(0)
    expect(note).to_have_value("one two three")
    expect(fear).to_be_checked()
    page.reload()
    settle(page)
    expect(note).to_have_value("one two three")
    expect(fear).to_be_checked()
    expect(page.get_by_text(t("draft.restored"))).to_be_visible()
    screenshot(page, f"connection-{language}-{width}-restored")
    page.get_by_role("button", name=t("entry.save"), exact=True).click()
    expect(page.get_by_test_id("stText").get_by_text("one two three")).to_have_count(1)
    page.context.close()


def test_signed_out_meanwhile_with_and_without_unsent_words(chromium: Browser, server: Server) -> None:
    def t(key: str, **values: object) -> str:
        return say("ko", key, **values)

    away = visitor(chromium, server.url, "en", 390, "Away")
    away.get_by_label(say("en", "entry.note")).press_sequentially("kept ")
    expect(away.locator(UNSAFE)).to_have_count(0)
    page = visitor(chromium, server.url, "ko", 390, "Gone")
    note = page.get_by_label(t("entry.note"))
    note.press_sequentially("one ")
    expect(page.locator(UNSAFE)).to_have_count(0)
    server.kill()
    expect(page.get_by_role("status").filter(has_text=t("connection.lost"))).to_be_visible()
    note.press_sequentially("two")
    expect(page.locator(UNSAFE)).to_have_count(1)
    expect(away.get_by_role("status").filter(has_text=say("en", "connection.lost"))).to_be_visible()
    for context in (away.context, page.context):
        context.clear_cookies()
    server.start()
    expect(away).to_have_url(f"{server.url}/account/sign-in")  # nothing is unsent
    away.context.close()
    expect(page.get_by_role("status").filter(has_text=t("connection.ended"))).to_be_visible()
    screenshot(page, "connection-ko-390-ended")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=t("session.sign_in_again")).click()
    other = opened.value
    other.get_by_label(t("sign_in.name"), exact=True).fill("Gone")
    other.get_by_label(t("sign_in.password"), exact=True).fill(PASSWORD)
    other.get_by_role("button", name=t("sign_in.sign_in"), exact=True).click()
    settle(other)
    expect(page.get_by_role("status").filter(has_text=t("connection.ended"))).to_have_count(0)
    expect(page.locator(UNSAFE)).to_have_count(0)
    expect(note).to_have_value("one two")
    other.reload()
    expect(other.get_by_label(t("entry.note"))).to_have_value("one two")
    page.context.close()


def test_a_long_sentence_without_a_pause_on_a_slow_line(
    open_page: Callable[..., Page], running_app: RunningApp
) -> None:
    page = open_page("en", 390, person="Slow")
    open_parts(page, "en", "line")  # until the field is visible, keys would go to the chip
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", FAST_3G)
    note = page.get_by_label(say("en", "entry.note"))
    written = "a long breath " * 4
    note.press_sequentially(written, delay=80)  # about five seconds, and no pause in them
    token = next(found["value"] for found in page.context.cookies() if found["name"].endswith(cookies.SESSION))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARU_DATA", str(running_app.data))
        session = sessions.find(token)
        assert session is not None
        stored = drafts.load(session)
    assert stored is not None  # already while typing
    assert len(stored.content["fields"]["note"]) > 20
    page.reload()
    settle(page)
    expect(note).to_have_value(written)
