"""What the models said of an entry, kept beside what the person confirmed and never mixed with it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlite_utils import Database

from diary import database
from diary.sessions import Session
from emotions import EMOTIONS
from reading import Reading


def record(db: Database, entry_id: str, told: Sequence[Reading]) -> None:
    """Writes readings down inside the caller's transaction."""
    db["readings"].insert_all(
        {
            "entry_id": entry_id,
            "source": reading.source,
            "model": reading.model,
            "sure": int(reading.sure),
            **{emotion: float(reading.scores[emotion]) for emotion in EMOTIONS},
            "quality": json.dumps(dict(reading.quality)),
            "created_at": database.now(),
        }
        for reading in told
    )


def of_entry(session: Session, entry_id: str) -> list[Reading]:
    with database.connect() as db:
        rows = db.query(
            "select r.* from readings r join entries e on e.id = r.entry_id "
            "where e.id = ? and e.account_id = ? order by r.id",
            [entry_id, session.account_id],
        )
        return [_reading(row) for row in rows]


def _reading(row: dict) -> Reading:
    return Reading(
        scores={emotion: row[emotion] for emotion in EMOTIONS},
        sure=bool(row["sure"]),
        quality=json.loads(row["quality"]),
        source=row["source"],
        model=row["model"],
    )
