"""Exports entries as a CSV table for spreadsheets. Haru does not import it again."""

from __future__ import annotations

import csv
import io
import re

from diary import days, entries
from diary.entries import Entry
from diary.sessions import Session
from emotions import BY_KEY
from feelings import BY_KEY as FEELINGS
from language import LANGUAGES, say

COLUMNS = ("day", "time", "mood", "intensity", "tags", "note", "source", "timezone", "feelings")
"""A new column comes last: formulas in people's spreadsheets count on the others."""
_LATER_COLUMNS = ("feelings",)
"""Tables of older versions lack these."""
# Spreadsheets run a cell that begins with one of these; a Korean keyboard types the wide forms.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
# Where a semicolon or a tab separates, as in many countries' settings, cells also begin behind these and at each line.
_BEHIND, _RUNS = r"(?<=[;\t\r\n])", r'(?=[ "\u00a0\u3000]*[=+\-@＝＋－＠])'
_CELL_INSIDE, _APOSTROPHE_INSIDE = re.compile(_BEHIND + _RUNS), re.compile(_BEHIND + "'" + _RUNS)
# Excel cuts a cell at 32,767 characters and moves the rest into the next cells.
_CELL = 32_000


def as_csv(session: Session) -> bytes:
    """Every entry that opens, in UTF-8 with a byte order mark and CRLF: without them Excel garbles Hangul."""
    intact = (entry for entry in entries.every(session) if not entry.is_damaged)
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(header(session.language))
    table.writerows(map(safe, _row(entry, session.language)) for entry in intact)
    return text.getvalue().encode("utf-8-sig")


def header(language: str) -> list[str]:
    return [say(language, f"csv.{column}") for column in COLUMNS]


def _first_header(language: str) -> list[str]:
    return [say(language, f"csv.{column}") for column in COLUMNS if column not in _LATER_COLUMNS]


def is_header(cells: list[str]) -> bool:
    return any(cells in (header(language), _first_header(language)) for language in LANGUAGES)


def _row(entry: Entry, language: str) -> list[str]:
    at = f"{days.local_time(entry.happened_at, entry.timezone):%H:%M}" if entry.time_known else ""
    return [
        entry.day.isoformat(),
        at,
        BY_KEY[entry.mood].name(language),
        str(entry.intensity),
        ", ".join(entry.tags),
        entry.note,
        say(language, f"csv.source_{entry.source}"),
        entry.timezone,
        ", ".join(FEELINGS[key].name(language) for key in entry.feelings if key in FEELINGS),
    ]


def safe(cell: str) -> str:
    """The cell as plain text: an apostrophe precedes text that a spreadsheet would run as a formula."""
    cell = cell.replace("\0", "")
    if len(cell) > _CELL:
        cell = cell[:_CELL] + " …"
    cell = _CELL_INSIDE.sub("'", cell)
    return "'" + cell if cell.lstrip(" \u00a0\u3000").startswith(_FORMULA) else cell


def without_apostrophe(cell: str) -> str:
    """A cell as it was before `safe`."""
    if cell.startswith("'") and cell[1:].lstrip(" \u00a0\u3000").startswith(_FORMULA):
        cell = cell[1:]
    return _APOSTROPHE_INSIDE.sub("", cell)
