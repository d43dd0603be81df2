"""What is this file? Found out from what it holds, never from its name or from what a browser calls it."""

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
from diary.transfer import daylio, haru, openable, pixels, table
from diary.transfer.export import CONTENT
from diary.transfer.parsed import Arrival

MEGABYTE = 2**20
LARGEST = 100 * MEGABYTE
"""Of a file, and of all that a zip says it holds."""
_TEXT_LARGEST = 48 * MEGABYTE
_MEMBERS_MAX = 20_000
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""How a zip may be packed: other ways can take any amount of memory to unpack."""
_BRACKETS_MAX = 2_000_000  # each is an object in memory, many times what it takes in the file
_ENCODINGS = ("utf-8-sig", "cp949")  # Korean Windows still writes the second


def read(content: bytes, zone: str, day_first: bool | None = None) -> Arrival:
    """The file as entries or moments, or one of `errors.FileRefused`; nothing is written anywhere.

    `day_first` answers what a file cannot tell: whether 03/04 is in April or in March.
    """
    if not content.strip():
        raise errors.FileEmpty()
    if len(content) > LARGEST:
        raise errors.FileTooLarge(megabytes=LARGEST // MEGABYTE)
    if content.startswith(b"PK"):
        return _zip(content, zone)
    return _text(content, zone, day_first)


def _text(content: bytes, zone: str, day_first: bool | None) -> Arrival:
    text = _decoded(content)
    if text.lstrip()[:1] in ("{", "["):
        return _json(text, zone)
    rows = _table(text)
    _, cells = next(rows, (0, []))
    if daylio.knows([cell.strip().casefold() for cell in cells]):
        return daylio.read(cells, rows, day_first)
    raise errors.FileIsTable() if table.is_header(cells) else errors.FileUnknown()


def _json(text: str, zone: str) -> Arrival:
    if text.count("{") + text.count("[") > _BRACKETS_MAX:
        raise errors.FileTooLarge(megabytes=_TEXT_LARGEST // MEGABYTE)
    try:
        content, mended = surrogates.read_json(text)
    except json.JSONDecodeError as error:
        whole = text.rstrip().endswith(("}", "]")) and error.pos < len(text.rstrip()) - 1
        raise errors.FileDamaged() if whole else errors.FileCutShort() from error
    except (RecursionError, ValueError) as error:  # nested without end, a number without end
        raise errors.FileDamaged() from error
    if haru.knows(content):
        return replace(haru.read(content, zone), mended=mended)
    if pixels.knows(content):
        return replace(pixels.read(content), mended=mended)
    raise errors.FileUnknown()


def _table(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a table with the line each begins on; whichever of comma, semicolon and tab its first line uses most."""
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


def _zip(content: bytes, zone: str) -> Arrival:
    """A zip is believed as little as possible: what it says it holds is limited before anything is unpacked."""
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
    arrival = _json(_decoded(unpack(CONTENT)), zone)
    if arrival.format != "haru":
        raise errors.FileUnknown()
    return openable.checked(haru.with_media(arrival, unpack, names - {CONTENT}))


def _unpack(zipped: zipfile.ZipFile, name: str) -> bytes:
    try:
        with zipped.open(name) as member:
            # The size in the header may lie, so no more than the limit is ever asked for.
            content = member.read(LARGEST + 1)
    # RuntimeError: it wants a password, or (NotImplementedError) is packed in a way of its own.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise errors.FileDamaged() from error
    if len(content) > LARGEST:
        raise errors.FileTooLarge(megabytes=LARGEST // MEGABYTE)
    return content
