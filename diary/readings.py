"""Readings: stores the models' answers for entries, apart from the mood that the person confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from sqlite_utils import Database

from diary import database, qualities
from diary.sessions import Session
from emotions import EMOTIONS
from reading import Reading, is_distribution

SOURCES = ("voice", "face", "words", "fusion")


def insert(db: Database, session: Session, entry_id: str, readings: Sequence[Reading]) -> None:
    """Stores readings inside the caller's transaction."""
    db.table("readings").insert_all(as_row(session, entry_id, reading, database.now()) for reading in readings)


def as_row(session: Session, entry_id: str, reading: Reading, created_at: str) -> dict:
    return {
        "entry_id": entry_id,
        "source": reading.source,
        "model": reading.model,
        "sure": int(reading.sure),
        **{emotion: float(reading.scores[emotion]) for emotion in EMOTIONS},
        "quality": qualities.SEALED,
        "sealed": qualities.sealed(session.vault, entry_id, reading.source, reading.quality),
        "created_at": created_at,
    }


def of_entry(session: Session, entry_id: str) -> list[Reading]:
    """The readings of an entry, without damaged ones."""
    with database.connect() as db:
        rows = db.query(
            "select r.* from readings r join entries e on e.id = r.entry_id "
            "where e.id = ? and e.account_id = ? order by r.id",
            [entry_id, session.account_id],
        )
        return [reading for row in rows if (reading := _reading(session, row)) is not None]


def between(session: Session, first: date, last: date) -> dict[str, list[tuple[Reading, str]]]:
    """The readings of these days' entries and when they were made, by entry id; without damaged ones."""
    by_entry: dict[str, list[tuple[Reading, str]]] = {}
    with database.connect() as db:
        for row in db.query(
            "select r.* from readings r join entries e on e.id = r.entry_id "
            "where e.account_id = ? and e.day between ? and ? order by r.id",
            [session.account_id, first.isoformat(), last.isoformat()],
        ):
            if (reading := _reading(session, row)) is not None:
                by_entry.setdefault(row["entry_id"], []).append((reading, row["created_at"]))
    return by_entry


def latest_qualities(session: Session, source: str, count: int) -> list[dict[str, float]]:
    """The qualities of a source's latest readings, the newest first; without damaged ones."""
    with database.connect() as db:
        rows = db.query(
            "select r.* from readings r join entries e on e.id = r.entry_id "
            "where e.account_id = ? and r.source = ? order by r.id desc limit ?",
            [session.account_id, source, count],
        )
        return [dict(reading.quality) for row in rows if (reading := _reading(session, row)) is not None]


def count_damaged(session: Session, first: date, last: date) -> Counter[str]:
    """The number of damaged readings of these days' entries, by entry id; `between` leaves these out."""
    with database.connect() as db:
        rows = db.query(
            "select r.* from readings r join entries e on e.id = r.entry_id "
            "where e.account_id = ? and e.day between ? and ?",
            [session.account_id, first.isoformat(), last.isoformat()],
        )
        return Counter(row["entry_id"] for row in rows if _reading(session, row) is None)


def are_valid(source: str, scores: Sequence[float | None]) -> bool:
    """Whether these scores can come from a model. SQLite returns None for a damaged number."""
    numbers = [score for score in scores if score is not None]
    return source in SOURCES and len(numbers) == len(scores) and is_distribution(numbers)


def _reading(session: Session, row: dict) -> Reading | None:
    """The reading of a row; None if it is damaged."""
    scores = {emotion: row[emotion] for emotion in EMOTIONS}
    try:
        datetime.fromisoformat(row["created_at"])
    except ValueError:
        return None
    quality = qualities.of_row(session.vault, row)
    if quality is None or not are_valid(row["source"], list(scores.values())):
        return None
    return Reading(scores=scores, sure=bool(row["sure"]), quality=quality, source=row["source"], model=row["model"])
