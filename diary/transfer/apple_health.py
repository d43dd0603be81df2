"""Reads `export.xml` of Apple Health, which can have gigabytes, piece by piece.

The file is a list of elements whose facts are attributes, as tools such as chrislemke/ios-health-explorer and
jimmac/apple-health-parser read it: `Record` with `type`, `sourceName`, `startDate`, `endDate` and `value`; `Workout`
with `duration` and `durationUnit`. A state of mind is a `StateOfMind` element with `startDate` and a `valence` from
-1 to 1; the Health app writes it since iOS 18.

Nothing of the file stays in memory: expat calls a function for each element, and there is no tree. The document type
at the beginning is skipped, because some versions of iOS wrote it with mistakes. Without it, no entity is defined, so
none can be expanded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO
from xml.parsers import expat

from diary import errors
from diary.transfer.health_days import HealthDays

LARGEST = 8 * 2**30
"""Bytes of the unpacked XML."""
Progress = Callable[[float], object]
_ROOT = b"<HealthData"
_ROOT_WITHIN = 256 * 2**10
_PIECE = 2**20
_TAG_MAX = 2**20  # expat holds a tag until it is whole
_DEPTH_MAX = 32  # and remembers every open one
# iOS has written control characters, which no XML may contain.
_FORBIDDEN = bytes(code for code in range(32) if code not in (9, 10, 13))

_SLEEP, _STEPS = "HKCategoryTypeIdentifierSleepAnalysis", "HKQuantityTypeIdentifierStepCount"
_ASLEEP = "HKCategoryValueSleepAnalysisAsleep"
"""The beginning of every value for sleep: core, deep, REM and unspecified. In bed and awake begin otherwise."""
_MINUTES = {"min": 1.0, "s": 1 / 60, "sec": 1 / 60, "hr": 60.0, "h": 60.0}


def recognises(head: bytes) -> bool:
    return _ROOT in head[:_ROOT_WITHIN] and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def read(file: IO[bytes], size: int, found: HealthDays, progress: Progress = lambda _: None) -> None:
    """Adds every record of the file to `found`. `size` is the length of the file, for `progress`."""
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    handler = _Elements(found)
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    read_bytes = 0
    try:
        for piece in _from_root(file):
            read_bytes += len(piece)
            if read_bytes > LARGEST:
                raise errors.FileTooLarge(megabytes=LARGEST // 2**20)
            parser.Parse(piece.translate(None, _FORBIDDEN), False)
            if read_bytes - parser.CurrentByteIndex > _TAG_MAX + _PIECE:
                raise errors.FileDamaged()
            progress(min(read_bytes / max(size, 1), 1.0))
    except expat.ExpatError as error:
        raise errors.FileDamaged() from error
    try:
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise errors.FileCutShort() from error


def _from_root(file: IO[bytes]) -> Iterator[bytes]:
    """The file from its root element on."""
    head = file.read(_ROOT_WITHIN)
    place = head.find(_ROOT)
    if place < 0:
        raise errors.FileUnknown()
    yield head[place:]
    while piece := file.read(_PIECE):
        yield piece


class _Elements:
    """Gets every element from expat; takes what Haru has a use for, and leaves out records that make no sense."""

    def __init__(self, found: HealthDays) -> None:
        self._found = found
        self._depth = 0

    def start(self, name: str, facts: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise errors.FileDamaged()
        try:
            if name == "Record":
                self._record(facts)
            elif name == "Workout":
                minutes = float(facts["duration"]) * _MINUTES[facts.get("durationUnit", "min")]
                self._found.add_workout(facts.get("sourceName", ""), _moment(facts["startDate"]), minutes)
            elif name == "StateOfMind":
                self._found.add_state_of_mind(_moment(facts["startDate"]), float(facts["valence"]))
        except (KeyError, ValueError, OverflowError):
            return

    def end(self, _name: str) -> None:
        self._depth -= 1

    def _record(self, facts: dict[str, str]) -> None:
        kind = facts.get("type")
        if kind == _STEPS:
            self._found.add_steps(facts.get("sourceName", ""), _moment(facts["startDate"]), float(facts["value"]))
        elif kind == _SLEEP and facts.get("value", "").startswith(_ASLEEP):
            self._found.add_sleep(facts.get("sourceName", ""), _moment(facts["startDate"]), _moment(facts["endDate"]))


def _moment(text: str) -> datetime:
    """2026-11-30 23:10:00 +0900"""
    moment = datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-"))
    if moment.tzinfo is None:
        raise ValueError("a moment names its offset from UTC")
    return moment
