"""Parses the table that Daylio exports, in its present form and in the one before 2020."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from diary import errors
from diary.transfer.dates import days_of, time_of
from diary.transfer.parsed import ForeignEntry, ParsedFile, expect_few

_BREAK = re.compile(r"<br\s*/?>|</(?:div|p|li|h\d)>", re.IGNORECASE)
# [^<>]: with [^>], a note full of unclosed "<" would take quadratic time.
_ITEM = re.compile(r"<li[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:div|p|b|i|u|s|em|strong|ul|ol|li|span|h\d|font|strike)\b[^<>]*>", re.IGNORECASE)


def recognises(columns: Sequence[str]) -> bool:
    return {"mood", "activities"} <= set(columns) and bool({"full_date", "date"} & set(columns))


def read(header: Sequence[str], rows: Iterator[tuple[int, list[str]]], day_first: bool | None = None) -> ParsedFile:
    columns = [name.strip().casefold() for name in header]
    needed = 1 + max(columns.index(name) for name in ("mood", "activities"))
    lines = []
    for place, row in rows:
        expect_few(len(lines) + 1)
        if len(row) < needed:
            raise errors.LineUnreadable(place=place)
        lines.append((place, dict(zip(columns, row, strict=False))))
    if not lines:
        raise errors.FileEmpty()
    dated = days_of(
        [(place, line.get("full_date") or line.get("date", ""), line.get("year", "")) for place, line in lines],
        day_first,
    )
    parsed = []
    for (place, line), day in zip(lines, dated, strict=True):
        if not line["mood"].strip():
            raise errors.LineUnreadable(place=place)
        try:
            text = note(line.get("note_title", ""), line.get("note", ""), line.get("scales", ""))
        except ValueError as error:  # a numeric character reference with thousands of digits
            raise errors.LineUnreadable(place=place) from error
        parsed.append(
            ForeignEntry(
                mood=line["mood"].strip(),
                day=day,
                at=time_of(place, line.get("time", "")),
                note=text,
                tags=tuple(tag.strip() for tag in line["activities"].split(" | ") if tag.strip()),
            )
        )
    return ParsedFile(format="daylio", foreign_entries=tuple(parsed))


def note(*parts: str) -> str:
    """The parts of a note on lines of their own, without Daylio's formatting."""
    return "\n".join(plain for part in parts if (plain := _plain(part)))


def _plain(rich: str) -> str:
    """A note without the HTML of Daylio's formatting; a note that has none stays as it is."""
    if not _BREAK.search(rich) and not _TAG.search(rich):
        return rich.strip()
    text = _TAG.sub("", _BREAK.sub("\n", _ITEM.sub("• ", rich)))
    return re.sub(r"\n{3,}", "\n\n", html.unescape(text).replace("\xa0", " ")).strip()
