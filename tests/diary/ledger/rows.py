"""New rows, changes of the file outside Haru, and what the check finds."""

from __future__ import annotations

from datetime import date
from typing import Any

from diary import (
    database,
    ledger_check,
)
from diary.entries import NewEntry
from diary.ledger_check import Finding
from diary.sessions import Session
from emotions import EMOTIONS
from reading import Reading
from stt.transcript import Transcript

ZONE = "Asia/Seoul"
DAY = date(2026, 1, 2)
WORDS = Transcript(segments=(), seconds=1.0, language="ko", language_probability=0.9, model="test")
HERE = "192.0.2.1"


def new(note: str = "a line", **changes: Any) -> NewEntry:
    return NewEntry(**{"mood": "fear", "intensity": 3, "day": DAY, "timezone": ZONE, "note": note} | changes)


def reading(source: str = "words") -> Reading:
    return Reading(dict.fromkeys(EMOTIONS, 1 / 7), sure=False, quality={"seconds": 1.0}, source=source, model="m")


def in_file(sql: str, *values: object) -> None:
    """Changes the file as somebody does who has no key."""
    with database.transaction() as db:
        db.execute(sql, values)


def found(session: Session) -> Finding:
    finding = ledger_check.check(session)
    assert finding is not None
    return finding
