"""Parses a backup of Daylio: a zip with `backup.daylio`, which is JSON in base64, and the photos under `assets/`.

The format is that which mbafford/daylio-markdown-export, charistas/daylio-scribe and Guekka/DaylioBackupTools read:
`dayEntries` with `year`, `month` (from 0), `day`, `hour`, `minute`, `mood`, `note_title`, `note`, `tags` and `assets`;
`customMoods`, whose `custom_name` is empty for the five moods that Daylio brings; and `assets`, whose file is named
after its `checksum`, without an ending.
"""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from diary import errors
from diary.photos import PHOTOS_MAX
from diary.transfer import daylio
from diary.transfer.foreign_photos import ForeignPhotos
from diary.transfer.parsed import ForeignEntry, ParsedMedium, expect_few

CONTENT = "backup.daylio"
_PREDEFINED = {1: "rad", 2: "good", 3: "meh", 4: "bad", 5: "awful"}
_PHOTO = 1  # the type of an asset; 2 is a recording
_NAMELESS = ("", "NULL")
_CHECKSUM = re.compile(r"[\w-]{1,100}")


def decoded(content: bytes) -> bytes:
    """The JSON inside `backup.daylio`."""
    try:
        return base64.b64decode(content, validate=False)
    except (binascii.Error, ValueError) as error:
        raise errors.FileDamaged() from error


def read(content: Any, photos: ForeignPhotos) -> list[ForeignEntry]:
    try:
        moods = {mood["id"]: _mood_name(mood) for mood in content["customMoods"]}
        tags = {tag["id"]: tag["name"] for tag in content["tags"]}
        assets = {asset["id"]: asset for asset in content.get("assets") or []}
        entries = list(content["dayEntries"])
        files = {posixpath.basename(name): name for name in photos.archive.names if "assets/" in f"/{name}"}
        if not all(isinstance(tag, str) for tag in tags.values()):
            raise TypeError("tags are text")
    except (KeyError, TypeError, AttributeError) as error:
        raise errors.FileDamaged() from error
    expect_few(len(entries))
    found = []
    for place, entry in enumerate(entries, start=1):
        try:
            at = time(entry["hour"], entry["minute"])
            found.append(
                ForeignEntry(
                    mood=moods[entry["mood"]],
                    day=date(entry["year"], entry["month"] + 1, entry["day"]),
                    at=at,
                    note=daylio.note(entry.get("note_title") or "", entry.get("note") or ""),
                    tags=tuple(tags[tag] for tag in entry.get("tags") or [] if tag in tags),
                    photos=_photos([assets.get(asset) for asset in entry.get("assets") or []], files, photos),
                )
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise errors.LineUnreadable(place=place) from error
    return found


def _mood_name(mood: dict[str, Any]) -> str:
    own = mood.get("custom_name") or ""
    if not isinstance(own, str):
        raise TypeError("the name of a mood is text")
    if own.strip() not in _NAMELESS:
        return own.strip()
    predefined = mood.get("predefined_name_id")
    return _PREDEFINED[predefined if predefined in _PREDEFINED else mood["mood_group_id"]]


def _photos(
    assets: list[dict[str, Any] | None], files: Mapping[str, str], photos: ForeignPhotos
) -> tuple[ParsedMedium, ...]:
    found = []
    for asset in assets:
        if asset is None or asset.get("type") != _PHOTO or len(found) >= PHOTOS_MAX:
            photos.left_out += 1
            continue
        checksum = asset.get("checksum")
        name = files.get(checksum) if isinstance(checksum, str) and _CHECKSUM.fullmatch(checksum) else None
        if name is None:
            photos.missing += 1
        else:
            found.append(photos.use(name))
    return tuple(found)
