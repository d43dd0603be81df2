"""`make bench`: everything that is claimed about speed and memory, in one run, as one table with its limit and ratio.

python -m benchmarks.everything [--quick]

Everything is measured on a server that this starts on a throw-away data folder, over HTTP and the page's own websocket.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PASSWORD = "a bench of one's own"  # noqa: S105 - of nobody
YEARS = 10


@dataclass
class Table:
    rows: list[tuple[str, float, str, float | None]] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str, limit: float | None = None) -> None:
        self.rows.append((name, value, unit, limit))
        print(f"  {name}: {value:.2f} {unit}", file=sys.stderr, flush=True)

    def __str__(self) -> str:
        head = "| what | measured | limit | of the limit |\n|---|---|---|---|"
        return "\n".join([head, *(_row(*row) for row in self.rows)])


def _row(name: str, value: float, unit: str, limit: float | None) -> str:
    if limit is None:
        return f"| {name} | {value:,.2f} {unit} | | |"
    return f"| {name} | {value:,.2f} {unit} | {limit:,.2f} {unit} | {value / limit:.0%} |"


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


def answers(url: str) -> bool:
    try:
        return urllib.request.urlopen(url, timeout=5).status == 200  # noqa: S310 - our own server
    except OSError:
        return False


def a_person(data: Path, years: int = 0) -> str:
    """Somebody with a diary of that many years, an entry a day; returns a session's token."""
    os.environ["HARU_DATA"] = str(data)
    from diary import accounts, consents, database, days, entries, sessions
    from diary.entries import Draft
    from emotions import EMOTIONS

    database.prepare()
    token = accounts.sign_up(
        "Bench",
        PASSWORD,
        born=date(1990, 1, 1),
        today=date.today(),
        allowed=[consents.DIARY, *consents.OPTIONAL],
        language="en",
        timezone=days.FALLBACK,
        address="bench",
    )
    person = sessions.find(token)
    today = days.today(days.FALLBACK)
    with database.in_a_hurry(), database.connect():
        for ago in range(365 * years):
            mood, tag = EMOTIONS[ago * 31 % 7], ("work", "friends", "sleep")[ago % 3]
            day = today - timedelta(days=ago + 1)
            draft = Draft(
                mood=mood, intensity=1 + ago % 5, day=day, timezone=days.FALLBACK, note=f"day {ago}", tags=(tag,)
            )
            entries.add(person, draft)
    return token


def cold_start(table: Table, data: Path) -> None:
    with server(data) as haru:
        at = until(lambda: answers(f"{haru.url}/account/sign-in"))
        table.add("cold start to the first page", at - haru.started, "s", 6)
        table.add("memory after start", haru.megabytes, "MB")
        asleep = haru.megabytes
        awake = until(lambda: _is_still(haru, asleep))
        table.add("models warm", awake - haru.started, "s", 12)
        table.add("memory with all models", haru.megabytes, "MB", 1600)


def _is_still(haru: Server, asleep: float) -> bool:
    """The models are loaded once memory has grown and then stopped growing for a second."""
    before = haru.megabytes
    time.sleep(1.0)
    return before > asleep + 100 and abs(haru.megabytes - before) < 2


def first_paint(table: Table, data: Path, token: str, rounds: int) -> None:
    """In a real browser: from a link in the row to the page's own heading; the session is open, as in daily use."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("  without Chromium: pages are not measured", file=sys.stderr)
        return
    with server(data) as haru, sync_playwright() as playwright:
        until(lambda: answers(f"{haru.url}/account/sign-in"))
        asleep = haru.megabytes
        until(lambda: _is_still(haru, asleep))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(base_url=haru.url, locale="en-US", viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "haru_session", "value": token, "url": haru.url}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto("/")
        page.locator(".st-key-pages a").first.wait_for()
        names = [link.inner_text().split("\n")[-1].strip() for link in page.locator(".st-key-pages a").all()]
        for place, name in enumerate(names):
            taken = [_seconds_to(page, place, len(names)) for _ in range(rounds + 1)][1:]
            table.add(f"first paint of {name}, ten years kept, p50", 1000 * statistics.median(taken), "ms", 800)
        before = haru.megabytes
        visitors = 10
        for _ in range(visitors):
            other = browser.new_context(base_url=haru.url, locale="en-US")
            other.add_cookies([{"name": "haru_session", "value": token, "url": haru.url}])
            one = other.new_page()
            one.goto("/")
            one.locator("h1").first.wait_for(timeout=60_000)
        table.add("memory for each further signed-in visitor", (haru.megabytes - before) / visitors, "MB")
        browser.close()


def _seconds_to(page, place: int, links: int) -> float:
    _open(page, (place + 1) % links)
    started = time.perf_counter()
    _open(page, place)
    return time.perf_counter() - started


def _open(page, place: int) -> None:
    before = page.locator("h1").first.inner_text()
    page.locator(".st-key-pages a").nth(place).click()
    page.wait_for_function(
        "before => document.querySelector('h1') && document.querySelector('h1').innerText !== before", arg=before
    )


def sign_in(table: Table, data: Path, rounds: int) -> None:
    os.environ["HARU_DATA"] = str(data)
    from diary import accounts, sessions

    taken, looked_up = [], []
    for _ in range(rounds):
        started = time.perf_counter()
        token = accounts.sign_in("Bench", PASSWORD, address="bench")
        taken.append(time.perf_counter() - started)
        started = time.perf_counter()
        sessions.find(token)
        looked_up.append(time.perf_counter() - started)
    table.add("sign in (two Argon2id), p50", 1000 * statistics.median(taken), "ms")
    table.add("find a session, as every page does, p50", 1000 * statistics.median(looked_up), "ms")


def analyses(table: Table, rounds: int) -> None:
    from benchmarks import analyse
    from diary.analysis import Analyst, Offered

    given, analyst = analyse.offered(), Analyst.load()
    ways = {
        "a voice of 5 s": Offered(sound=given.sound),
        "a 720p face": Offered(picture=given.picture),
        "a line": Offered(line=given.line),
        "all three": given,
    }
    alone = 0.0
    for name, offered in ways.items():
        if name == "a 720p face" and analyst.face is None:
            continue
        analyst.analyse(offered)
        alone = statistics.median(analyse.seconds_of(analyst, offered) for _ in range(rounds))
        table.add(f"read {name}, p50", 1000 * alone, "ms", 1200)
    slowest = statistics.median(max(analyse.four_at_once(analyst, given)) for _ in range(max(2, rounds // 4)))
    table.add("four people at once, the slowest, against one", slowest / alone, "×", 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 3 if parser.parse_args().quick else 10
    table = Table()
    with tempfile.TemporaryDirectory(prefix="haru-bench-") as folder:
        data = Path(folder)
        token = a_person(data, YEARS)
        cold_start(table, data)
        first_paint(table, data, token, rounds)
        sign_in(table, data, rounds)
    analyses(table, rounds)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {rounds} rounds\n\n{table}")


if __name__ == "__main__":
    main()
