"""Reads the values of a request, each of one type, and says by name which one is wrong, missing or unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from diary import days, errors

_NUMBER_MAX = 1e15
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d(:\d\d)?", re.ASCII)


class Fields:
    """The values of a JSON object, or of an address's query. A value that is null counts as missing."""

    def __init__(self, given: Mapping[str, Any], *known: str) -> None:
        for name in given:
            if name not in known:
                raise errors.FieldUnknown(field=name[:40])
        self._given = {name: value for name, value in given.items() if value is not None}

    def needed(self, name: str) -> None:
        if name not in self._given:
            raise errors.FieldMissing(field=name)

    def text(self, name: str, most: int | None = None) -> str | None:
        value = self._given.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or (most is not None and len(value) > most):
            raise errors.FieldWrong(field=name, needs="text")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._given.get(name, [])
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise errors.FieldWrong(field=name, needs="texts")
        return tuple(value)

    def whole_number(self, name: str) -> int | None:
        value = self._given.get(name)
        if value is not None and type(value) is not int:
            raise errors.FieldWrong(field=name, needs="whole_number")
        return value

    def number(self, name: str) -> int | float:
        self.needed(name)
        value = self._given[name]
        if type(value) not in (int, float) or not abs(value) <= _NUMBER_MAX:
            raise errors.FieldWrong(field=name, needs="number")
        return value

    def day(self, name: str) -> date | None:
        text = self.text(name)
        try:
            return None if text is None else day_of(text)
        except ValueError:
            raise errors.FieldWrong(field=name, needs="day") from None

    def time(self, name: str) -> time | None:
        text = self.text(name)
        try:
            return None if text is None else time.fromisoformat(_TIME.fullmatch(text)[0])  # type: ignore[index]
        except (TypeError, ValueError):
            raise errors.FieldWrong(field=name, needs="time") from None

    def zone(self, name: str, otherwise: str) -> str:
        text = self.text(name)
        if text is not None and days.known_zone(text, "") != text:
            raise errors.FieldWrong(field=name, needs="zone")
        return text or otherwise


def day_of(text: str) -> date:
    """Raises ValueError for any other form than 2026-11-30."""
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)
