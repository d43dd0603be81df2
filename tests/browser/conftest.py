"""Fixtures: the app on a real port, and Chromium with a fake microphone and camera."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from skimage import data

import links
from diary import accounts, days, names
from language import say
from tests.conftest import PASSWORD, make_argon2_quick
from tests.sounds import spoken
from web import cookies

# A busy CI machine is slow, but not a failure.
PATIENCE = 1000 * int(os.environ.get("PATIENCE", "30"))
expect.set_options(timeout=PATIENCE)

PROJECT = Path(__file__).resolve().parents[2]
_MAY_REFUSE = ("/account/", "/_stcore/", *(f"/{page.stem}/_stcore/" for page in (PROJECT / "pages").glob("*.py")))
PHONE = 700
"""The width up to which the row of pages is at the bottom, in pixels (assets/style/frame.css)."""
BEHIND_MORE = ("settings", "data", "trackers", "models")
SCREENSHOTS = PROJECT / "artefacts" / "screens"
WHOLE_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMIUM = shutil.which("chromium-headless-shell") or WHOLE_CHROMIUM
"""The shell needs a third less of the processor for a new page; but it shows no notifications."""

WITHOUT_MODELS = "tests.browser.server_without_models"
DATA_FOLDERS: list[Path] = []
"""Of every server that these tests started."""


@dataclass(frozen=True)
class RunningApp:
    url: str
    data: Path
    log: Path
    temporary: Path
    """What the server may use for temporary files: nothing of a person belongs there."""
    pid: int


@contextmanager
def serving(data: Path, temporary: Path, app: str = "app.py", module: str = "streamlit") -> Iterator[RunningApp]:
    """A server process on a free port; `module` runs Streamlit."""
    log = data / "server.log"
    DATA_FOLDERS.append(data)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", module, "run", app, "--server.port", str(port)],
            cwd=PROJECT,
            env=os.environ | {"HARU_DATA": str(data), "TMPDIR": str(temporary), "PYTHONPATH": str(PROJECT)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_healthy(f"http://localhost:{port}{links.to('/_stcore/health')}", server, log)
        yield RunningApp(f"http://localhost:{port}", data, log, temporary, server.pid)
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE / 1000)


@pytest.fixture(autouse=True)
def names_are_free(request: pytest.FixtureRequest) -> None:
    """Deletes all accounts before a test runs once more: it makes its own again, under the same names."""
    if request.node.execution_count > 1:
        for file in [folder / "haru.db" for folder in DATA_FOLDERS]:
            if not file.exists():  # a server of one made-up page
                continue
            with closing(sqlite3.connect(file, timeout=PATIENCE / 1000)) as connection, connection:
                connection.execute("pragma foreign_keys = on")
                connection.execute("delete from accounts")


@pytest.fixture(scope="session")
def running_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """One server for all tests of a process."""
    with serving(tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("temporary")) as app:
        yield app


@pytest.fixture(scope="session")
def spoken_sentence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sound of Chromium's fake microphone, repeated without end."""
    file = tmp_path_factory.mktemp("voice") / "spoken.wav"
    if espeak := shutil.which("espeak-ng"):
        subprocess.run([espeak, "-w", str(file), "What a day this was, and I will tell you about it."], check=True)
    else:
        file.write_bytes(spoken(4.0))
    return file


