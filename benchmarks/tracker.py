"""How long ten years of a diary take to show: `python -m benchmarks.tracker [--years 10] [--rounds 5]`.

Makes a diary of three entries a day and times, for each view, the whole rerun of its page by Streamlit's own AppTest
(script, sealed words, charts; not the browser's drawing). The month is timed again in diaries of fewer years: its cost
must not grow. Beside the time on the clock stands the processor's own: on a busy machine only the second says what a
view costs.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from datetime import time as clock
from pathlib import Path

from diary import accounts, database, days, entries, sessions
from diary.entries import Draft
from diary.sessions import Session
from emotions import EMOTIONS

UI = Path(__file__).parent.parent / "ui.py"
ZONE = "Asia/Seoul"
ENTRIES_A_DAY = 3
LIMIT = 500
TAGS = ("work", "family", "running", "산책", "friends", "study", "잠", "food", "travel", "비")
LINES = (
    "오늘은 도서관에서 오래 앉아 있었다. 창밖으로 비가 왔다.",
    "Met an old friend for coffee and stayed far too long.",
    "회의가 길었다. 그래도 저녁에 산책을 해서 괜찮았다.",
    "Slept badly, ran anyway.",
    "",
)


def keep(session: Session, years: int, seed: int = 1) -> int:
    """Fills a diary up to today, in one transaction; how many entries it made."""
    chance = random.Random(seed)
    today = days.today(ZONE)
    moment = database.now()
    rows = []
    for back in range(round(years * 365.25)):
        day = today - timedelta(days=back + 1)
        for hour in chance.sample(range(6, 24), ENTRIES_A_DAY):
            draft = Draft(
                chance.choices(EMOTIONS, (4, 1, 4, 1, 1, 2, 2))[0],
                chance.randint(1, 5),
                day,
                ZONE,
                note=chance.choice(LINES),
                tags=tuple(chance.sample(TAGS, chance.randint(0, 3))),
                at=clock(hour, chance.randint(0, 59)),
                source=chance.choice(("hand", "hand", "words", "voice", "fusion")),
            )
            owned = {"id": draft.id, "account_id": session.account_id, "version": 1}
            rows.append(entries._row(session, draft) | owned | {"created_at": moment, "updated_at": moment})
    with database.change() as db:
        db["entries"].insert_all(rows)
        _record_readings(db, rows, chance, moment)
    return len(rows)


def _record_readings(db, rows: list[dict], chance: random.Random, moment: str) -> None:
    def scores() -> dict[str, float]:
        drawn = [chance.expovariate(1) for _ in EMOTIONS]
        return {mood: value / sum(drawn) for mood, value in zip(EMOTIONS, drawn, strict=True)}

    told = {"model": "made up", "sure": 1, "quality": "{}", "created_at": moment}
    db["readings"].insert_all(
        {"entry_id": row["id"], "source": row["source"], **told, **scores()} for row in rows if row["source"] != "hand"
    )


class Visitor:
    """Somebody signed in, on one page after another."""

    def __init__(self, token: str) -> None:
        from streamlit.runtime.pages_manager import PagesManager
        from streamlit.testing.v1 import AppTest

        from components import visitor

        made = PagesManager.__init__

        def only_by_navigation(self: PagesManager, *arguments, **options) -> None:
            made(self, *arguments, **options)
            PagesManager.uses_pages_directory = False

        PagesManager.__init__ = only_by_navigation
        visitor.session_cookie = lambda: token
        self.app = AppTest.from_file(UI, default_timeout=120).run()

    def go(self, page: str, **state: object) -> None:
        for key, value in state.items():
            self.app.session_state[key] = value
        self.app.switch_page(page).run()
        if self.app.exception or self.app.error:
            sys.exit(f"{page} failed: {[one.value for one in (*self.app.exception, *self.app.error)]}")


def report(name: str, show: Callable[[], object], rounds: int) -> float:
    """Median milliseconds on the clock, after one round that nobody counts."""
    show()
    on_clock, of_processor = [], []
    for _ in range(rounds):
        began, worked = time.perf_counter(), time.process_time()
        show()
        on_clock.append((time.perf_counter() - began) * 1e3)
        of_processor.append((time.process_time() - worked) * 1e3)
    median = statistics.median(on_clock)
    print(f"{name:<34} {median:7.0f} {max(on_clock):7.0f} {statistics.median(of_processor):9.0f}", flush=True)
    return median


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    os.environ["HARU_DATA"] = tempfile.mkdtemp()
    database.prepare()

    def diary_of(years: int) -> tuple[str, int]:
        token = accounts.sign_up(
            f"{years} years",
            "a long password 1",
            language="ko",
            born=date(1990, 1, 1),
            today=days.today(ZONE),
            allowed=["diary"],
            timezone=ZONE,
            address="192.0.2.1",
        )
        return token, keep(sessions.find(token), years)

    print(f"{'milliseconds of a rerun':<34} {'p50':>7} {'worst':>7} {'processor':>9}")
    token, made = diary_of(chosen.years)
    there = Visitor(token)
    shown = {"help (nothing of the diary)": ("pages/help.py", {})}
    shown["month"] = ("pages/days.py", {})
    shown["year"] = ("pages/year.py", {})
    for section in ("time", "rhythm", "compare", "tags", "models"):
        shown[f"history, all years: {section}"] = (
            "pages/history.py",
            {"history_period": "all", "history_section": section},
        )
    shown["find a word in all years"] = ("pages/find.py", {"find_words": "도서관은"})
    medians = {
        name: report(name, lambda page=page, state=state: there.go(page, **state), chosen.rounds)
        for name, (page, state) in shown.items()
    }
    for years in (1, 3):
        fewer = Visitor(diary_of(years)[0])
        report(f"month, in a diary of {years} year(s)", lambda fewer=fewer: fewer.go("pages/days.py"), chosen.rounds)
    slow = [name for name, median in medians.items() if median > LIMIT]
    print(f"{made:,} entries; over {LIMIT} ms: {', '.join(slow) or 'none'}")
    return bool(slow)


if __name__ == "__main__":
    sys.exit(main())
