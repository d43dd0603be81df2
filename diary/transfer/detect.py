"""Finds the format of a file from its content, never from its name or its media type, and parses it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from io import BytesIO, StringIO

from diary import errors
from diary.transfer import daylio, haru, health, journal, limited_text, openable, pixels, table, tracker_table
from diary.transfer.archive import MEGABYTE, Archive
from diary.transfer.export import CONTENT
from diary.transfer.parsed import ParsedFile

LARGEST = 110 * MEGABYTE
"""The most bytes of a file, and of the unpacked files of Haru's own zip by its header."""
LARGEST_OF_OTHERS = 200 * MEGABYTE
"""The most bytes of another diary's zip, or of a health app's export. They are read piece by piece."""

Progress = Callable[[float], object]
"""Gets the share of a large file that has been read."""


def read(content: bytes, zone: str, day_first: bool | None = None, progress: Progress = lambda _: None) -> ParsedFile:
    """Parses a file; raises a kind of `errors.FileRefused`. Writes nothing.

    `day_first` says whether 03/04 is in April or in March, where the file itself does not show it.
    """
    if not content.strip():
        raise errors.FileEmpty()
    if len(content) > LARGEST_OF_OTHERS:
        raise errors.FileTooLarge(megabytes=LARGEST_OF_OTHERS // MEGABYTE)
    if content.startswith(b"PK"):
        return _zip(content, zone, progress)
    if health.recognises(content):
        return health.read(BytesIO(content), len(content), zone, progress)
    if len(content) > LARGEST:
        raise errors.FileTooLarge(megabytes=LARGEST // MEGABYTE)
    return _text(content, zone, day_first)


def _text(content: bytes, zone: str, day_first: bool | None) -> ParsedFile:
    text = limited_text.decoded(content)
    if text.lstrip()[:1] in ("{", "["):
        return _json(text, zone)
    rows = _table(text)
    _, cells = next(rows, (0, []))
    columns = [cell.strip().casefold() for cell in cells]
    if daylio.recognises(columns):
        return daylio.read(cells, rows, day_first)
    if table.is_header(cells):
        raise errors.FileIsTable()
    if tracker_table.recognises(columns):
        return tracker_table.read(cells, rows, day_first)
    raise errors.FileUnknown()


def _json(text: str, zone: str) -> ParsedFile:
    content, replaced = limited_text.read_json(text)
    if haru.recognises(content):
        return replace(haru.read(content, zone), mended=replaced)
    if pixels.recognises(content):
        return replace(pixels.read(content), mended=replaced)
    raise errors.FileUnknown()


def _table(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a table, each with its line number. The first line's most frequent separator counts."""
    first = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=first.count)
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        place = lines.line_num + 1
        try:
            row = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            raise errors.LineUnreadable(place=place) from error
        if any(cell.strip() for cell in row):
            yield place, row


def _zip(content: bytes, zone: str, progress: Progress) -> ParsedFile:
    """Parses a zip; checks the sizes in its header before it unpacks anything."""
    archive = Archive(BytesIO(content))
    if CONTENT in archive.names:
        return openable.with_unopenable_marked(_haru(archive, zone))
    if (name := health.find(archive)) is not None:
        return health.read_from(archive, name, zone, progress)
    return openable.with_unopenable_marked(journal.read(archive, zone))


def _haru(archive: Archive, zone: str) -> ParsedFile:
    archive.expect_sound(archive.names, LARGEST)
    unpack = partial(archive.read, most=LARGEST)
    file = _json(limited_text.decoded(unpack(CONTENT)), zone)
    if file.format != "haru":
        raise errors.FileUnknown()
    return haru.with_media(file, unpack, set(archive.names) - {CONTENT})
