"""Parses Day One's export: a zip with a JSON file for each journal, and its photos.

The format is that of Day One's JSON export as public importers read it (tuxedocat/dayone2md,
marcdonald/obsidian-day-one-importer, alxhslm/journey2dayone): `entries`, each with `uuid`, `creationDate` in UTC,
`timeZone`, `text` in Markdown and `photos`, whose file is `photos/<md5>.<type>`. An entry has no mood.
"""

from __future__ import annotations

import json
import posixpath
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from diary import days, errors
from diary.photos import PHOTOS_MAX
from diary.transfer import rich_text
from diary.transfer.foreign_photos import ForeignPhotos
from diary.transfer.parsed import ForeignEntry, expect_few

_FURTHER = ("videos", "audios", "pdfAttachments")
_MD5 = re.compile(r"[\w-]{1,100}")


def recognises(content: object) -> bool:
    entries = content.get("entries") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        return False
    return all(isinstance(entry, dict) and "creationDate" in entry for entry in entries[:1]) and (
        bool(entries) or isinstance(content.get("metadata"), dict)  # type: ignore[union-attr]
    )


def read(name: str, content: dict[str, Any], photos: ForeignPhotos, zone: str) -> list[ForeignEntry]:
    """The entries of one journal; `name` is its file in the zip."""
    folder = posixpath.join(posixpath.dirname(name), "photos")
    expect_few(len(content["entries"]))
    found = []
    for place, entry in enumerate(content["entries"], start=1):
        try:
            found.append(_entry(entry, folder, photos, zone))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise errors.LineUnreadable(place=place) from error
    return found


def _entry(entry: dict[str, Any], folder: str, photos: ForeignPhotos, zone: str) -> ForeignEntry:
    own_zone = days.known_zone(entry.get("timeZone"), zone)
    local = datetime.fromisoformat(entry["creationDate"]).astimezone(ZoneInfo(own_zone))
    tags = entry.get("tags") or []
    if not all(isinstance(tag, str) for tag in tags):
        raise TypeError("tags are text")
    for kind in _FURTHER:
        photos.left_out += len(entry.get(kind) or [])
    pictures = sorted(entry.get("photos") or [], key=lambda photo: photo.get("orderInEntry") or 0)
    photos.left_out += max(len(pictures) - PHOTOS_MAX, 0)
    return ForeignEntry(
        mood="",
        day=local.date(),
        at=None if entry.get("isAllDay") is True else local.time().replace(second=0, microsecond=0),
        note=_note(entry),
        tags=tuple(tags),
        zone=own_zone,
        key=f"day one {entry['uuid']}" if isinstance(entry.get("uuid"), str) else "",
        photos=tuple(filter(None, (photos.find(folder, _stem(photo)) for photo in pictures[:PHOTOS_MAX]))),
    )


def _stem(photo: dict[str, Any]) -> str:
    """The name of the photo's file without its ending, which differs from `type` in some exports (jpg, jpeg)."""
    md5 = photo.get("md5")
    return md5 if isinstance(md5, str) and _MD5.fullmatch(md5) else ""


def _note(entry: dict[str, Any]) -> str:
    text = entry.get("text")
    if isinstance(text, str) and text.strip():
        return rich_text.from_markdown(text)
    rich = entry.get("richText")
    if not isinstance(rich, str):
        return ""
    pieces = json.loads(rich)["contents"]
    return rich_text.tidied("".join(piece["text"] for piece in pieces if isinstance(piece.get("text"), str)))
