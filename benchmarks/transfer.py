"""How long the export and the import of a long diary take: ten years of three entries a day.

python -m benchmarks.transfer                11,000 entries, a third of them with a model's reading
python -m benchmarks.transfer --entries N
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from benchmarks.timing import Stopwatch, Times
from diary import accounts, database, entries, readings, sessions
from diary.sessions import Session
from diary.transfer import detect, export, import_plan, importing, table
from diary.transfer.moods import suggest
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


def add_readings(session: Session) -> None:
    """Gives every third entry a reading of a model."""
    scores = {emotion: 1 / 7 for emotion in EMOTIONS}
    reading = Reading(scores, sure=False, quality={"seconds": 4.0, "weight": 0.7}, source="words", model="bench 1")
    with sessions.transaction(session) as db:
        for entry in entries.every(session)[::3]:
            readings.insert(db, session, entry.id, [reading])


def delete_entries(session: Session) -> None:
    with sessions.transaction(session) as db:
        db.table("entries").delete_where("account_id = ?", [session.account_id])


def import_file(session: Session, content: bytes) -> int:
    """Everything between the uploaded bytes and the imported entries; returns how many are new."""
    arrival = detect.read(content, ZONE)
    choices = {mood: suggest(mood) for mood in arrival.moods()}
    planned = import_plan.plan(session, arrival, choices, zone=ZONE)
    return importing.run_import(session, arrival, planned)


def measure(count: int) -> dict[str, Times]:
    """Every export and import, on a temporary folder."""
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder, _data_folder(folder):
        database.prepare()
        token = accounts.sign_up(
            accounts.NewAccount(
                "Bench",
                "a long password",
                born=date(1990, 1, 1),
                allowed=["diary"],
                language="ko",
                timezone=ZONE,
            ),
            today=date(2026, 11, 20),
            address="192.0.2.1",
        )
        session = sessions.find(token)
        assert session is not None
        daylio_file = daylio(count)
        with watch("import, Daylio (CSV)"):
            new = import_file(session, daylio_file)
        assert new == count
        add_readings(session)
        with watch("export, everything (JSON)"):
            exported = export.as_json(session)
        with watch("export, table (CSV)"):
            table.as_csv(session)
        with watch("import of entries that are here already"):
            new = import_file(session, exported)
        assert new == 0
        delete_entries(session)
        with watch("import, everything (JSON)"):
            new = import_file(session, exported)
        assert new == count
    return watch.steps


@contextmanager
def _data_folder(folder: str) -> Iterator[None]:
    before = os.environ.get("HARU_DATA")
    os.environ["HARU_DATA"] = folder
    try:
        yield
    finally:
        if before is None:
            del os.environ["HARU_DATA"]
        else:
            os.environ["HARU_DATA"] = before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=11_000)
    count = parser.parse_args().entries
    print(f"{count:,} entries")
    for step, times in measure(count).items():
        print(f"{step:<40} {times.clock[0]:6.2f} s   ({times.processor[0]:.2f} s of one processor)")


if __name__ == "__main__":
    main()
