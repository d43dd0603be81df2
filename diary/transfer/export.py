"""Exports all data of a person in Haru's own format: a JSON file, or a zip of it with recordings, pictures and photos.

An entry is one line, so that people can read, search and compare files. Nothing goes to a temporary file.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from diary import (
    consents,
    damage,
    database,
    entries,
    errors,
    media,
    media_types,
    music_feedback,
    music_lists,
    own_tracks,
    photos,
    preferences,
    readings,
    trackers,
    transcripts,
    trusted,
)
from diary.entries import Entry
from diary.media import StoredMedium
from diary.photos import StoredPhoto
from diary.sessions import Session
from diary.transfer.export_parts import EVERYTHING, Part
from reading import Reading
from stt.transcript import Transcript

FORMAT, FORMAT_VERSION = "haru", 4
"""Version 2 added readings and media, 3 the transcripts of recordings, 4 feelings, photographs and trackers."""
CONTENT = "haru.json"
"""The name of the JSON inside a zip."""


@dataclass(frozen=True)
class LeftOut:
    """The numbers of damaged pieces that the export lacks."""

    entries: int
    readings: int
    media: int
    """Recordings, pictures and photographs."""
    transcripts: int
    trackers: int = 0
    tracker_values: int = 0
    """Values that do not open, and those of trackers that do not open."""


@dataclass(frozen=True)
class PackedMedium:
    """A recording or picture in a zip."""

    medium: StoredMedium
    created_at: str
    transcript: Transcript | None
    transcribed_at: str


@dataclass
class _Packed:
    """The recordings, pictures and photographs of one zip, by the entry's id, and the numbers of damaged pieces."""

    media: dict[str, list[PackedMedium]] = field(default_factory=dict)
    photos: dict[str, list[StoredPhoto]] = field(default_factory=dict)
    media_damaged: int = 0
    transcripts_damaged: int = 0


Reminders = Mapping[str, Any]
"""When and where a person is reminded, from the layer above (`reminders.overview`)."""


def as_json(session: Session, part: Part = EVERYTHING, reminders: Reminders | None = None) -> bytes:
    """All that Haru stores about a person, without keys, hashes, recordings, transcripts, pictures and photographs.

    A transcript belongs to its recording: its words have their times in it. What the person wrote down is in the note.
    """
    return _content(session, part, _Packed(), reminders or {})


