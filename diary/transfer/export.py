"""Everything of a person in Haru's own format: one JSON file, or a zip with the sound and pictures beside it.

An entry is one line, so that a file can be read, searched and compared; nothing is ever written to a temporary file.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
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
from diary.media import KeptMedium
from diary.sessions import Session
from reading import Reading

FORMAT, FORMAT_VERSION = "haru", 2
CONTENT = "haru.json"
"""The name of the JSON inside a zip."""

# A part is made in memory, and has to come back through an upload with its limits (files.py), escapes and all.
PART_WORDS = 20 * 2**20
PART_BYTES = 80 * 2**20
_AROUND_A_LINE = 700  # what an entry, or one reading of it, takes beside its words


@dataclass(frozen=True)
class Part:
    """Some days in a row that make one file; nearly everybody has a single one."""

    first: date
    last: date


@dataclass(frozen=True)
class LeftOut:
    """How much is damaged and so in no file."""

    entries: int
    readings: int
    media: int


EVERYTHING = Part(date.min, date.max)


def parts(session: Session, with_media: bool = False) -> list[Part]:
    """How the diary falls into files that a server can hold in memory and a person can bring back."""
    firsts, words, everything = [date.min], 0, 0
    for day, of_words, of_media in _sizes(session):
        of_everything = of_words + (of_media if with_media else 0)
        if everything and (words + of_words > PART_WORDS or everything + of_everything > PART_BYTES):
            firsts.append(date.fromisoformat(day))
            words = everything = 0
        words += of_words
        everything += of_everything
    lasts = [first - timedelta(days=1) for first in firsts[1:]] + [date.max]
    return [Part(first, last) for first, last in zip(firsts, lasts, strict=True)]


def _sizes(session: Session) -> list[tuple[str, int, int]]:
    """Each kept day with the bytes of its words and of its sound and pictures, roughly."""
    with database.connect() as db:
        return db.execute(
            """
            select e.day,
                   sum(length(e.sealed) + :around * (1 + (select count(*) from readings r where r.entry_id = e.id))),
                   sum((select coalesce(sum(length(m.sealed)), 0) from media m where m.entry_id = e.id))
            from entries e where e.account_id = :account group by e.day order by e.day
            """,
            {"around": _AROUND_A_LINE, "account": session.account_id},
        ).fetchall()


def as_json(session: Session, part: Part = EVERYTHING) -> bytes:
    """All that is stored about a person except what only guards it, and except sound and pictures."""
    return _content(session, part, kept={}, media_damaged=0)


def as_zip(session: Session, part: Part = EVERYTHING) -> bytes:
    """The same with the sound and pictures that were kept, each a file that can be played or looked at."""
    kept: dict[str, list[tuple[KeptMedium, str]]] = {}
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
                # What was kept with a damaged entry is packed too, though no line names it.
                zipped.writestr(_file_name(medium), content)
                kept.setdefault(entry_id, []).append((medium, created_at))
        # Only now is it known which files there are: the entries must name no other.
        zipped.writestr(CONTENT, _content(session, part, kept, damaged), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def left_out(session: Session, with_media: bool) -> LeftOut:
    """What the files will lack; to know it, all of it is opened once."""
    damaged = 0
    if with_media:
        kept = [medium for of_entry in media.between(session, date.min, date.max).values() for medium, _ in of_entry]
        damaged = sum(not media.opens(session, medium.id) for medium in kept)
    of_entries = damage.of_entries(session).damaged
    return LeftOut(of_entries, readings.count_damaged(session, date.min, date.max), damaged)


def _content(session: Session, part: Part, kept: dict[str, list[tuple[KeptMedium, str]]], media_damaged: int) -> bytes:
    found = entries.between(session, part.first, part.last)
    whole = [entry for entry in found if not entry.is_damaged]
    missing = LeftOut(len(found) - len(whole), readings.count_damaged(session, part.first, part.last), media_damaged)
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
    told = readings.between(session, part.first, part.last)
    lines = (_encoded(_entry(entry, told.get(entry.id, ()), kept.get(entry.id, ()))) for entry in whole)
    return b"".join(_document(facts, lines))


def _document(facts: dict, lines: Iterator[bytes]) -> Iterator[bytes]:
    yield _encoded(facts, indent=2).removesuffix(b"\n}") + b',\n  "entries": ['
    between = b"\n    "
    for line in lines:
        yield between + line
        between = b",\n    "
    yield b"\n  ]\n}\n"


def _encoded(content: dict, indent: int | None = None) -> bytes:
    # Readable Hangul where the text allows it; a lone surrogate has no UTF-8 form and stays escaped.
    try:
        return json.dumps(content, ensure_ascii=False, indent=indent).encode()
    except UnicodeEncodeError:
        return json.dumps(content, indent=indent).encode()


def _account(session: Session) -> dict:
    with database.connect() as db:
        row = db["accounts"].get(session.account_id)
    return {
        "name": row["shown_name"],
        "language": row["language"],
        "timezone": row["timezone"],
        "created_at": row["created_at"],
        "learns_since": row["learns_since"],
    }


def _entry(entry: Entry, told: list[tuple[Reading, str]] | tuple, kept: list[tuple[KeptMedium, str]] | tuple) -> dict:
    line = {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in vars(entry).items()
        if name != "is_damaged"
    }
    if told:
        line["readings"] = [
            {
                "source": reading.source,
                "model": reading.model,
                "sure": reading.sure,
                "scores": dict(reading.scores),
                "quality": dict(reading.quality),
                "created_at": created_at,
            }
            for reading, created_at in told
        ]
    if kept:
        line["media"] = [
            {"kind": medium.kind, "mime": medium.mime, "file": _file_name(medium), "created_at": created_at}
            for medium, created_at in kept
        ]
    return line


def _file_name(medium: KeptMedium) -> str:
    return f"media/{medium.id}.{media_types.ending_of(medium.mime)}"
