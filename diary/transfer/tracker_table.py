"""Parses a table of trackers: `date, value`, `date, name, value`, or a date and a column for each tracker.

A table does not say what its values mean, so the person chooses a kind for each tracker; this module suggests one.
Lines that cannot be read are counted and named, and do not stop the others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from diary import days, errors, trackers
from diary.trackers import Tracker, Value
from diary.transfer import dates, table
from diary.transfer.parsed import ParsedFile, ParsedTracker, TrackerCell, TrackerColumn

KINDS = (*trackers.KINDS, "hours")
"""What a column can hold. "hours" are times whose plain numbers are hours, 7.5 for 7:30."""
CELLS_MAX = 500_000
COLUMNS_MAX = 30
_DATES = {"date", "day", "날짜", "일자", "일시", "날", "full_date", "datetime"}
_VALUES = {"value", "values", "amount", "number", "값", "수치", "숫자", "양", "기록"}
_NAMES = {"name", "tracker", "habit", "item", "이름", "항목", "습관", "종류"}
_MOODS = {"mood", "기분"}

_YES = {"yes", "y", "true", "1", "done", "✓", "✔", "o", "\u110b", "예", "네", "응", "했음", "함", "참"}
_NO = {"no", "n", "false", "0", "x", "✗", "✘", "아니요", "아니오", "아뇨", "아니", "안함", "안했음", "거짓"}
_MOST = 0.5
_CELL_MAX = 40  # a longer text is no value
_TIME_OF_DAY = re.compile(r"[t\s]+\d{1,2}:\d{2}(:\d{2})?(\.\d+)?\s*(z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)\s*([^\W\d_]{0,12})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_UNITS = re.compile(
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:h|hr|hrs|hours?|시간))?\s*(?:(\d{1,4})\s*(?:m|min|mins|minutes?|분))?", re.IGNORECASE
)


@dataclass(frozen=True)
class ColumnChoice:
    """How the person wants to import a column."""

    tracker: Tracker
    is_in_hours: bool = False
    """True if the plain numbers of times are hours."""


@dataclass(frozen=True)
class Translated:
    """The values of a table as the diary will store them."""

    trackers: tuple[ParsedTracker, ...]
    unreadable: tuple[int, ...]
    """Lines whose value cannot be read."""
    repeated: int
    """Values of days that a later line of the file replaces."""


def recognises(columns: Sequence[str]) -> bool:
    names = set(columns)
    return bool(names & _DATES) and len(names - _DATES - {""}) > 0 and not names & _MOODS


def read(header: Sequence[str], rows: Iterator[tuple[int, list[str]]], day_first: bool | None = None) -> ParsedFile:
    columns = [name.strip().casefold() for name in header]
    at_date = next(place for place, name in enumerate(columns) if name in _DATES)
    dated: list[dates.DateCell] = []
    cells: list[list[tuple[str, str]]] = []
    count = 0
    for place, row in rows:
        of_row = list(_cells(header, columns, row))
        count += len(of_row)
        if count > CELLS_MAX:
            raise errors.TooManyValues(most=f"{CELLS_MAX:,}")
        dated.append((place, _TIME_OF_DAY.sub("", row[at_date]) if at_date < len(row) else "", ""))
        cells.append(of_row)
    found: dict[str, list[TrackerCell]] = {}
    unreadable: list[int] = []
    for (place, _, _), day, of_row in zip(dated, dates.readable_days_of(dated, day_first), cells, strict=True):
        if day is None or day < days.EARLIEST:
            unreadable.append(place)
            continue
        for name, text in of_row:
            found.setdefault(name, []).append(TrackerCell(place, day, text))
    if len(found) > COLUMNS_MAX:
        raise errors.FileUnknown()
    if not found:
        raise errors.FileUnknown() if unreadable else errors.FileEmpty()
    return ParsedFile(
        format="values",
        columns=tuple(TrackerColumn(name, tuple(of_name)) for name, of_name in found.items()),
        unreadable=tuple(unreadable),
    )


def suggest_kind(column: TrackerColumn) -> str | None:
    """The kind that fits most of the texts, or None if none does; the person decides."""
    texts = [_tidy(cell.text) for cell in column.cells]
    numbers = [number for text in texts if (number := _number(text)) is not None]
    if max(numbers, default=0) <= 1 and _share(text in _YES | _NO for text in texts) > _MOST:
        return "yes_no"
    if _share(_clock(text) is not None for text in texts) > _MOST:
        return "minutes"
    if len(numbers) <= _MOST * len(texts):
        return None
    is_scale = all(number == int(number) and number <= trackers.HIGHEST["scale"] for number in numbers)
    return "scale" if is_scale else "count"


def has_plain_numbers(column: TrackerColumn) -> bool:
    return any(_number(_tidy(cell.text)) is not None for cell in column.cells)


def translate(columns: Iterable[TrackerColumn], choices: Mapping[str, ColumnChoice | None]) -> Translated:
    """`choices` has one for each column's name; None leaves the column out. The last line of a day counts."""
    found: dict[str, dict[date, Value]] = {}
    own: dict[str, Tracker] = {}
    unreadable: set[int] = set()
    repeated = 0
    for column in columns:
        choice = choices[column.name]
        if choice is None:
            continue
        if own.setdefault(choice.tracker.id, choice.tracker).kind != choice.tracker.kind:
            raise errors.TrackerNameTaken()  # two columns with one name
        values = found.setdefault(choice.tracker.id, {})
        for cell in column.cells:
            value = value_of(choice.tracker.kind, cell.text, choice.is_in_hours)
            if value is None:
                unreadable.add(cell.place)
                continue
            repeated += cell.day in values
            values[cell.day] = value
    parsed = tuple(ParsedTracker(own[tracker_id], values) for tracker_id, values in found.items() if values)
    return Translated(parsed, tuple(sorted(unreadable)), repeated)


