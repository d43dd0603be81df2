"""Haru as a visitor meets it: a server of its own on a throw-away folder, over HTTP and in a real browser."""

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
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.table import Table

PROJECT = Path(__file__).resolve().parent.parent
NAME, PASSWORD = "Bench", "a bench of one's own"  # of nobody
BEHIND = (("days", "year"), ("days", "find"), ("settings", "data"), ("settings", "models"))
"""Pages that are reached from a page of the row, and from which."""
MARKS = {"days": ".st-key-month_turn", "year": ".st-key-year_turn", "find": ".st-key-find_words"}
"""These three share one title: what only each of them has, at its top."""
VISITORS = 10


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen
    started: float
    log: Path

    @property
    def megabytes(self) -> float:
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def opens(self) -> bool:
        """Whether the first page is there: what somebody without a session gets."""
        try:
            return urllib.request.urlopen(f"{self.url}/account/sign-in", timeout=5).status == 200  # noqa: S310
        except OSError:
            return False

    def is_awake(self) -> bool:
        """Whether all models are loaded, as the server itself says."""
        return "the models are awake" in self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def server(data: Path) -> Iterator[Server]:
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
        yield Server(f"http://localhost:{port}", process, started, log)
    finally:
        process.terminate()
        process.wait(timeout=60)


def until(reached: Callable[[], bool], patience: float = 180) -> float:
    """The moment at which something became so."""
    deadline = time.perf_counter() + patience
    while time.perf_counter() < deadline:
        if reached():
            return time.perf_counter()
        time.sleep(0.02)
    raise SystemExit("This never happened; see the log of the server.")


def a_person(data: Path, years: int) -> str:
    """Somebody with a diary of that many years, three entries a day; returns a session's token."""
    os.environ["HARU_DATA"] = str(data)
    from benchmarks.tracker import ZONE, keep
    from diary import accounts, consents, database, days, sessions

    database.prepare()
    token = accounts.sign_up(
        NAME,
        PASSWORD,
        born=date(1990, 1, 1),
        today=days.today(ZONE),
        allowed=[consents.DIARY, *consents.OPTIONAL],
        language="en",
        timezone=ZONE,
        address="bench",
    )
    keep(sessions.find(token), years)
    return token


def cold_start(table: Table, data: Path) -> None:
    with server(data) as haru:
        at = until(haru.opens)
        table.add("cold start to the first page (sign-in)", at - haru.started, "s", 6)
        table.add("memory after start", haru.megabytes, "MB")
        awake = until(haru.is_awake)
        table.add("cold start to models warm", awake - haru.started, "s", 12)
        table.add("memory with all models", haru.megabytes, "MB", 1600)


def sign_in(table: Table, data: Path, rounds: int) -> None:
    """Over HTTP, as the form does it: from the button to the answer that lets one in."""
    with server(data) as haru:
        until(haru.is_awake)
        taken = [_seconds_to_sign_in(haru.url) for _ in range(rounds)]
    table.add("sign in (form to session), p50", 1000 * statistics.median(taken), "ms")


def _seconds_to_sign_in(url: str) -> float:
    class Stays(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    jar = http.cookiejar.CookieJar()
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), Stays())
    page = visitor.open(f"{url}/account/sign-in").read().decode()
    hidden = re.search(r'type="hidden" name="([^"]+)" value="([^"]+)"', page)
    answers = {hidden[1]: hidden[2], "name": NAME, "password": PASSWORD}
    asked = urllib.request.Request(  # noqa: S310 - our own server
        f"{url}/account/sign-in", urllib.parse.urlencode(answers).encode(), {"Origin": url}
    )
    started = time.perf_counter()
    try:
        visitor.open(asked)
    except urllib.error.HTTPError as answer:
        taken = time.perf_counter() - started
        if answer.code == 303 and any(cookie.name == "haru_session" for cookie in jar):
            return taken
        raise
    raise SystemExit("The form let nobody in.")


def pages(table: Table, data: Path, token: str, rounds: int) -> None:
    """In a real browser, the session open as in daily use: to the page's own heading, and to the end of its script."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("  without Chromium: pages are not measured", file=sys.stderr)
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        # Its own start belongs to no page.
        browser.new_context().new_page().goto("about:blank")
        with server(data) as haru:
            until(haru.opens)
            page = _visitor(browser, haru, token)
            page.goto("/")
            page.locator("h1").first.wait_for()
            table.add("cold start to Today, signed in", time.perf_counter() - haru.started, "s", 6)
            until(haru.is_awake)
            for name, (first, whole) in _every_page(page, rounds).items():
                table.add(f"first paint of {name}, ten years kept, p50", 1000 * first, "ms", 800)
                table.add(f"… until all of {name} is there, p50", 1000 * whole, "ms")
            before = haru.megabytes
            for _ in range(VISITORS):
                other = _visitor(browser, haru, token)
                other.goto("/")
                other.locator("h1").first.wait_for()
            table.add("memory for each further signed-in visitor", (haru.megabytes - before) / VISITORS, "MB")
        browser.close()


def _visitor(browser, haru: Server, token: str):
    context = browser.new_context(base_url=haru.url, locale="en-US", viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "haru_session", "value": token, "url": haru.url}])
    page = context.new_page()
    page.set_default_timeout(120_000)
    return page


def _every_page(page, rounds: int) -> dict[str, tuple[float, float]]:
    links = [link.get_attribute("href") for link in page.locator(".st-key-pages a").all()]
    row = [(links[place - 1], href) for place, href in enumerate(links)]
    told = {}
    for before, href in [*row, *BEHIND]:
        taken = []
        for _ in range(rounds + 1):
            if _name(page.url) != _name(before):
                _open(page, before)
            taken.append(_open(page, href))
        # The first visit of a page in a process also compiles it.
        told[_name(href)] = tuple(statistics.median(times) for times in zip(*taken[1:], strict=True))
    return told


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
