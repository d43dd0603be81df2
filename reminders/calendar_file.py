"""Makes a reminder for the person's calendar: an .ics file (RFC 5545), which needs nothing of the server later.

Its time is "floating", without a time zone: nine in the evening is nine in the evening wherever the person is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from diary.sessions import Session
from language import say
from reminders.schedule import EVERY_DAY, Schedule

_LINE_OCTETS = 75
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EPOCH = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) // 60
_ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n", "\r": None})


def calendar(session: Session, schedule: Schedule, today: date, address: str | None) -> bytes:
    """A calendar with one repeated event and alarm, and a link to Haru if its address is known.

    Its id stays the same, so a later file replaces an earlier one.
    """
    first = next(day for day in (today + timedelta(days=n) for n in range(7)) if day.weekday() in schedule.weekdays)
    description = say(session.language, "reminder.description") + (f"\n{address}" if address else "")
    now = datetime.now(UTC)
    summary = _text(say(session.language, "reminder.summary"))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Haru//Reminder//" + session.language.upper(),
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_id(session)}@haru",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        # A calendar takes the file with the higher number as the newer one.
        f"SEQUENCE:{int(now.timestamp()) // 60 - _EPOCH}",
        f"DTSTART:{datetime.combine(first, schedule.at):%Y%m%dT%H%M00}",
        "DURATION:PT5M",
        "RRULE:" + _rule(schedule.weekdays),
        f"SUMMARY;LANGUAGE={session.language}:{summary}",
        f"DESCRIPTION;LANGUAGE={session.language}:{_text(description)}",
        *([f"URL;VALUE=URI:{address}"] if address else []),
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:PT0S",
        f"DESCRIPTION:{summary}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _rule(weekdays: Collection[int]) -> str:
    if set(weekdays) == EVERY_DAY:
        return "FREQ=DAILY"
    return "FREQ=WEEKLY;BYDAY=" + ",".join(_WEEKDAYS[day] for day in sorted(weekdays))


def _id(session: Session) -> str:
    """A hash, so that people who see the calendar learn nothing about the account."""
    return hashlib.sha256(f"reminder of {session.account_id}".encode()).hexdigest()[:32]


def _text(sentence: str) -> str:
    return sentence.translate(_ESCAPES)


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, none of which splits a character."""
    pieces, piece = [], b""
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > _LINE_OCTETS:
            pieces.append(piece)
            piece = b" "  # a line that begins with a space continues the one before
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
