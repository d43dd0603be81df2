"""Exports a diary as Markdown: a zip with a file for each day, `2026/2026-11-30.md`, and its pictures beside it.

Each file begins with YAML front matter, which Obsidian shows as properties: mood and strength that the day shows, all
moods, tags, feelings and trackers. Haru does not import it again. Nothing goes to a temporary file.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date

from diary import calendar, days, entries, errors, media, media_types, photos, trackers
from diary.entries import Entry
from diary.sessions import Session
from diary.trackers import Tracker, Value
from diary.transfer.export_parts import EVERYTHING, Part
from diary.transfer.markdown_text import as_tag, as_written, quoted
from emotions import BY_KEY
from feelings import BY_KEY as FEELINGS


def as_zip(session: Session, part: Part = EVERYTHING, with_media: bool = False) -> bytes:
    """The days of one part that have an entry or a value of a tracker; damaged entries are left out."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        by_day = _by_day(session, part)
        values = trackers.between(session, part.first, part.last)
        by_name = [(tracker, values.get(tracker.id, {})) for tracker in trackers.intact(session)]
        attachments = _Attachments(session, part) if with_media else None
        tracked = {day for _, of_tracker in by_name for day in of_tracker} if part.entry_ids is None else set()
        for day in sorted(by_day.keys() | tracked):
            of_day = [(tracker, of_tracker[day]) for tracker, of_tracker in by_name if day in of_tracker]
            text = _file(session, day, by_day.get(day, []), of_day, zipped, attachments)
            zipped.writestr(_name(part, day), text.encode("utf-8", errors="replace"))
    return packed.getvalue()


class _Attachments:
    """The stored pictures, recordings and photographs of a part, by the entry's id."""

    def __init__(self, session: Session, part: Part) -> None:
        self._session = session
        self._media = media.between(session, part.first, part.last)
        self._photos = photos.between(session, part.first, part.last)

    def of(self, entry: Entry) -> Iterator[tuple[str, bytes]]:
        """The extension and the content of each one that opens."""
        for medium, _ in self._media.get(entry.id, ()):
            try:
                yield media_types.extension_of(medium.mime), media.content(self._session, medium.id)
            except errors.Unopenable:
                continue
        for photo in self._photos.get(entry.id, ()):
            try:
                yield photos.EXTENSION, photos.content(self._session, photo.id)
            except errors.Unopenable:
                continue


def _by_day(session: Session, part: Part) -> dict[date, list[Entry]]:
    """The entries of each day, earliest first."""
    by_day: dict[date, list[Entry]] = {}
    found = sorted(entries.between(session, part.first, part.last), key=lambda entry: entry.happened_at)
    for entry in found:
        if part.has(entry.id) and not entry.is_damaged:
            by_day.setdefault(entry.day, []).append(entry)
    return by_day


def _name(part: Part, day: date) -> str:
    """A day that is divided over several zips has a file in each, so the names differ."""
    suffix = f"-{min(part.entry_ids)[:8]}" if part.entry_ids else ""
    return f"{_stem(day)}{suffix}.md"


def _stem(day: date) -> str:
    return f"{day.year:04}/{day.isoformat()}"


def _file(
    session: Session,
    day: date,
    of_day: Sequence[Entry],
    values: Sequence[tuple[Tracker, Value]],
    zipped: zipfile.ZipFile,
    attachments: _Attachments | None,
) -> str:
    lines = ["---", *_front_matter(session, day, of_day, values), "---", ""]
    for entry in of_day:
        lines += [f"## {_heading(session, entry)}", ""]
        if entry.note.strip():
            lines += [as_written(entry.note), ""]
        for number, (extension, content) in enumerate(attachments.of(entry) if attachments else (), start=1):
            name = f"{_stem(day)}-{entry.id[:8]}-{number}.{extension}"
            zipped.writestr(name, content, zipfile.ZIP_STORED)
            lines += [f"![]({name.rpartition('/')[2]})", ""]
    return "\n".join(lines)


def _front_matter(
    session: Session, day: date, of_day: Sequence[Entry], values: Sequence[tuple[Tracker, Value]]
) -> Iterator[str]:
    yield f"date: {day.isoformat()}"
    if of_day:
        rule = calendar.DAYS_MOOD.of(session)
        moods = [(entry.day, entry.mood, entry.intensity) for entry in of_day]
        shown = calendar.days_of(moods, rule)[day].mood
        names = [BY_KEY[entry.mood].name(session.language) for entry in of_day]
        yield f"mood: {quoted(BY_KEY[shown].name(session.language))}"
        yield f"strength: {max(entry.intensity for entry in of_day if entry.mood == shown)}"
        if len(of_day) > 1:
            yield from _list("moods", names)
    yield from _list("tags", [as_tag(tag) for entry in of_day for tag in entry.tags])
    found = [FEELINGS[key].name(session.language) for entry in of_day for key in entry.feelings if key in FEELINGS]
    yield from _list("feelings", found)
    if values:
        yield "trackers:"
        yield from (f"  {quoted(tracker.name)}: {_value(tracker.kind, value)}" for tracker, value in values)


def _list(name: str, texts: Sequence[str]) -> Iterator[str]:
    """A property with each text once; nothing if there is none."""
    unique = [text for text in dict.fromkeys(texts) if text]
    if unique:
        yield f"{name}:"
        yield from (f"  - {quoted(text)}" for text in unique)


def _value(kind: str, value: Value) -> str:
    if kind == "yes_no":
        return "true" if value else "false"
    if kind == "minutes":
        hours, minutes = divmod(round(value), 60)
        return quoted(f"{hours}:{minutes:02}")  # unquoted, YAML 1.1 reads 7:30 as 450
    return str(value)


def _heading(session: Session, entry: Entry) -> str:
    at = f"{days.local_time(entry.happened_at, entry.timezone):%H:%M} " if entry.time_known else ""
    return f"{at}{BY_KEY[entry.mood].name(session.language)} {entry.intensity}/5"