def value_of(kind: str, text: str, is_in_hours: bool = False) -> Value | None:
    """The value in a cell; None if it has none of this kind."""
    tidied = _tidy(text)
    if kind == "yes_no":
        value: Value | None = 1 if tidied in _YES else 0 if tidied in _NO else None
    elif kind == "minutes":
        value = _clock(tidied)
        if value is None and (number := _number(tidied)) is not None:
            value = round(60 * number) if is_in_hours else number
    else:
        value = _number(tidied)
    try:
        return None if value is None else trackers.tidy_value(kind, value)
    except errors.TrackerValueOutOfRange:
        return None


def _cells(header: Sequence[str], columns: Sequence[str], row: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The names and the texts of a row; a table with one column for values names it `value`, or after the tracker."""
    at_value = next((place for place, name in enumerate(columns) if name in _VALUES), None)
    at_name = next((place for place, name in enumerate(columns) if name in _NAMES), None)
    if at_value is not None:
        if at_value < len(row) and row[at_value].strip():
            name = row[at_name] if at_name is not None and at_name < len(row) else ""
            yield _short(name), row[at_value]
        return
    for name, compared, text in zip(header, columns, row, strict=False):
        if compared and compared not in _DATES and text.strip():
            yield _short(name), text


def _short(name: str) -> str:
    """The name of a column, cut to the length of a tracker's name; the person can change it."""
    return " ".join(table.without_apostrophe(name[:200]).split())[: trackers.NAME_MAX].rstrip()


def _tidy(text: str) -> str:
    stripped = text.strip()
    if len(stripped) > _CELL_MAX:
        return ""
    return unicodedata.normalize("NFKC", stripped).casefold().removeprefix("'").rstrip(".!")


def _number(text: str) -> float | None:
    """8,000 or 62.4 kg or 3잔. One comma before other than three digits is a decimal comma."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    digits = found[1]
    if re.fullmatch(r"\d+,\d{1,2}", digits):
        return float(digits.replace(",", "."))
    return float(re.sub("[, ]", "", digits))


def _clock(text: str) -> int | None:
    """Minutes in 7:30, 7 h 30 min or 7시간 30분."""
    if found := _CLOCK.fullmatch(text):
        return 60 * int(found[1]) + int(found[2]) if int(found[2]) < 60 else None
    found = _UNITS.fullmatch(text)
    if found is None or not (found[1] or found[2]):
        return None
    return round(60 * float(found[1] or 0)) + int(found[2] or 0)


def _share(flags: Iterable[bool]) -> float:
    all_flags = list(flags)
    return sum(all_flags) / len(all_flags) if all_flags else 0.0
