"""Exports all data of a person in Haru's own format: a JSON file, or a zip of it with the recordings and pictures.

An entry is one line, so that people can read, search and compare files. Nothing goes to a temporary file.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from diary import (
    consents,
    damage,
    database,
    entries,
    errors,
    media,
    media_types,
    music_feedback,
    own_tracks,
    preferences,
    readings,
)
from diary.entries import Entry
from diary.media import StoredMedium
from diary.sessions import Session
from reading import Reading

FORMAT, FORMAT_VERSION = "haru", 2
CONTENT = "haru.json"
"""The name of the JSON inside a zip."""

# Haru makes a part in memory, and its own upload limits (detect.py) must accept it, JSON escapes included.
PART_TEXT_BYTES = 20 * 2**20
PART_BYTES = 80 * 2**20
_LINE_OVERHEAD = 700  # bytes of an entry, or of one reading, without its text


@dataclass(frozen=True)
class Part:
    """The days of one file; nearly every diary is a single part."""

    first: date
    last: date


@dataclass(frozen=True)
class LeftOut:
    """How many damaged pieces the export lacks."""

    entries: int
    readings: int
    media: int


EVERYTHING = Part(date.min, date.max)
StoredMedia = dict[str, list[tuple[StoredMedium, str]]]
"""By the entry's id; each medium with the moment at which it was stored."""


def parts(session: Session, with_media: bool = False) -> list[Part]:
    """Divides the diary into files that a server can hold in memory and an upload accepts."""
    firsts, text, total = [date.min], 0, 0
    for day, day_text, day_media in _sizes(session):
        day_total = day_text + (day_media if with_media else 0)
        if total and (text + day_text > PART_TEXT_BYTES or total + day_total > PART_BYTES):
            firsts.append(date.fromisoformat(day))
            text = total = 0
        text += day_text
        total += day_total
    lasts = [first - timedelta(days=1) for first in firsts[1:]] + [date.max]
    return [Part(first, last) for first, last in zip(firsts, lasts, strict=True)]


def _sizes(session: Session) -> list[tuple[str, int, int]]:
    """Each day that has entries, with the approximate bytes of its text and of its media."""
    with database.connect() as db:
        return db.execute(
            """
            select e.day,
                   sum(length(e.sealed) + :overhead * (1 + (select count(*) from readings r where r.entry_id = e.id))),
                   sum((select coalesce(sum(length(m.sealed)), 0) from media m where m.entry_id = e.id))
            from entries e where e.account_id = :account group by e.day order by e.day
            """,
            {"overhead": _LINE_OVERHEAD, "account": session.account_id},
        ).fetchall()


def as_json(session: Session, part: Part = EVERYTHING) -> bytes:
    """All that Haru stores about a person, without keys and hashes, and without recordings and pictures."""
    return _content(session, part, media={}, media_damaged=0)


def as_zip(session: Session, part: Part = EVERYTHING) -> bytes:
    """The same together with the recordings and pictures, each an ordinary file."""
    packed_media: StoredMedia = {}
    damaged = 0
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as zipped:
        for entry_id, of_entry in media.between(session, part.first, part.last).items():
            for medium, created_at in of_entry:
                try:
                    content = media.content(session, medium.id)
                except errors.Unopenable:
                    damaged += 1
                    continue
                # Includes media of a damaged entry, though no line names them.
                zipped.writestr(_file_name(medium), content)
                packed_media.setdefault(entry_id, []).append((medium, created_at))
        # Last, because the entries must name only files that are in the zip.
        zipped.writestr(CONTENT, _content(session, part, packed_media, damaged), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def left_out(session: Session, with_media: bool) -> LeftOut:
    """How much the files will lack; opens everything once to find out."""
    damaged = 0
    if with_media:
        stored = [medium for of_entry in media.between(session, date.min, date.max).values() for medium, _ in of_entry]
        damaged = sum(not media.opens(session, medium.id) for medium in stored)
    of_entries = damage.count_entries(session).damaged
    return LeftOut(of_entries, readings.count_damaged(session, date.min, date.max), damaged)


def _content(session: Session, part: Part, media: StoredMedia, media_damaged: int) -> bytes:
    found = entries.between(session, part.first, part.last)
    intact = [entry for entry in found if not entry.is_damaged]
    missing = LeftOut(len(found) - len(intact), readings.count_damaged(session, part.first, part.last), media_damaged)
    facts = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "exported_at": database.now(),
        "left_out": vars(missing),
        "account": _account(session),
        "preferences": preferences.every(session),
        "consents": consents.history(session.account_id),
        "music": {"said": music_feedback.every(session), "own_tracks": own_tracks.exported(session)},
    }
    by_entry = readings.between(session, part.first, part.last)
    lines = (_encoded(_entry(entry, by_entry.get(entry.id, ()), media.get(entry.id, ()))) for entry in intact)
    return b"".join(_document(facts, lines))


def _document(facts: dict, lines: Iterator[bytes]) -> Iterator[bytes]:
    yield _encoded(facts, indent=2).removesuffix(b"\n}") + b',\n  "entries": ['
    between = b"\n    "
    for line in lines:
        yield between + line
        between = b",\n    "
    yield b"\n  ]\n}\n"


def _encoded(content: dict, indent: int | None = None) -> bytes:
    # Hangul stays readable. A lone surrogate, which has no UTF-8 form, stays escaped.
    try:
        return json.dumps(content, ensure_ascii=False, indent=indent).encode()
    except UnicodeEncodeError:
        return json.dumps(content, indent=indent).encode()


def _account(session: Session) -> dict:
    with database.connect() as db:
        row = db.table("accounts").get(session.account_id)
    return {
        "name": row["shown_name"],
        "language": row["language"],
        "timezone": row["timezone"],
        "created_at": row["created_at"],
        "learns_since": row["learns_since"],
    }


def _entry(
    entry: Entry, entry_readings: Sequence[tuple[Reading, str]], entry_media: Sequence[tuple[StoredMedium, str]]
) -> dict:
    line = {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in vars(entry).items()
        if name != "is_damaged"
    }
    if entry_readings:
        line["readings"] = [
            {
                "source": reading.source,
                "model": reading.model,
                "sure": reading.sure,
                "scores": dict(reading.scores),
                "quality": dict(reading.quality),
                "created_at": created_at,
            }
            for reading, created_at in entry_readings
        ]
    if entry_media:
        line["media"] = [
            {"kind": medium.kind, "mime": medium.mime, "file": _file_name(medium), "created_at": created_at}
            for medium, created_at in entry_media
        ]
    return line


def _file_name(medium: StoredMedium) -> str:
    return f"media/{medium.id}.{media_types.extension_of(medium.mime)}"
