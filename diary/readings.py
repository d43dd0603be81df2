"""What the models said of an entry, kept beside what the person confirmed and never mixed with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from sqlite_utils import Database

from diary import database
from diary.sessions import Session
from emotions import EMOTIONS
from reading import Reading


def record(db: Database, entry_id: str, told: Sequence[Reading]) -> None:
    """Writes readings down inside the caller's transaction."""
    db["readings"].insert_all(as_stored(entry_id, reading, database.now()) for reading in told)


def as_stored(entry_id: str, reading: Reading, created_at: str) -> dict:
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
    with database.connect() as db:
        rows = db.query(
            "select r.* from readings r join entries e on e.id = r.entry_id "
            "where e.id = ? and e.account_id = ? order by r.id",
            [entry_id, session.account_id],
        )
        return [_reading(row) for row in rows]


def between(session: Session, first: date, last: date) -> dict[str, list[tuple[Reading, str]]]:
    """What was told of each entry of these days, and when, by the entry's id."""
    told: dict[str, list[tuple[Reading, str]]] = {}
    with database.connect() as db:
        for row in db.query(
            "select r.* from readings r join entries e on e.id = r.entry_id "
            "where e.account_id = ? and e.day between ? and ? order by r.id",
            [session.account_id, first.isoformat(), last.isoformat()],
        ):
            told.setdefault(row["entry_id"], []).append((_reading(row), row["created_at"]))
    return told


def _reading(row: dict) -> Reading:
    return Reading(
        scores={emotion: row[emotion] for emotion in EMOTIONS},
        sure=bool(row["sure"]),
        quality=json.loads(row["quality"]),
        source=row["source"],
        model=row["model"],
    )