def as_zip(session: Session, part: Part = EVERYTHING, reminders: Reminders | None = None) -> bytes:
    """The same together with the recordings, pictures and photographs, each an ordinary file."""
    contents = _Packed()
    words = transcripts.between(session, part.first, part.last)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as zipped:
        for entry_id, of_entry in media.between(session, part.first, part.last).items():
            for medium, created_at in of_entry if part.has(entry_id) else ():
                transcript, transcribed_at = words.get(medium.id, (None, ""))
                contents.transcripts_damaged += bool(transcribed_at) and transcript is None
                try:
                    content = media.content(session, medium.id)
                except errors.Unopenable:
                    contents.media_damaged += 1
                    continue
                # Includes media of a damaged entry, though no line names them.
                zipped.writestr(_file_name(medium), content)
                contents.media.setdefault(entry_id, []).append(
                    PackedMedium(medium, created_at, transcript, transcribed_at)
                )
        for entry_id, of_entry in photos.between(session, part.first, part.last).items():
            for photo in of_entry if part.has(entry_id) else ():
                try:
                    content = photos.content(session, photo.id)
                except errors.Unopenable:
                    contents.media_damaged += 1
                    continue
                zipped.writestr(_photo_name(photo), content)
                contents.photos.setdefault(entry_id, []).append(photo)
        # Last, because the entries must name only files that are in the zip.
        zipped.writestr(CONTENT, _content(session, part, contents, reminders or {}), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def left_out(session: Session, with_media: bool) -> LeftOut:
    """Counts the damaged pieces that the files will lack; opens everything once."""
    media_damaged = transcripts_damaged = 0
    if with_media:
        stored = [medium for of_entry in media.between(session, date.min, date.max).values() for medium, _ in of_entry]
        media_damaged = sum(not media.opens(session, medium.id) for medium in stored)
        of_entries = photos.between(session, date.min, date.max).values()
        media_damaged += sum(not photos.opens(session, photo.id) for of_entry in of_entries for photo in of_entry)
        words = transcripts.between(session, date.min, date.max).values()
        transcripts_damaged = sum(transcript is None for transcript, _ in words)
    return LeftOut(
        entries=damage.count_entries(session).damaged,
        readings=readings.count_damaged(session, date.min, date.max).total(),
        media=media_damaged,
        transcripts=transcripts_damaged,
        trackers=sum(tracker.is_damaged for tracker in trackers.every(session)),
        tracker_values=trackers.count_damaged_values(session),
    )


def _content(session: Session, part: Part, packed: _Packed, reminders: Reminders) -> bytes:
    found = [entry for entry in entries.between(session, part.first, part.last) if part.has(entry.id)]
    intact = [entry for entry in found if not entry.is_damaged]
    by_damage = readings.count_damaged(session, part.first, part.last)
    readings_damaged = sum(count for entry_id, count in by_damage.items() if part.has(entry_id))
    missing = LeftOut(
        entries=len(found) - len(intact),
        readings=readings_damaged,
        media=packed.media_damaged,
        transcripts=packed.transcripts_damaged,
        trackers=sum(tracker.is_damaged for tracker in trackers.every(session)),
        tracker_values=trackers.count_damaged_values(session, part.first, part.last),
    )
    facts = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "exported_at": database.now(),
        "left_out": vars(missing),
        "account": _account(session),
        "preferences": preferences.every(session),
        "consents": consents.history(session.account_id),
        "reminders": dict(reminders),
        "trusted": trusted.exported(session),
        "music": {
            "said": music_feedback.every(session),
            "own_tracks": own_tracks.exported(session),
            "lists": music_lists.exported(session),
        },
        "trackers": _trackers(session, part),
    }
    by_entry = readings.between(session, part.first, part.last)
    lines = (_encoded(_entry(entry, by_entry.get(entry.id, ()), packed)) for entry in intact)
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
        "name": session.name,
        "language": row["language"],
        "timezone": row["timezone"],
        "created_at": row["created_at"],
        "learns_since": row["learns_since"],
    }


def _trackers(session: Session, part: Part) -> list[dict]:
    """Every tracker with its values of the part's days. They are small: those of a century fit beside the entries."""
    values = trackers.between(session, part.first, part.last)
    return [
        {
            "id": tracker.id,
            "name": tracker.name,
            "emoji": tracker.emoji,
            "kind": tracker.kind,
            "values": {day.isoformat(): value for day, value in values.get(tracker.id, {}).items()},
        }
        for tracker in trackers.intact(session)
    ]


def _entry(entry: Entry, entry_readings: Sequence[tuple[Reading, str]], packed: _Packed) -> dict:
    line = {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in vars(entry).items()
        if name not in ("is_damaged", "is_altered")
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
    if entry_media := packed.media.get(entry.id):
        line["media"] = [_medium(medium) for medium in entry_media]
    if entry_photos := packed.photos.get(entry.id):
        line["photos"] = [{"file": _photo_name(photo), "created_at": photo.created_at} for photo in entry_photos]
    return line


def _medium(packed: PackedMedium) -> dict:
    medium = packed.medium
    line: dict[str, object] = {
        "kind": medium.kind,
        "mime": medium.mime,
        "file": _file_name(medium),
        "created_at": packed.created_at,
    }
    if packed.transcript is not None:
        line["transcript"] = {"created_at": packed.transcribed_at} | packed.transcript.as_dict()
    return line


def _photo_name(photo: StoredPhoto) -> str:
    return f"photos/{photo.id}.{photos.EXTENSION}"


def _file_name(medium: StoredMedium) -> str:
    return f"media/{medium.id}.{media_types.extension_of(medium.mime)}"
