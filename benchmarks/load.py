"""Measures many people at once: seconds until an entry is saved, and memory for each open tab and after all closed.

python -m benchmarks.load [--people 30] [--visits 200]
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.server import RunningServer, running_server, wait_for
from benchmarks.tab import Tab, open_tab
from benchmarks.table import ResultTable
from diary import accounts, consents, database, days, entries, sessions
from diary.entries import NewEntry

ZONE = "Asia/Seoul"
_ENTRIES = 40
_SAVES = 3
_PAUSES = (1.0, 5.0)
"""Seconds between two steps of a person who reads and types; each is drawn between these."""
_SECONDS_TO_REST = 150
"""A closed tab may come back for two minutes; then its memory is free again."""


def make_people(data: Path, count: int) -> list[str]:
    """Makes accounts with some entries each; returns the tokens of their sessions."""
    os.environ["HARU_DATA"] = str(data)
    database.prepare()
    return [_person(number) for number in range(count)]


def _person(number: int) -> str:
    account = accounts.NewAccount(
        f"person {number}",
        "the password of the benchmark",
        born=date(1990, 1, 1),
        allowed=[consents.DIARY],
        language="en",
        timezone=ZONE,
    )
    # An address each: from one, only so many may sign up in an hour.
    token = accounts.sign_up(account, today=days.today(ZONE), address=f"192.0.2.{number}")
    session = sessions.find(token)
    assert session is not None
    for ago in range(_ENTRIES):
        day = days.today(ZONE) - timedelta(days=ago + 1)
        entries.add(session, NewEntry("fear", 3, day, ZONE, "some words " * 10, ("a", "b")))
    return token


def save(tab: Tab, note: str, pause: Callable[[], None] = lambda: None) -> float:
    """Types a note, taps a mood and presses *Keep it*; returns the seconds from the press to the saved entry."""
    tab.set("note_", note)
    tab.run()
    pause()
    tab.set("mood_choice_", ["Fear"])
    tab.run()
    pause()
    tab.set("save_new", True)
    started = time.perf_counter()
    drawn = tab.run()
    tab.forget_values()
    while note not in drawn:  # the page runs once more, and shows what was kept
        drawn = tab.finish()
    return time.perf_counter() - started


def at_once(haru: RunningServer, tokens: list[str], table: ResultTable, paused: bool) -> int:
    """Everybody opens Today and saves entries at the same time; returns how many entries were saved.

    `paused`: with the pauses of a person. Without, each step follows the answer to the one before.
    """
    before = haru.megabytes
    gate = threading.Barrier(len(tokens))
    with ExitStack() as open_tabs:
        tabs = [open_tabs.enter_context(open_tab(haru.url, token)) for token in tokens]

        def visit(number: int) -> tuple[float, list[float]]:
            tab, rng = tabs[number], random.Random(number)

            def pause() -> None:
                time.sleep(rng.uniform(*_PAUSES) if paused else 0.0)

            gate.wait()
            pause()
            started = time.perf_counter()
            tab.run()
            opened = time.perf_counter() - started
            return opened, [save(tab, f"kept by {number}, {turn}, {paused}", pause) for turn in range(_SAVES)]

        with ThreadPoolExecutor(len(tokens)) as pool:
            visits = list(pool.map(visit, range(len(tokens))))
        who = f"{len(tokens)} people at once, {'with pauses of seconds' if paused else 'without any pause'}"
        table.add(f"{who}: Today is drawn, p95", _p95([opened for opened, _ in visits]), "s")
        limit = 1.5 if paused else None
        table.add(f"{who}: an entry is saved, p95", _p95([s for _, saves in visits for s in saves]), "s", limit)
        table.add("memory for each open tab", (haru.megabytes - before) / len(tokens), "MB", 2.0)
    return len(tokens) * _SAVES


def open_and_close(haru: RunningServer, tokens: list[str], visits: int, table: ResultTable) -> None:
    before = haru.megabytes
    for visit in range(visits):
        with open_tab(haru.url, tokens[visit % len(tokens)]) as tab:
            tab.run()
    time.sleep(_SECONDS_TO_REST)
    table.add(f"memory after {visits} tabs opened and closed, to before", haru.megabytes / before, "times", 1.1)


def _p95(seconds: list[float]) -> float:
    return float(np.percentile(seconds, 95))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--visits", type=int, default=200)
    options = parser.parse_args()
    table = ResultTable()
    with tempfile.TemporaryDirectory(prefix="haru-load-") as folder:
        data = Path(folder)
        tokens = make_people(data, options.people)
        with running_server(data) as haru:
            wait_for(haru.has_models)
            with open_tab(haru.url, tokens[0]) as tab:  # what the first page imports counts for nobody
                tab.run()
                save(tab, "the first")
            saved = 1 + sum(at_once(haru, tokens, table, paused) for paused in (True, False))
            open_and_close(haru, tokens, options.visits, table)
        with sqlite3.connect(data / "haru.db") as connection:
            (stored,) = connection.execute("select count(*) from entries").fetchone()
        if lost := options.people * _ENTRIES + saved - stored:
            raise SystemExit(f"{lost} entries were said to be saved and are not in the database.")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n\n{table}")


if __name__ == "__main__":
    main()
