"""Uses the whole demo, from sign-in to reset, in a network namespace that has only a loopback device.

python -m tests.demo.offline LANGUAGE      prints "everything worked" at the end
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from components.demo.route import ROUTE
from emotions import BY_KEY
from language import say
from tests.browser.conftest import CHROMIUM, open_parts, settle

PROJECT = Path(__file__).resolve().parents[2]
expect.set_options(timeout=90_000)
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1


def loopback_up() -> None:
    """Switches on the loopback device, the only device of a new namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        flags = struct.unpack("16sh", fcntl.ioctl(any_socket, _GET_FLAGS, struct.pack("16sh", b"lo", 0)))[1]
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh", b"lo", flags | _UP))


def is_offline() -> bool:
    with socket.socket() as connection:
        connection.settimeout(3)
        try:
            connection.connect(("1.1.1.1", 443))
        except OSError:
            return True
    return False


def visit(page: Page, url: str, language: str) -> None:
    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    # One click signs in and shows the banner.
    page.goto(url)
    page.get_by_role("button", name=t("demo.come_in")).click()
    expect(page.get_by_text(t("demo.banner"))).to_be_visible()
    expect(page.get_by_role("button", name=t("tour.skip"))).to_have_count(0)

    # "?" opens the guide, which says what works without a microphone.
    settle(page)
    page.locator("body").press("?")
    expect(page.get_by_role("dialog").get_by_text(t("demo.without"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    # The strip walks to the day of the story and back, by the keyboard; in a field, the arrow keys move the caret.
    strip = page.locator(".haru-strip")
    for number in range(2, 5):
        settle(page)
        page.locator("body").press("ArrowRight")
        expect(strip).to_contain_text(f"{number}/{len(ROUTE)}")
    expect(page).to_have_url(re.compile(r"/days\?day=[0-9-]+$"))
    note = {"ko": "진짜 내 이름이다!", "en": "That is really my name!"}[language]
    expect(page.get_by_test_id("stText").get_by_text(note)).to_be_visible()
    page.reload()
    expect(strip).to_contain_text(f"4/{len(ROUTE)}")
    for number in range(3, 0, -1):
        settle(page)
        page.locator("body").press("ArrowLeft")
        expect(strip).to_contain_text(f"{number}/{len(ROUTE)}")
    settle(page)

    # One press changes the theme, at once.
    app = page.locator("[data-testid=stApp]")
    expect(app).to_have_css("background-color", "rgb(255, 253, 248)")
    page.locator(".st-key-stage_theme button").click()
    expect(app).to_have_css("background-color", "rgb(34, 29, 24)")

    # A note is read and saved.
    open_parts(page, language, "line")
    page.get_by_label(t("entry.note")).fill("a visitor was here, so happy")
    page.get_by_label(t("entry.note")).press("ArrowRight")
    page.keyboard.press("Tab")
    page.get_by_role("button", name=t("analyse.button")).click()
    expect(page.locator('[class*="_understood"]').first).to_be_visible()
    page.get_by_role("radio", name=BY_KEY["disgust"].name(language)).first.click()
    page.get_by_role("button", name=t("entry.save"), exact=True).click()
    expect(page.get_by_test_id("stText").get_by_text("a visitor was here")).to_be_visible()
    expect(strip).to_contain_text(f"1/{len(ROUTE)}")

    # Another tab of the same visitor, with half a note in it.
    other = page.context.new_page()
    other.goto(url)
    open_parts(other, language, "line")
    other.get_by_label(t("entry.note")).fill("half a line")
    other.keyboard.press("Tab")
    page.bring_to_front()

    # One click resets the demo, in the other tab too.
    page.get_by_role("button", name=t("demo.reset")).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(t("today.nothing_yet"))).to_be_visible()
    expect(page.get_by_text("a visitor was here")).to_have_count(0)
    expect(page.get_by_text(t("demo.banner"))).to_be_visible()
    expect(other).to_have_url(re.compile("/account/sign-in"))
    other.goto(url)
    expect(other.get_by_label(t("entry.note"))).to_have_value("")


def main(language: str) -> None:
    loopback_up()
    if not is_offline():
        raise SystemExit("there is a network, so this run proves nothing")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://localhost:{port}"
    with tempfile.TemporaryDirectory() as temporary:
        serving = subprocess.Popen(
            [sys.executable, "-m", "demo", "--port", str(port), "--language", language],
            cwd=PROJECT,
            env=os.environ | {"TMPDIR": temporary},
        )
        try:
            _wait(url, serving)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=CHROMIUM, args=["--no-sandbox", "--use-fake-ui-for-media-stream"]
                )
                locale = {"ko": "ko-KR", "en": "en-US"}[language]
                page = browser.new_context(locale=locale, timezone_id="Asia/Seoul").new_page()
                page.set_default_timeout(90_000)
                wrong: list[str] = []
                page.on("request", lambda request: _is_ours(request.url, url) or wrong.append(request.url))
                page.on("pageerror", lambda error: wrong.append(str(error)))
                visit(page, url, language)
                browser.close()
            if wrong:
                raise SystemExit(f"requests to other servers, or errors: {wrong}")
        finally:
            serving.send_signal(signal.SIGTERM)
            serving.wait(timeout=60)
        left = [str(file) for file in Path(temporary).rglob("haru-demo-*")]
        if left:
            raise SystemExit(f"files left behind: {left}")
    print("everything worked")


def _is_ours(requested: str, url: str) -> bool:
    return requested.startswith((url, url.replace("http", "ws"), "data:", "blob:"))


def _wait(url: str, serving: subprocess.Popen) -> None:
    deadline = time.monotonic() + 500
    while time.monotonic() < deadline and serving.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=2)
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise SystemExit("the demo did not start")


if __name__ == "__main__":
    main(sys.argv[1])
