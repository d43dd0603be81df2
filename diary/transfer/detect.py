"""Finds the format of a file from its content, never from its name or its media type, and parses it."""

from __future__ import annotations

import csv
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from io import BytesIO, StringIO

from diary import errors, surrogates
from diary.transfer import daylio, haru, openable, pixels, table, tracker_table
from diary.transfer.export import CONTENT
from diary.transfer.parsed import ParsedFile

MEGABYTE = 2**20
LARGEST = 110 * MEGABYTE
"""The most bytes of a file, and of the unpacked files of a zip by its header."""
_TEXT_LARGEST = 48 * MEGABYTE
_MEMBERS_MAX = 20_000
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""The compression that a zip may use: others can take any amount of memory to unpack."""
_BRACKETS_MAX = 2_000_000  # each becomes an object in memory, many times larger than in the file
_ENCODINGS = ("utf-8-sig", "cp949")  # Korean Windows still writes cp949


def read(content: bytes, zone: str, day_first: bool | None = None) -> ParsedFile:
    """Parses a file; raises a kind of `errors.FileRefused`. Writes nothing.

    `day_first` says whether 03/04 is in April or in March, where the file itself does not show it.
    """
    if not content.strip():
        raise errors.FileEmpty()
    if len(content) > LARGEST:
        raise errors.FileTooLarge(megabytes=LARGEST // MEGABYTE)
    if content.startswith(b"PK"):
        return _zip(content, zone)
    return _text(content, zone, day_first)


def _text(content: bytes, zone: str, day_first: bool | None) -> ParsedFile:
    text = _decoded(content)
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
    if text.count("{") + text.count("[") > _BRACKETS_MAX:
        raise errors.FileTooLarge(megabytes=_TEXT_LARGEST // MEGABYTE)
    try:
        content, replaced = surrogates.read_json(text)
    except json.JSONDecodeError as error:
        is_complete = text.rstrip().endswith(("}", "]")) and error.pos < len(text.rstrip()) - 1
        raise errors.FileDamaged() if is_complete else errors.FileCutShort() from error
    except (RecursionError, ValueError) as error:  # nested too deeply, or a number with too many digits
        raise errors.FileDamaged() from error
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


def _decoded(content: bytes) -> str:
    if len(content) > _TEXT_LARGEST:
        raise errors.FileTooLarge(megabytes=_TEXT_LARGEST // MEGABYTE)
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise errors.FileDamaged()


def _zip(content: bytes, zone: str) -> ParsedFile:
    """Parses a zip; checks the sizes in its header before it unpacks anything."""
    try:
        zipped = zipfile.ZipFile(BytesIO(content))
        members = zipped.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise errors.FileCutShort() from error
    if len(members) > _MEMBERS_MAX or sum(member.file_size for member in members) > LARGEST:
        raise errors.FileTooLarge(megabytes=LARGEST // MEGABYTE)
    if any(member.compress_type not in _PACKED for member in members):
        raise errors.FileDamaged()
    names = {member.filename for member in members}
    if CONTENT not in names:
        raise errors.FileUnknown()
    if len(names) < len(members):
        raise errors.FileRepeats()
    unpack = partial(_unpack, zipped)
    file = _json(_decoded(unpack(CONTENT)), zone)
    if file.format != "haru":
        raise errors.FileUnknown()
    return openable.with_unopenable_marked(haru.with_media(file, unpack, names - {CONTENT}))


def _unpack(zipped: zipfile.ZipFile, name: str) -> bytes:
    try:
        with zipped.open(name) as member:
            # The size in the header may be wrong, so never read more than the limit.
            content = member.read(LARGEST + 1)
    # RuntimeError: it needs a password, or (NotImplementedError) uses another compression.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise errors.FileDamaged() from error
    if len(content) > LARGEST:
        raise errors.FileTooLarge(megabytes=LARGEST // MEGABYTE)
    return content
