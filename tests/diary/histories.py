"""Adds entries for small diaries whose figures are computed by hand."""

from __future__ import annotations

from datetime import date, time

from diary import entries
from diary.entries import NewEntry
from diary.sessions import Session
from reading import Reading

SEOUL = "Asia/Seoul"


def keep(
    session: Session,
    day: str,
    mood: str = "happiness",
    intensity: int = 5,
    at: str | None = None,
    zone: str = SEOUL,
    note: str = "",
    tags: tuple[str, ...] = (),
    source: str = "hand",
    readings: tuple[Reading, ...] = (),
) -> str:
    """Adds an entry and returns its id; `at` is a time such as "23:59"."""
    clock = time.fromisoformat(at) if at else None
    draft = NewEntry(mood, intensity, date.fromisoformat(day), zone, note=note, tags=tags, at=clock, source=source)
    return entries.add(session, draft, readings=readings)