@pytest.fixture(scope="session")
def astronaut_720(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photograph of 1280×720 with one face in it."""
    file = tmp_path_factory.mktemp("face") / "astronaut.jpg"
    _astronaut((1280, 720), 280).save(file, quality=90)
    return file


@pytest.fixture(scope="session")
def faces_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The film of Chromium's fake camera, repeated without end: a person who moves a little."""
    file = tmp_path_factory.mktemp("film") / "faces.mjpeg"
    with file.open("wb") as film:
        for step in range(30):
            _astronaut((640, 480), 80 + step).save(film, "JPEG", quality=85)
    return file


def _astronaut(size: tuple[int, int], left: int) -> Image.Image:
    picture = Image.new("RGB", size, (90, 90, 90))
    picture.paste(Image.fromarray(data.astronaut()).resize((size[1], size[1])), (left, 0))
    return picture


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """One for each process: Playwright refuses a second one beside it."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver: Playwright, spoken_sentence: Path, faces_film: Path) -> Iterator[Browser]:
    with launched(driver, spoken_sentence, faces_film) as browser:
        yield browser


@contextmanager
def launched(
    driver: Playwright, voice: Path, film: Path, program: str | None = CHROMIUM, *options: str
) -> Iterator[Browser]:
    """Chromium with this sound as its microphone and this film as its camera."""
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing; on Debian: apt-get install chromium chromium-headless-shell")
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium chromium-headless-shell")
    browser = driver.chromium.launch(
        executable_path=program,
        args=[
            "--no-sandbox",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-audio-capture={voice}",
            f"--use-file-for-fake-video-capture={film}",
            # Chromium's own requests are switched off, because the tests watch the requests of Haru.
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            *options,
        ],
    )
    yield browser
    browser.close()


@pytest.fixture
def open_page(chromium: Browser, running_app: RunningApp) -> Iterator[Callable[..., Page]]:
    """Opens Haru in a fresh browser profile; fails the test on a console error or a request to anywhere else."""
    with opening(chromium, running_app) as open_haru:
        yield open_haru


@contextmanager
def opening(chromium: Browser, app: RunningApp) -> Iterator[Callable[..., Page]]:
    """The function behind `open_page`, for any server."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_haru(
        language: str = "ko",
        width: int = 1280,
        height: int = 900,
        path: str = "/",
        person: str = "",
        allowed: Iterable[str] = (),
        script: str = "",
        **options,
    ) -> Page:
        """`person` is the name of somebody new who is signed in; `script` runs before the page's own."""
        context = chromium.new_context(
            locale={"ko": "ko-KR", "en": "en-US"}[language],
            timezone_id={"ko": "Asia/Seoul", "en": "America/New_York"}[language],
            viewport={"width": width, "height": height},
            permissions=["microphone", "camera"],
            accept_downloads=True,
            base_url=app.url,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        watch(page, problems, app.url)
        if script:
            page.add_init_script(script)
        if person:
            let_in(context, app, language, person, *allowed)
        page.goto(path)
        if person and path == "/":
            expect(page.get_by_role("radio").first).to_be_visible()
        elif person:
            settle(page)
        return page

    yield open_haru
    for context in contexts:
        context.close()
    assert problems == []


def let_in(context: BrowserContext, app: RunningApp, language: str, name: str, *allowed: str) -> None:
    """Makes an account with these consents and signs this browser in.

    It spares a test the pages of sign-up. The password opens nothing on the server, whose Argon2 is not the quick one:
    who needs it walks (`enter` in test_journey.py).
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARU_DATA", str(app.data))
        passes, memory = names._PASSES, names._KIBIBYTES
        make_argon2_quick(patch)
        # The server must find the name: its hashes are not the quick ones.
        patch.setattr(names, "_PASSES", passes)
        patch.setattr(names, "_KIBIBYTES", memory)
        account = accounts.NewAccount(
            name,
            PASSWORD,
            born=date(1995, 12, 31),
            allowed=["diary", *allowed],
            language=language,
            timezone=days.FALLBACK,
        )
        # An address of its own: from one, only so many may sign up in an hour.
        token = accounts.sign_up(account, today=days.today(days.FALLBACK), address=name)
    context.add_cookies([{"name": cookies.SESSION, "value": token, "url": app.url}])


def watch(page: Page, problems: list[str], home: str) -> None:
    def on_request(request) -> None:
        if not request.url.startswith((home, home.replace("http", "ws"), "data:", "blob:")):
            problems.append(f"request to {request.url}")

    def on_console(message) -> None:
        if message.type == "error" and not _is_expected(message.text, str(message.location.get("url", ""))):
            problems.append(f"console: {message.text} ({message.location.get('url')})")

    page.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"page error: {error}"))


def _is_expected(text: str, url: str) -> bool:
    """Chromium reports every 4xx. A refused form is one; so is Streamlit's question, from a page that was opened by its
    address, whether it is the app of that folder. A font or a picture that is not there is none of these."""
    refused = "the server responded with a status of 4" in text
    return refused and urllib.parse.urlparse(url).path.startswith(_MAY_REFUSE)


def settle(page: Page) -> None:
    """Waits until Streamlit has drawn everything; on a slow machine a click before that can be lost."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)


def turn_to(page: Page, t: Callable[..., str], name: str, delay: float = 0) -> None:
    """Opens a page by the links of the frame; on a phone, *More* links to some of them."""
    links = page.locator(".st-key-frame")
    if page.viewport_size["width"] <= PHONE and name in BEHIND_MORE:
        links.get_by_role("link", name=t("nav.more"), exact=True).click(delay=delay)
        links = page.locator(".st-key-more_links")
    links.get_by_role("link", name=t(f"nav.{name}"), exact=True).click(delay=delay)


def walk_to(page: Page, path: str) -> None:
    """Opens another page of the diary within the one that is loaded, as a link does: loading all anew takes seconds."""
    was = page.title()
    page.evaluate("path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path)
    page.wait_for_function("was => document.title !== was", arg=was)
    settle(page)


def open_parts(page: Page, language: str, *parts: str) -> None:
    """Opens parts of the new entry's form by their chips."""
    for part in parts:
        chip = page.locator("[class*=st-key-parts_]").first.get_by_role("button", name=say(language, f"part.{part}"))
        chip.click()
        expect(chip).to_have_attribute("aria-pressed", "true")
        expect(page.locator(f"[class*=st-key-part_{part}_]").first).to_be_visible()
    settle(page)


def take_photo(page: Page) -> None:
    """Switches the camera on, takes a picture, and waits until it is attached."""
    camera = page.get_by_role("group", name=re.compile("^(Camera|카메라)$"))
    camera.get_by_role("button").click()
    expect(camera).to_have_attribute("data-state", "on")
    camera.get_by_role("button").first.click()
    expect(camera).to_have_attribute("data-state", "taken")
    expect(page.locator("[class*=st-key-attached_face]")).to_be_visible()


def screenshot(page: Page, name: str) -> None:
    """Saves a picture of the page for a check by eye if SCREENSHOTS is in the environment: drawing takes long."""
    if not os.environ.get("SCREENSHOTS"):
        return
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state()
    usual = page.viewport_size
    # Streamlit scrolls inside the page, so the window has to grow for the whole of it to be seen.
    height = page.evaluate("(document.querySelector('[data-testid=stMain]') || document.documentElement).scrollHeight")
    page.set_viewport_size({"width": usual["width"], "height": max(usual["height"], min(height, 4000))})
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    page.set_viewport_size(usual)


def wait_until_healthy(url: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 3 * PATIENCE / 1000
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"Haru did not start:\n{log.read_text(errors='replace')}")
