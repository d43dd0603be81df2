"""Takes the README's pictures in the demo: four screens in both languages, light and dark.

python -m demo.screenshots [--languages ko,en]      writes assets/screenshots (needs Chromium; `make screenshots`)
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

import settings
from language import LANGUAGES, say

OUT = settings.ASSETS / "screenshots"
SIZE = {"width": 1000, "height": 800}
SCALE = 1.28
"""Pictures are 1,280 pixels wide: the full width of the README, with letters large enough to read."""
TIMEOUT = 240_000  # milliseconds, enough for a busy machine
expect.set_options(timeout=TIMEOUT)
NOTE = {"ko": "드디어 붙었다! 아직도 믿기지 않는다.", "en": "I passed! I still cannot believe it."}


@contextmanager
def demo(language: str):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "demo", "--port", str(port), "--language", language],
        cwd=settings.PROJECT,
        env=os.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://localhost:{port}"
    try:
        _wait(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=60)


def pictures(page: Page, language: str) -> dict[str, Callable[[], None]]:
    """For each picture, the function that opens its screen."""

    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    def today() -> None:
        for part in ("line", "speak", "face"):
            page.locator('[class*="st-key-parts_"]').get_by_role("button", name=t(f"part.{part}")).click()
            _settle(page)
        page.get_by_label(t("entry.note")).fill(NOTE[language])
        page.get_by_role("heading", level=1).click()  # leaving the field sends the note
        for sample in ("sample.voice", "sample.face"):
            page.get_by_text(t(sample)).click()
            _settle(page)
        page.get_by_role("button", name=t("analyse.button")).click()
        verdict = page.locator('[class*="_understood"]').first
        expect(verdict).to_be_visible()
        _settle(page)
        page.get_by_text(t("verdict.why"), exact=True).click()
        expect(verdict.locator("mark").first).to_be_visible()  # of written or of spoken words
        verdict.evaluate("element => element.scrollIntoView()")

    def go(name: str) -> Callable[[], None]:
        def there() -> None:
            page.goto(f"/{name}")
            expect(page.locator("h1").first).to_be_visible()

        return there

    return {
        "today": today,
        "days": go("days"),
        "history": go("history"),
        "music": go("music"),
    }


def take(url: str, language: str, scheme: str, browser) -> None:
    context = browser.new_context(
        base_url=url,
        locale={"ko": "ko-KR", "en": "en-US"}[language],
        timezone_id="Asia/Seoul",
        viewport=SIZE,
        device_scale_factor=SCALE,
        color_scheme=scheme,
        permissions=["microphone", "camera"],
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(TIMEOUT)
    page.goto("/")
    page.get_by_role("button", name=say(language, "demo.come_in")).click()
    expect(page.locator("h1").first).to_be_visible()
    for name, prepare in pictures(page, language).items():
        prepare()
        _settle(page)
        shot = Image.open(io.BytesIO(page.screenshot()))
        shot.convert("RGB").save(OUT / f"{language}-{scheme}-{name}.webp", quality=80, method=6)
    context.close()


def _settle(page: Page) -> None:
    """Waits until the script has run and the animations have ended."""
    app = page.locator('[data-testid="stApp"]')
    expect(app).not_to_have_attribute("data-test-script-state", "running")
    page.wait_for_timeout(1500)


def _wait(url: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=2)  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise SystemExit("The demo did not start; try `python -m demo` to see why.")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m demo.screenshots", description="The README's pictures.")
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    languages = parser.parse_args().languages.split(",")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("Chromium is not installed; on Debian: apt-get install chromium")
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for language in languages:
            for scheme in ("light", "dark"):
                # A new demo for each, so that no entry of the first is in the second.
                with demo(language) as url:
                    take(url, language, scheme, browser)
        browser.close()
    print(f"{len(list(OUT.glob('*.webp')))} pictures in {OUT}, {sum(f.stat().st_size for f in OUT.iterdir()):,} bytes")


if __name__ == "__main__":
    main()
