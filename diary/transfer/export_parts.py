"""Divides a diary into files that a server can hold in memory and an upload accepts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from diary import database
from diary.sessions import Session

# Haru makes a part in memory, and its own upload limits (detect.py) must accept it, JSON escapes included.
PART_TEXT_BYTES = 20 * 2**20
PART_BYTES = 80 * 2**20
_LINE_OVERHEAD = 700  # bytes of an entry, or of one reading, without its text


@dataclass(frozen=True)
class Part:
    """The days of one file; nearly every diary is a single part."""

    first: date
    last: date
    entry_ids: frozenset[str] | None = None
    """Where one day is too large for a file: which of its entries are in this one."""

    def has(self, entry_id: str) -> bool:
        return self.entry_ids is None or entry_id in self.entry_ids


EVERYTHING = Part(date.min, date.max)


def parts(session: Session, with_media: bool = False) -> list[Part]:
    """Divides the diary into files that a server can hold in memory and an upload accepts."""
    made: list[Part] = []
    first, gathered = date.min, _Size()
    for day, of_day in groupby(_sizes(session, with_media), key=lambda entry: entry.day):
        entries_of_day = list(of_day)
        size = sum((entry.size for entry in entries_of_day), _Size())
        if gathered and not (gathered + size).fits():
            made.append(Part(first, day - timedelta(days=1)))
            first, gathered = day, _Size()
        if size.fits():
            gathered += size
        else:
            made += [Part(day, day, entry_ids) for entry_ids in _divide(entries_of_day)]
            first = day + timedelta(days=1)
    if gathered or not made:
        made.append(Part(first, date.max))
    return made


@dataclass(frozen=True)
class _Size:
    """Approximate bytes in a file."""

    text: int = 0
    total: int = 0
    """Text and media."""

    def __add__(self, other: _Size) -> _Size:
        return _Size(self.text + other.text, self.total + other.total)

    def __bool__(self) -> bool:
        return self.total > 0

    def fits(self) -> bool:
        return self.text <= PART_TEXT_BYTES and self.total <= PART_BYTES


@dataclass(frozen=True)
class _EntrySize:
    day: date
    entry_id: str
    size: _Size


def _divide(entries_of_day: Sequence[_EntrySize]) -> Iterator[frozenset[str]]:
    """The entries of one day in as few files as fit. An entry is never divided."""
    entry_ids: list[str] = []
    gathered = _Size()
    for entry in entries_of_day:
        if entry_ids and not (gathered + entry.size).fits():
            yield frozenset(entry_ids)
            entry_ids, gathered = [], _Size()
        entry_ids.append(entry.entry_id)
        gathered += entry.size
    yield frozenset(entry_ids)


def _sizes(session: Session, with_media: bool) -> list[_EntrySize]:
    """The approximate bytes of each entry, in the order of their days."""
    with database.connect() as db:
        rows = db.execute(
            """
            select e.day, e.id,
                   length(e.sealed) + :overhead * (1 + (select count(*) from readings r where r.entry_id = e.id)),
                   (select coalesce(sum(length(m.sealed)), 0) from media m where m.entry_id = e.id)
                   + (select coalesce(sum(length(p.sealed)), 0) from photos p where p.entry_id = e.id),
                   (select coalesce(sum(length(t.sealed)), 0) from transcripts t join media m on m.id = t.medium_id
                    where m.entry_id = e.id)
            from entries e where e.account_id = :account order by e.day, e.id
            """,
            {"overhead": _LINE_OVERHEAD, "account": session.account_id},
        ).fetchall()
    if not with_media:  # transcripts belong to recordings
        return [_EntrySize(date.fromisoformat(day), entry_id, _Size(text, text)) for day, entry_id, text, _, _ in rows]
    return [
        _EntrySize(
            date.fromisoformat(day),
            entry_id,
            _Size(text + transcript_bytes, text + transcript_bytes + media_bytes),
        )
        for day, entry_id, text, media_bytes, transcript_bytes in rows
    ]
