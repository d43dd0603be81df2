"""What the models said of an entry, kept beside what the person confirmed and never mixed with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from sqlite_utils import Database

from diary import database
from diary.sessions import Session
from emotions import EMOTIONS
from reading import Reading, is_distribution

SOURCES = ("voice", "face", "words", "fusion")


def insert(db: Database, entry_id: str, told: Sequence[Reading]) -> None:
    """Writes readings down inside the caller's transaction."""
    db.table("readings").insert_all(as_row(entry_id, reading, database.now()) for reading in told)


def as_row(entry_id: str, reading: Reading, created_at: str) -> dict:
    return {
        "entry_id": entry_id,
        "source": reading.source,
        "model": reading.model,
        "sure": int(reading.sure),
        **{emotion: float(reading.scores[emotion]) for emotion in EMOTIONS},
        "quality": json.dumps(dict(reading.quality)),
        "created_at": created_at,
    }


def of_entry(session: Session, entry_id: str) -> list[Reading]:
    """Without those that are damaged."""
    with database.connect() as db:
        rows = db.query(
            "select r.* from readings r join entries e on e.id = r.entry_id "
            "where e.id = ? and e.account_id = ? order by r.id",
            [entry_id, session.account_id],
        )
        return [reading for row in rows if (reading := _reading(row)) is not None]


def between(session: Session, first: date, last: date) -> dict[str, list[tuple[Reading, str]]]:
    """What was told of each entry of these days, and when, by the entry's id; without what is damaged."""
    told: dict[str, list[tuple[Reading, str]]] = {}
    with database.connect() as db:
        for row in db.query(
            "select r.* from readings r join entries e on e.id = r.entry_id "
            "where e.account_id = ? and e.day between ? and ? order by r.id",
            [session.account_id, first.isoformat(), last.isoformat()],
        ):
            if (reading := _reading(row)) is not None:
                told.setdefault(row["entry_id"], []).append((reading, row["created_at"]))
    return told


def count_damaged(session: Session, first: date, last: date) -> int:
    """How many readings of these days `between` leaves out."""
    with database.connect() as db:
        rows = db.query(
            "select r.* from readings r join entries e on e.id = r.entry_id "
            "where e.account_id = ? and e.day between ? and ?",
            [session.account_id, first.isoformat(), last.isoformat()],
        )
        return sum(_reading(row) is None for row in rows)


def are_valid(source: str, scores: Sequence[float | None]) -> bool:
    """Whether these can be what a model said; SQLite reads a damaged number that is none as nothing."""
    return source in SOURCES and None not in scores and is_distribution(scores)


def _reading(row: dict) -> Reading | None:
    """None if it is damaged."""
    scores = {emotion: row[emotion] for emotion in EMOTIONS}
    try:
        quality = json.loads(row["quality"])
        datetime.fromisoformat(row["created_at"])
    except ValueError:
        return None
    if not isinstance(quality, dict) or not all(isinstance(value, int | float) for value in quality.values()):
        return None
    if not are_valid(row["source"], list(scores.values())):
        return None
    return Reading(scores=scores, sure=bool(row["sure"]), quality=quality, source=row["source"], model=row["model"])
