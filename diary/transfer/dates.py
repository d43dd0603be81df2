"""Parses dates and times as phones of many countries write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time

from diary import errors

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[일.]?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-./])\s*(\d{1,2})\s*\2\s*(\d{4})\.?")
_DAY_AND_MONTH = re.compile(r"(?:(\d{1,2})\.?\s+(\w+)|(\w+)\s+(\d{1,2})|(\d{1,2})월\s*(\d{1,2})일)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HALF = r"(?P<{}>[ap]\.?m\.?|오전|오후)?"
_TIME = re.compile(
    rf"{_HALF.format('before')}\s*(?P<hour>\d{{1,2}})\s*[:.시]\s*(?P<minute>\d{{2}})분?(?::\d{{2}})?\s*{_HALF.format('after')}"
)

DateCell = tuple[int, str, str]
"""The line of a date, the date, and its year if the file has that in another column."""


def days_of(column: Sequence[DateCell], day_first: bool | None = None) -> list[date]:
    """All dates of one column. A date such as 13/02, which must begin with the day, decides about the others."""
    numbers = [_numbers(*cell) for cell in column]
    if day_first is None:
        day_first = _begins_with_day(numbers)
    return [_date(numbers_of_cell, day_first) for numbers_of_cell in numbers]


def readable_days_of(column: Sequence[DateCell], day_first: bool | None = None) -> list[date | None]:
    """The same with None for each date in no known form."""
    numbers = [_numbers_or_none(cell) for cell in column]
    if day_first is None:
        day_first = _begins_with_day([of_cell for of_cell in numbers if of_cell is not None])
    return [_date_or_none(of_cell, day_first) for of_cell in numbers]


def _date(numbers: tuple[int, int, int, int, bool], day_first: bool) -> date:
    place, year, first, second, is_ambiguous = numbers
    month, day = (second, first) if is_ambiguous and day_first else (first, second)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise errors.DateUnreadable(place=place) from error


def _date_or_none(numbers: tuple[int, int, int, int, bool] | None, day_first: bool) -> date | None:
    try:
        return None if numbers is None else _date(numbers, day_first)
    except errors.DateUnreadable:
        return None


def _numbers_or_none(cell: DateCell) -> tuple[int, int, int, int, bool] | None:
    try:
        return _numbers(*cell)
    except errors.DateUnreadable:
        return None


def _begins_with_day(numbers: Sequence[tuple[int, int, int, int, bool]]) -> bool:
    ambiguous = [(place, first, second) for place, _, first, second, is_ambiguous in numbers if is_ambiguous]
    begins_with_day = next((place for place, first, _ in ambiguous if first > 12), None)
    begins_with_month = next((place for place, _, second in ambiguous if second > 12), None)
    if begins_with_day and begins_with_month:
        raise errors.DatesContradict(place=begins_with_day, other=begins_with_month)
    # If every date is the same both ways (5/5), the order does not matter.
    if not begins_with_day and not begins_with_month and any(first != second for _, first, second in ambiguous):
        raise errors.DatesAmbiguous(place=ambiguous[0][0])
    return begins_with_day is not None


def _numbers(place: int, text: str, year: str) -> tuple[int, int, int, int, bool]:
    """Line, year, two further numbers, and whether either of them may be the month."""
    text = " ".join(text.replace(",", " ").split())
    if found := _YEAR_FIRST.fullmatch(text):
        return place, int(found[1]), int(found[2]), int(found[3]), False
    if found := _YEAR_LAST.fullmatch(text):
        if found[2] == ".":  # 31.12.2026: only countries that begin with the day write dots
            return place, int(found[4]), int(found[3]), int(found[1]), False
        return place, int(found[4]), int(found[1]), int(found[3]), True
    if (found := _DAY_AND_MONTH.fullmatch(text)) and re.fullmatch(r"\d{4}", year.strip()):
        if found[5]:
            return place, int(year), int(found[5]), int(found[6]), False
        name, day = (found[2], found[1]) if found[1] else (found[3], found[4])
        if name[:3].casefold() in _MONTHS:
            return place, int(year), _MONTHS.index(name[:3].casefold()) + 1, int(day), False
    raise errors.DateUnreadable(place=place)


def time_of(place: int, text: str) -> time | None:
    """The time in 20:32, 8:32 pm or 오후 8:32; None for an empty cell."""
    text = " ".join(text.split()).casefold()  # a phone puts a narrow space before "pm"
    if not text:
        return None
    found = _TIME.fullmatch(text)
    if found is None:
        raise errors.LineUnreadable(place=place)
    half = found["before"] or found["after"]
    try:
        hour = int(found["hour"])
        if half:
            if not 1 <= hour <= 12:
                raise ValueError("no such hour on a clock of twelve")
            hour = hour % 12 + (12 if half.startswith(("p", "오후")) else 0)
        return time(hour, int(found["minute"]))
    except ValueError as error:
        raise errors.LineUnreadable(place=place) from error
