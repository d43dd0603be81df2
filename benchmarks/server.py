"""Measures the running app: start, sign-in, pages and memory, over HTTP and in Chromium.

`benchmarks.everything` runs it on a server of its own, with a temporary diary.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks import page_reruns
from benchmarks.page_reruns import ZONE
from benchmarks.table import ResultTable
from diary import accounts, consents, database, days, sessions

PROJECT = Path(__file__).resolve().parent.parent
NAME, PASSWORD = "Bench", "the password of the benchmark"
LINKED_PAGES = (
    ("days", "year"),
    ("days", "find"),
    ("data", "report"),
    ("settings", "models"),
    ("settings", "trackers"),
    ("settings", "trusted"),
)
"""Pages without a link in the navigation, each after the page that links to it."""
MARKS = {"days": ".st-key-month_turn", "year": ".st-key-year_turn", "find": ".st-key-find_words"}
"""These three pages share one heading; the selector finds the first element that only this page has."""
VISITORS = 10
PAGE_SWITCH_MS = 250
"""The aim for a page of the row, from the press to its first paint."""


@dataclass(frozen=True)
class RunningServer:
    url: str
    process: subprocess.Popen
    started: float
    log: Path

    @property
    def megabytes(self) -> float:
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def is_up(self) -> bool:
        """Whether the server answers with the sign-in page."""
        try:
            return urllib.request.urlopen(f"{self.url}/account/sign-in", timeout=5).status == 200  # noqa: S310
        except OSError:
            return False

    def has_models(self) -> bool:
        """Whether the server's log says that all models are loaded."""
        return "the models are loaded" in self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def running_server(data: Path) -> Iterator[RunningServer]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = data / "bench.log"
    with log.open("wb") as out:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=PROJECT,
            env=os.environ | {"HARU_DATA": str(data)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield RunningServer(f"http://localhost:{port}", process, started, log)
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_for(condition: Callable[[], bool], timeout: float = 180) -> float:
    """Waits until the condition is true; returns the time."""
    deadline = time.perf_counter() + timeout
    while time.perf_counter() < deadline:
        if condition():
            return time.perf_counter()
        time.sleep(0.02)
    raise SystemExit(f"The server did not get ready within {timeout:.0f} s; see its log.")


def make_diary(data: Path, years: int, language: str = "en") -> str:
    """Makes an account with a diary of three entries a day; returns the token of its session."""
    os.environ["HARU_DATA"] = str(data)
    database.prepare()
    token = accounts.sign_up(
        accounts.NewAccount(
            NAME,
            PASSWORD,
            born=date(1990, 1, 1),
            allowed=[consents.DIARY, *consents.OPTIONAL],
            language=language,
            timezone=ZONE,
        ),
        today=days.today(ZONE),
        address="bench",
    )
    session = sessions.find(token)
    assert session is not None
    page_reruns.fill_diary(session, years)
    return token


def cold_start(table: ResultTable, data: Path) -> None:
    with running_server(data) as haru:
        up = wait_for(haru.is_up)
        table.add("cold start to the first page (sign-in)", up - haru.started, "s", 6)
        table.add("memory after start", haru.megabytes, "MB")
        models_loaded = wait_for(haru.has_models)
        table.add("cold start to models warm", models_loaded - haru.started, "s", 12)
        table.add("memory with all models", haru.megabytes, "MB", 1600)


def sign_in(table: ResultTable, data: Path, rounds: int) -> None:
    """Over HTTP, as the form does it: from the button to the answer with the session's cookie."""
    with running_server(data) as haru:
        wait_for(haru.has_models)
        seconds = [_seconds_to_sign_in(haru.url) for _ in range(rounds)]
    table.add("sign in (form to session), p50", 1000 * statistics.median(seconds), "ms")


def _seconds_to_sign_in(url: str) -> float:
    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    jar = http.cookiejar.CookieJar()
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), NoRedirect())
    page = visitor.open(f"{url}/account/sign-in").read().decode()
    hidden = re.search(r'type="hidden" name="([^"]+)" value="([^"]+)"', page)
    assert hidden
    fields = {hidden[1]: hidden[2], "name": NAME, "password": PASSWORD}
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{url}/account/sign-in", urllib.parse.urlencode(fields).encode(), {"Origin": url}
    )
    started = time.perf_counter()
    try:
        visitor.open(request)
    except urllib.error.HTTPError as answer:
        seconds = time.perf_counter() - started
        if answer.code == 303 and any(cookie.name == "haru_session" for cookie in jar):
            return seconds
        raise
    raise SystemExit("The form gave no session; see the log of the server.")


def chromium() -> str | None:
    """The path of the browser to measure with."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pages(table: ResultTable, data: Path, token: str, rounds: int) -> None:
    """In Chromium, signed in: seconds to each page's heading, and to the end of its script."""
    from playwright.sync_api import sync_playwright

    if chromium() is None:
        print("  no Chromium found: pages are not measured", file=sys.stderr)
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        # Keeps the browser's own start out of the first page.
        browser.new_context().new_page().goto("about:blank")
        with running_server(data) as haru:
            wait_for(haru.is_up)
            page = _visitor(browser, haru, token)
            page.goto("/")
            page.locator("h1").first.wait_for()
            table.add("cold start to Today, signed in", time.perf_counter() - haru.started, "s", 6)
            wait_for(haru.has_models)
            for name, (first, whole) in _every_page(page, rounds).items():
                table.add(f"first paint of {name}, ten years of entries, p50", 1000 * first, "ms", PAGE_SWITCH_MS)
                table.add(f"… until all of {name} is there, p50", 1000 * whole, "ms")
            before = haru.megabytes
            for _ in range(VISITORS):
                other = _visitor(browser, haru, token)
                other.goto("/")
                other.locator("h1").first.wait_for()
            table.add("memory for each further signed-in visitor", (haru.megabytes - before) / VISITORS, "MB")
        browser.close()


def _visitor(browser, haru: RunningServer, token: str):
    context = browser.new_context(base_url=haru.url, locale="en-US", viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "haru_session", "value": token, "url": haru.url}])
    page = context.new_page()
    page.set_default_timeout(120_000)
    return page


def _every_page(page, rounds: int) -> dict[str, tuple[float, float]]:
    links = [link.get_attribute("href") for link in page.locator(".st-key-frame a:visible").all()]
    # From the previous link of the navigation to the next one.
    linked = [(links[place - 1], href) for place, href in enumerate(links)]
    medians = {}
    for before, href in [*linked, *LINKED_PAGES]:
        seconds = []
        for _ in range(rounds + 1):
            if _name(page.url) != _name(before):
                _open(page, before)
            seconds.append(_open(page, href))
        # The first visit of a page in a process also compiles it.
        medians[_name(href)] = tuple(statistics.median(times) for times in zip(*seconds[1:], strict=True))
    return medians


def _name(href: str) -> str:
    return urllib.parse.urlparse(href).path.strip("/") or "today"


def _open(page, href: str) -> tuple[float, float]:
    """Seconds to the heading of the page, and to the end of its script."""
    name = _name(href)
    before = page.locator("h1").first.inner_text()
    link = page.locator(f'a[href="{href}"], a[href$="/{name}"]').first
    link.wait_for()
    started = time.perf_counter()
    link.click()
    if name in MARKS:
        page.locator(MARKS[name]).wait_for()
    else:
        page.wait_for_function(
            "before => document.querySelector('h1') && document.querySelector('h1').innerText !== before", arg=before
        )
    first = time.perf_counter() - started
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    return first, time.perf_counter() - started
