"""Parses Journey's export: a zip with a JSON file for each entry, and its photos beside.

The fields are those that andi0b/journey-markdown-converter and alxhslm/journey2dayone read: `date_journal` in
milliseconds, `timezone`, `text` (HTML, or Markdown by `type`), `mood`, `tags` and `photos`. Later exports have
`dateOfJournal` as a date in text. The files of an entry begin with its `id`.

Importers disagree about whether mood 5 is the best or the worst, so Haru suggests none and the person chooses.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from diary import days, errors
from diary.photos import PHOTOS_MAX
from diary.transfer import rich_text
from diary.transfer.foreign_photos import PICTURES, ForeignPhotos
from diary.transfer.parsed import ForeignEntry, ParsedMedium

_DATES = ("date_journal", "dateOfJournal")
_HTML = re.compile(r"</?(?:p|div|br|span|ul|ol|li|h\d|b|strong|em|i)\b", re.IGNORECASE)
_MOODS_MAX = 10


def recognises(content: object) -> bool:
    return isinstance(content, dict) and "text" in content and any(name in content for name in _DATES)


def read(name: str, content: dict[str, Any], place: int, photos: ForeignPhotos, zone: str) -> ForeignEntry:
    """The entry in one JSON file; `place` counts the files."""
    try:
        return _entry(name, content, photos, zone)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
        raise errors.LineUnreadable(place=place) from error


def _entry(name: str, content: dict[str, Any], photos: ForeignPhotos, zone: str) -> ForeignEntry:
    own_zone = days.known_zone(content.get("timezone"), zone)
    local = _moment(content).astimezone(ZoneInfo(own_zone))
    tags = content.get("tags") or []
    text = content["text"] or ""
    if not isinstance(text, str) or not all(isinstance(tag, str) for tag in tags):
        raise TypeError("a note and tags are text")
    as_html = content.get("type") != "markdown" and bool(_HTML.search(text))
    own_id = content.get("id")
    return ForeignEntry(
        mood=_mood(content.get("mood")),
        day=local.date(),
        at=local.time().replace(second=0, microsecond=0),
        note=rich_text.from_html(text) if as_html else rich_text.from_markdown(text),
        tags=tuple(tags),
        zone=own_zone,
        key=f"journey {own_id}" if isinstance(own_id, str) and own_id else "",
        photos=_photos(posixpath.dirname(name), content.get("photos") or [], photos),
    )


def _moment(content: dict[str, Any]) -> datetime:
    value = next(content[name] for name in _DATES if name in content)
    if isinstance(value, str):
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a date is text or milliseconds")
    return datetime.fromtimestamp(value / 1000, UTC)


def _mood(value: object) -> str:
    """The number of the mood as text; empty where the person chose none."""
    if value is None or value == 0:
        return ""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _MOODS_MAX:
        raise ValueError("a mood is a small number")
    return str(value)


def _photos(folder: str, named: Sequence[str], photos: ForeignPhotos) -> tuple[ParsedMedium, ...]:
    pictures = [name for name in named if posixpath.splitext(name)[1].lower() in PICTURES]
    photos.left_out += len(named) - len(pictures) + max(len(pictures) - PHOTOS_MAX, 0)
    stems = (posixpath.splitext(posixpath.basename(name))[0] for name in pictures[:PHOTOS_MAX])
    return tuple(filter(None, (photos.find(folder, stem) for stem in stems)))
