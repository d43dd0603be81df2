"""Finds when a recording was made: in the metadata of its file, else in its name.

Only plausible dates count. A clock that was never set, a year alone, or two different days in one name give none: the
person then chooses the day.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from inference import containers
from inference.containers import Deadline, Source
from reading import Refusal

_OPENING_SECONDS = 10.0
_NAME_MAX = 255
"""Characters: no file system has longer names, and composing very long ones takes too long."""
_UNSET_CLOCKS = frozenset({date(1904, 1, 1), date(1970, 1, 1), date(1980, 1, 1)})
"""Where the clocks of MP4, of Unix and of memory cards start, in UTC."""

_METADATA = re.compile(
    r"(?P<year>[0-9]{4})[-:/.]?(?P<month>[0-9]{2})[-:/.]?(?P<day>[0-9]{2})"
    r"(?:[T ](?P<hour>[0-9]{2})[-:.]?(?P<minute>[0-9]{2})(?:[-:.]?(?P<second>[0-9]{2})(?:[.,][0-9]+)?)? ?"
    r"(?P<offset>Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?)?"
)
_TIME_ONLY = re.compile(r"[0-9]{2}[-:. ][0-9]{2}[-:. ][0-9]{2}")
_DAY_IN_NAME = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})"
    r"(?:(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?=(?:[0-9]{4}|[0-9]{6}|[0-9]{9})?(?![0-9]))"  # 20261103
    r"|(?P<gap>[-_.]|\. )(?P<month2>[0-9]{1,2})(?P=gap)(?P<day2>[0-9]{1,2})(?![0-9])"  # 2026-11-03, 2026. 11. 3
    r"|년 ?(?P<month3>[0-9]{1,2})월 ?(?P<day3>[0-9]{1,2})일)"
)
_SHORT_DAY_IN_NAME = re.compile(r"(?<![0-9])(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?=[-_ ])")
"""261103: only together with a time, because six digits may be anything."""
_TIME_IN_NAME = re.compile(
    r"(?:[-_., ]| at |T)*(?P<before>오전|오후|[AP]M)?[ _]?"
    r"(?:(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?:(?P<second>[0-9]{2})(?:[0-9]{3})?)?(?![0-9]|[-.][0-9])"  # 081233
    r"|(?P<hour2>[0-9]{1,2})(?:[-_.:]|시 ?)(?P<minute2>[0-9]{2})(?:분 ?)?"  # 8.12.33
    r"(?:[-_.:]?(?P<second2>[0-9]{2})(?:초|\.[0-9]{3})?)?(?![0-9]))"
    r"(?P<utc>Z\b)?(?: ?(?P<after>[AP]M)\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class RecordingDate:
    """The day on which a recording was made, with the time if it is known, in the person's time zone."""

    day: date
    at: time | None
    is_from_name: bool = False


def find(source: Source, name: str, zone: str, first: date, last: date) -> RecordingDate | None:
    """When the recording `source` in a file called `name` was made; a day before `first` or after `last` is none."""

    def is_plausible(found: RecordingDate) -> bool:
        return first <= found.day <= last

    in_name = {found for found in _in_name(name, ZoneInfo(zone)) if is_plausible(found)}
    by_name = _the_only(in_name)
    by_metadata = next(filter(is_plausible, _in_metadata(source, ZoneInfo(zone))), None)
    if by_metadata is None:
        return by_name
    if by_metadata.at is None and by_name is not None and by_name.day == by_metadata.day:
        return replace(by_metadata, at=by_name.at)
    return by_metadata


def _the_only(found: set[RecordingDate]) -> RecordingDate | None:
    """The only day that a name holds, with its only time; None for a name with two days."""
    if len({each.day for each in found}) != 1:
        return None
    times = {each.at for each in found if each.at is not None}
    return replace(next(iter(found)), at=times.pop() if len(times) == 1 else None)


def _in_metadata(source: Source, zone: ZoneInfo) -> Iterator[RecordingDate]:
    """The dates of the file's metadata, the most exact first."""
    try:
        with containers.opened(source, Deadline(_OPENING_SECONDS)) as container:
            all_tags = [container.metadata, *(stream.metadata for stream in container.streams)]
    except Refusal:
        return
    for tags in all_tags:
        texts = {key.casefold(): text.strip("\0 ") for key, text in tags.items()}
        day, at = texts.get("date", ""), texts.get("creation_time", "")
        # A broadcast wave file has the local time apart from the day, under the name of a whole moment elsewhere.
        candidates = [f"{day} {at}"] if _TIME_ONLY.fullmatch(at) else [at]
        for text in (texts.get("com.apple.quicktime.creationdate", ""), *candidates, day):
            if found := _from_metadata(text, zone):
                yield found


def _from_metadata(text: str, zone: ZoneInfo) -> RecordingDate | None:
    match = _METADATA.fullmatch(text)
    day = _day(match["year"], match["month"], match["day"]) if match else None
    if match is None or day is None:
        return None
    at = _time(match["hour"], match["minute"], match["second"])
    if at is None or match["offset"] is None:
        return None if day in _UNSET_CLOCKS else RecordingDate(day, at)
    return _local(day, at, _offset(match["offset"]), zone)


def _in_name(name: str, zone: ZoneInfo) -> Iterator[RecordingDate]:
    name = unicodedata.normalize("NFC", name[:_NAME_MAX])  # macOS takes Hangul apart
    for match in _DAY_IN_NAME.finditer(name):
        month = match["month"] or match["month2"] or match["month3"]
        day = _day(match["year"], month, match["day"] or match["day2"] or match["day3"])
        if day and (found := _with_time(day, name, match.end(), zone)):
            yield found
    for match in _SHORT_DAY_IN_NAME.finditer(name):
        day = _day("20" + match["year"], match["month"], match["day"])
        if day and (found := _with_time(day, name, match.end(), zone)) and found.at is not None:
            yield found


def _with_time(day: date, name: str, end: int, zone: ZoneInfo) -> RecordingDate | None:
    """The day with the time that follows it in the name, if one does."""
    match = _TIME_IN_NAME.match(name, end)
    if match is None:
        return RecordingDate(day, None, is_from_name=True)
    parts = (match[part] or match[f"{part}2"] for part in ("hour", "minute", "second"))
    at = _time(*parts)
    if at is None:
        return RecordingDate(day, None, is_from_name=True)
    half = (match["before"] or match["after"] or "").upper()
    if half and not 1 <= at.hour <= 12:
        return RecordingDate(day, None, is_from_name=True)
    if half:
        at = at.replace(hour=at.hour % 12 + (12 if half in ("오후", "PM") else 0))
    if match["utc"]:
        local = _local(day, at, UTC, zone)
        return replace(local, is_from_name=True) if local else None
    return RecordingDate(day, at, is_from_name=True)


def _local(day: date, at: time, offset: timezone, zone: ZoneInfo) -> RecordingDate | None:
    """The moment in the person's time zone; None for a clock that was never set."""
    try:
        moment = datetime.combine(day, at, offset)
        local = moment.astimezone(zone)
        in_utc = moment.astimezone(UTC)
    except OverflowError:  # the first or last day that Python knows
        return None
    return None if in_utc.date() in _UNSET_CLOCKS else RecordingDate(local.date(), local.time())


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _time(hour: str | None, minute: str | None, second: str | None) -> time | None:
    """The time to the minute; None where the digits are no time."""
    if hour is None or minute is None:
        return None
    try:
        return time(int(hour), int(minute), int(second or 0)).replace(second=0)
    except ValueError:
        return None
