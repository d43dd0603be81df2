"""What a first visit costs over a slow network: `python -m benchmarks.first_visit [--rounds 3] [--language ko]`.

Chromium visits a server of its own with the "Fast 3G" of the browser's developer tools: 1.44 Mbit/s down, 675 kbit/s up
and 562.5 ms until each answer begins, which are Lighthouse's 1.6 Mbit/s, 750 kbit/s and 150 ms after its own factors.
The emulation does not slow the websocket. A cold visit starts with an empty cache, a warm one opens the page again.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import server
from benchmarks.table import ResultTable

FAST_3G = {
    "offline": False,
    "latency": 150 * 3.75,
    "downloadThroughput": 1_600_000 / 8 * 0.9,
    "uploadThroughput": 750_000 / 8 * 0.9,
}
READING_S = 15
"""How long a person looks at the sign-in page and types, before Today is asked for."""
USABLE = {
    "/account/sign-in": "input[name=password]",
    "/": "[class*=st-key-mood_choice] button",
    "/days": ".st-key-month_turn button",
    "/history": ".js-plotly-plot .main-svg",
    "/music": "h1",
}
"""What a person waits for on each page: a mood to choose, a month to turn, the first chart, the first heading."""
NAMES = {"/account/sign-in": "sign-in", "/": "Today", "/days": "Days", "/history": "History", "/music": "Music"}
COLD_LIMIT_S, WARM_LIMIT_S = 8, 2
LIMIT_KB = 1200
SHIFT_LIMIT = 0.1
"""Of the web vital *cumulative layout shift*, which is good up to here."""
_WATCH_SHIFTS = """
window.haruShift = 0
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.haruShift += entry.value
}).observe({type: 'layout-shift', buffered: true})
"""


@dataclass
class Visit:
    """One page, from its address to the moment when it can be used."""

    page: str
    usable: float = 0.0
    painted: float = 0.0
    requests: list[str] = field(default_factory=list)
    """The addresses that went over the network."""
    bytes: float = 0.0
    shift: float = 0.0
    """How far the page jumped until then: the cumulative layout shift."""


class Wire:
    """Counts what one tab sends and receives, below the browser's cache."""

    def __init__(self, page) -> None:
        self._addresses: dict[str, str] = {}
        self._cached: set[str] = set()
        self._bytes: dict[str, float] = {}
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("Network.enable")
        self.cdp.on("Network.requestWillBeSent", self._on_request)
        self.cdp.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        self.cdp.on("Network.responseReceived", self._on_response)
        self.cdp.on("Network.dataReceived", self._on_data)
        self.cdp.on("Network.loadingFinished", self._on_finished)
        self.cdp.on("Network.webSocketFrameReceived", self._on_frame)

    def slow_down(self) -> None:
        self.cdp.send("Network.emulateNetworkConditions", FAST_3G)

    def reset(self) -> None:
        self._addresses.clear()
        self._cached.clear()
        self._bytes.clear()

    def write_into(self, visit: Visit) -> None:
        sent = [request for request in self._addresses if request not in self._cached]
        visit.requests = [self._addresses[request] for request in sent]
        visit.bytes = sum(self._bytes.get(request, 0) for request in [*sent, "websocket"])

    def _on_request(self, event: dict) -> None:
        if event["request"]["url"].startswith("http"):
            self._addresses[event["requestId"]] = event["request"]["url"]

    def _on_response(self, event: dict) -> None:
        response = event["response"]
        if response.get("fromDiskCache") or response.get("fromPrefetchCache") or response.get("fromServiceWorker"):
            self._cached.add(event["requestId"])

    def _on_data(self, event: dict) -> None:
        self._bytes[event["requestId"]] = self._bytes.get(event["requestId"], 0) + event["encodedDataLength"]

    def _on_finished(self, event: dict) -> None:
        self._bytes[event["requestId"]] = event["encodedDataLength"]

    def _on_frame(self, event: dict) -> None:
        self._bytes["websocket"] = self._bytes.get("websocket", 0) + len(event["response"]["payloadData"]) * 3 / 4


@contextmanager
def slow_tab(browser, url: str, language: str, token: str | None = None) -> Iterator[tuple[Any, Wire]]:
    """A tab with an empty cache, signed in if there is a token."""
    locale = {"ko": "ko-KR", "en": "en-US"}[language]
    context = browser.new_context(base_url=url, locale=locale, viewport={"width": 390, "height": 844})
    if token:
        context.add_cookies([{"name": "haru_session", "value": token, "url": url}])
    page = context.new_page()
    page.set_default_timeout(180_000)
    page.add_init_script(_WATCH_SHIFTS)
    wire = Wire(page)
    wire.slow_down()
    yield page, wire
    context.close()


