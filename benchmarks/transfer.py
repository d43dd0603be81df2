"""How long a long diary takes to leave and to come back: ten years of three entries a day.

python -m benchmarks.transfer                11,000 entries; every third was read by a model
python -m benchmarks.transfer --entries N
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta

from diary import accounts, database, entries, readings, sessions
from diary.sessions import Session
from diary.transfer import detect, export, importing, table
from diary.transfer.moods import suggestion
from emotions import EMOTIONS
from reading import Reading

ZONE = "Asia/Seoul"
_A_DAY = 3


def daylio(count: int) -> bytes:
    lines = ["full_date,date,weekday,time,mood,activities,note_title,note"]
    for number in range(count):
        day = date(2026, 11, 1) - timedelta(days=number // _A_DAY)
        at = f"{8 + number % _A_DAY * 5}:{number % 60:02}"
        mood = ("rad", "good", "meh", "bad", "awful")[number % 5]
        note = f"{number}번째 기록. 오늘은 산책을 하고 친구를 만나 늦게까지 이야기했다. " * 3
        lines.append(f'{day},,,{at},{mood},"산책 | 친구 | 태그 {number % 40}","","{note}"')
    return "\n".join(lines).encode()


def have_read(session: Session) -> None:
    """Every third entry was read by a model."""
    scores = {emotion: 1 / 7 for emotion in EMOTIONS}
    reading = Reading(scores, sure=False, quality={"seconds": 4.0, "weight": 0.7}, source="words", model="bench 1")
    with database.change() as db:
        for entry in entries.every(session)[::3]:
            readings.record(db, entry.id, [reading])


def empty(session: Session) -> None:
    with database.change() as db:
        db["entries"].delete_where("account_id = ?", [session.account_id])


class Clock:
    """Seconds of each step on the clock, beside those of one processor."""

    def __init__(self) -> None:
        self.steps: dict[str, tuple[float, float]] = {}

    def __call__(self, what: str, do: Callable[[], object]) -> object:
        begin, worked = time.perf_counter(), time.process_time()
        result = do()
        self.steps[what] = (time.perf_counter() - begin, time.process_time() - worked)
        return result


def bring(session: Session, content: bytes) -> int:
    """All that happens between the uploaded bytes and the sentence that it is done."""
    arrival = detect.read(content, ZONE)
    choices = {mood: suggestion(mood) for mood in arrival.moods()}
    planned = importing.plan(session, arrival, choices, zone=ZONE)
    return importing.carry_out(session, arrival, planned)


def measure(count: int) -> dict[str, tuple[float, float]]:
    """Each way out and in, on a folder of its own, in seconds (clock, processor)."""
    before, timed = os.environ.get("HARU_DATA"), Clock()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HARU_DATA"] = folder
        database.prepare()
        token = accounts.sign_up(
            "Bench",
            "a long password",
            born=date(1990, 1, 1),
            today=date(2026, 11, 20),
            allowed=["diary"],
            language="ko",
            timezone=ZONE,
            address="192.0.2.1",
        )
        session = sessions.find(token)
        brought = daylio(count)
        assert timed("import, Daylio (CSV)", lambda: bring(session, brought)) == count
        have_read(session)
        exported = timed("export, everything (JSON)", lambda: export.as_json(session))
        timed("export, table (CSV)", lambda: table.as_csv(session))
        assert timed("import of what is here already", lambda: bring(session, exported)) == 0
        empty(session)
        assert timed("import, everything (JSON)", lambda: bring(session, exported)) == count
    if before is not None:
        os.environ["HARU_DATA"] = before
    return timed.steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=11_000)
    count = parser.parse_args().entries
    print(f"{count:,} entries")
    for what, (seconds, on_cpu) in measure(count).items():
        print(f"{what:<34} {seconds:6.2f} s   ({on_cpu:.2f} s of one processor)")


if __name__ == "__main__":
    main()
