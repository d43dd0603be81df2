"""How long the pages of a ten-year diary take: `python -m benchmarks.page_reruns [--years 10] [--rounds 5]`.

It makes a diary of three entries a day and times the rerun of each page by Streamlit's AppTest (script, decryption and
charts, without the browser). It times the month again in shorter diaries: its cost must not grow. On a busy machine
only the processor time counts.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.timing import Stopwatch
from diary import accounts, database, days, entries, readings, sessions
from diary.entries import NewEntry
from diary.report import spans
from diary.sessions import Session
from emotions import EMOTIONS
from reading import Reading

UI = Path(__file__).parent.parent / "ui.py"
ZONE = "Asia/Seoul"
ENTRIES_A_DAY = 3
LIMIT, DAYS_LIMIT = 500, 250
"""Milliseconds; the second one for the calendar, in which people walk from month to month and from day to day."""
TAGS = ("work", "family", "running", "산책", "friends", "study", "잠", "food", "travel", "비")
LINES = (
    "오늘은 도서관에서 오래 앉아 있었다. 창밖으로 비가 왔다.",
    "Met an old friend for coffee and stayed far too long.",
    "회의가 길었다. 그래도 저녁에 산책을 해서 괜찮았다.",
    "Slept badly, ran anyway.",
    "",
)


def fill_diary(session: Session, years: int, seed: int = 1) -> int:
    """Fills a diary up to yesterday in one transaction; returns the number of entries."""
    rng = random.Random(seed)
    today = days.today(ZONE)
    moment = database.now()
    rows = []
    for back in range(round(years * 365.25)):
        day = today - timedelta(days=back + 1)
        for hour in rng.sample(range(6, 24), ENTRIES_A_DAY):
            draft = NewEntry(
                rng.choices(EMOTIONS, (4, 1, 4, 1, 1, 2, 2))[0],
                rng.randint(1, 5),
                day,
                ZONE,
                note=rng.choice(LINES),
                tags=tuple(rng.sample(TAGS, rng.randint(0, 3))),
                at=clock(hour, rng.randint(0, 59)),
                source=rng.choice(("hand", "hand", "words", "voice", "fusion")),
            )
            owned = {"id": draft.id, "account_id": session.account_id, "version": 1}
            rows.append(entries._columns(session, draft) | owned | {"created_at": moment, "updated_at": moment})
    with sessions.transaction(session) as db:
        db.table("entries").insert_all(rows)
        _record_readings(session, db, rows, rng, moment)
    return len(rows)


def _record_readings(session: Session, db, rows: list[dict], rng: random.Random, moment: str) -> None:
    def scores() -> dict[str, float]:
        drawn = [rng.expovariate(1) for _ in EMOTIONS]
        return {mood: value / sum(drawn) for mood, value in zip(EMOTIONS, drawn, strict=True)}

    db.table("readings").insert_all(
        readings.as_row(session, row["id"], Reading(scores(), True, {}, row["source"], "made up"), moment)
        for row in rows
        if row["source"] != "hand"
    )


class Visitor:
    """A signed-in person who opens one page after another."""

    def __init__(self, token: str) -> None:
        from streamlit.testing.v1 import AppTest

        from components import visitor

        visitor.session_cookie = lambda: token
        self.app = AppTest.from_file(UI, default_timeout=120).run()

    def go(self, page: str, address: tuple[tuple[str, str], ...] = (), **state: object) -> None:
        """Opens a page with the parameters of its address, and with values in the session state."""
        for key, value in state.items():
            self.app.session_state[key] = value
        self.app.query_params.clear()
        for name, value in address:
            self.app.query_params[name] = value
        self.app.switch_page(page).run()
        if self.app.exception or self.app.error:
            sys.exit(f"{page} failed: {[element.value for element in (*self.app.exception, *self.app.error)]}")


def report(name: str, show: Callable[[], object], rounds: int) -> float:
    """Prints the times of some rounds after a first one, and returns the median milliseconds on the clock."""
    show()
    watch = Stopwatch()
    for _ in range(rounds):
        with watch(name):
            show()
    clock, processor = 1000 * watch.steps[name].clock, 1000 * watch.steps[name].processor
    print(f"{name:<34} {np.median(clock):7.0f} {clock.max():7.0f} {np.median(processor):9.0f}", flush=True)
    return float(np.median(clock))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    from web import streamlit_private  # imports Streamlit, which benchmarks.server does without

    with streamlit_private.app_tests_register_pages_only_by_navigation():
        return _measure(options.years, options.rounds)


def _measure(longest: int, rounds: int) -> int:
    from components import state

    os.environ["HARU_DATA"] = tempfile.mkdtemp()
    database.prepare()

    def diary_of(years: int) -> tuple[str, int]:
        token = accounts.sign_up(
            accounts.NewAccount(
                f"{years} years",
                "a long password 1",
                language="ko",
                born=date(1990, 1, 1),
                allowed=["diary"],
                timezone=ZONE,
            ),
            today=days.today(ZONE),
            address="192.0.2.1",
        )
        session = sessions.find(token)
        assert session is not None
        return token, fill_diary(session, years)

    print(f"{'milliseconds of a rerun':<34} {'p50':>7} {'worst':>7} {'processor':>9}")
    token, count = diary_of(longest)
    visitor = Visitor(token)
    earlier = days.today(ZONE) - timedelta(days=100)
    views: dict[str, tuple[str, dict[str, Any]]] = {
        "help (nothing of the diary)": ("pages/help.py", {}),
        "month": ("pages/days.py", {}),
        "another month": ("pages/days.py", {"address": (("month", f"{earlier:%Y-%m}"),)}),
        "a day opened": ("pages/days.py", {"address": (("day", earlier.isoformat()),)}),
        "year": ("pages/year.py", {}),
    }
    for section in ("time", "rhythm", "compare", "tags", "models"):
        views[f"history, all years: {section}"] = (
            "pages/history.py",
            {"history_period": "all", "history_section": section},
        )
    last = days.today(ZONE)
    all_days = spans.own(last - timedelta(days=round(longest * 365.25)), last)
    for name, span in (("year", spans.year(last - timedelta(days=365))), ("all years", all_days)):
        # `report_pdf_common_words` opens and reads every note.
        views[f"on one page: {name}, with words"] = (
            "pages/report.py",
            {state.REPORT_SPAN.key: span, "report_pdf_common_words": True},
        )
    views["find a word in all years"] = ("pages/find.py", {"find_words": "도서관은"})
    medians = {
        name: report(name, lambda page=page, state=state: visitor.go(page, **state), rounds)
        for name, (page, state) in views.items()
    }
    for years in (years for years in (1, 3) if years < longest):
        shorter = Visitor(diary_of(years)[0])
        report(f"month, in a diary of {years} year(s)", lambda shorter=shorter: shorter.go("pages/days.py"), rounds)
    of_calendar = ("month", "another month", "a day opened")
    limits = {name: DAYS_LIMIT if name in of_calendar else LIMIT for name in medians}
    slow = [f"{name} ({limits[name]} ms)" for name, median in medians.items() if median > limits[name]]
    print(f"{count:,} entries; over their limit: {', '.join(slow) or 'none'}")
    return bool(slow)


if __name__ == "__main__":
    sys.exit(main())