def visit(page, wire: Wire, path: str, start: Callable[[], object] | None = None) -> Visit:
    """Opens a page by its address, or by `start`, and waits until a person can use it."""
    wire.reset()
    found = Visit(path)
    started = perf_counter()
    if start:
        start()
    else:
        page.goto(path, wait_until="commit")
    page.locator(USABLE[path]).first.click(trial=True)  # visible, at rest, and under no splash
    found.usable = perf_counter() - started
    wire.write_into(found)
    paints = page.evaluate("performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)")
    found.shift = page.evaluate("window.haruShift")
    found.painted = paints[0] / 1000 if paints else found.usable
    return found


PAGES = ("/", "/days", "/history", "/music")


def measure(url: str, token: str, language: str, rounds: int, pages: Iterable[str] = PAGES) -> dict[str, list[Visit]]:
    """The visits of each kind, in the order of the table."""
    from playwright.sync_api import sync_playwright

    visits: dict[str, list[Visit]] = {}

    def keep(kind: str, found: Visit) -> None:
        visits.setdefault(kind, []).append(found)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=server.chromium(), args=["--no-sandbox"])
        for _ in range(rounds):
            with slow_tab(browser, url, language) as (page, wire):
                keep("sign-in, cold", visit(page, wire, "/account/sign-in"))
                page.locator("input[name=name]").fill(server.NAME)
                page.locator("input[name=password]").fill(server.PASSWORD)
                page.wait_for_timeout(1000 * READING_S)
                submit = page.locator("form button[type=submit]").last.click
                keep(
                    "Today after the sign-in page",
                    visit(page, wire, "/", lambda submit=submit: submit(no_wait_after=True)),
                )
            for path in pages:
                with slow_tab(browser, url, language, token) as (page, wire):
                    keep(f"{NAMES[path]}, cold", visit(page, wire, path))
                    page.wait_for_timeout(3000)  # what loads behind the page may end
                    keep(f"{NAMES[path]}, warm", visit(page, wire, path))
        browser.close()
    return visits


def add_rows(table: ResultTable, visits: dict[str, list[Visit]]) -> None:
    def median(value: Callable[[Visit], float], found: list[Visit]) -> float:
        return statistics.median(value(one) for one in found)

    for kind, found in visits.items():
        warm = kind.endswith("warm")
        limit = WARM_LIMIT_S if warm else COLD_LIMIT_S
        table.add(f"{kind}, Fast 3G: first paint, p50", median(lambda one: one.painted, found), "s")
        table.add(f"{kind}, Fast 3G: usable, p50", median(lambda one: one.usable, found), "s", limit)
        table.add(f"{kind}: received", median(lambda one: one.bytes, found) / 1000, "kB", None if warm else LIMIT_KB)
        table.add(f"{kind}: requests", median(lambda one: len(one.requests), found), "")
        table.add(f"{kind}: layout shift", median(lambda one: one.shift, found), "", SHIFT_LIMIT)


def run(data: Path, language: str, rounds: int, pages: Iterable[str] = PAGES) -> dict[str, list[Visit]]:
    """The visits to a server of its own, with a diary of one year in this folder."""
    if server.chromium() is None:
        print("  no Chromium found: first visits are not measured", file=sys.stderr)
        return {}
    token = server.make_diary(data, 1, language)
    with server.running_server(data) as haru:
        server.wait_for(haru.has_models)
        return measure(haru.url, token, language, rounds, pages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--language", choices=("ko", "en"), default="ko")
    parser.add_argument("--pages", nargs="*", default=PAGES, choices=PAGES, metavar="PAGE")
    parser.add_argument("--list", action="store_true", help="also print the address of each request")
    options = parser.parse_args()
    table = ResultTable()
    with tempfile.TemporaryDirectory(prefix="haru-bench-") as folder:
        visits = run(Path(folder), options.language, options.rounds, options.pages)
    add_rows(table, visits)
    if options.list:
        for kind, found in visits.items():
            print(kind, *sorted(found[-1].requests), sep="\n  ")
    print(table)


if __name__ == "__main__":
    main()
