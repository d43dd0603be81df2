"""Decodes text and JSON of files within limits."""

from __future__ import annotations

import json
from typing import Any

from diary import errors, surrogates
from diary.transfer.archive import MEGABYTE

TEXT_MAX = 48 * MEGABYTE
_BRACKETS_MAX = 2_000_000  # each becomes an object in memory, many times larger than in the file
_ENCODINGS = ("utf-8-sig", "cp949")  # Korean Windows still writes cp949


def decoded(content: bytes) -> str:
    if len(content) > TEXT_MAX:
        raise errors.FileTooLarge(megabytes=TEXT_MAX // MEGABYTE)
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise errors.FileDamaged()


def read_json(text: str) -> tuple[Any, int]:
    """The content of JSON, and the number of lone surrogates replaced in it."""
    if text.count("{") + text.count("[") > _BRACKETS_MAX:
        raise errors.FileTooLarge(megabytes=TEXT_MAX // MEGABYTE)
    try:
        return surrogates.read_json(text)
    except json.JSONDecodeError as error:
        is_complete = text.rstrip().endswith(("}", "]")) and error.pos < len(text.rstrip()) - 1
        raise errors.FileDamaged() if is_complete else errors.FileCutShort() from error
    except (RecursionError, ValueError) as error:  # nested too deeply, or a number with too many digits
        raise errors.FileDamaged() from error
