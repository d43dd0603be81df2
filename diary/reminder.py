"""Makes a daily reminder for the person's calendar: an .ics file (RFC 5545), so that Haru needs no mail server.

Its time is "floating", without a time zone: nine in the evening is nine in the evening wherever the person is.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time

from diary.sessions import Session
from language import say

_LINE_OCTETS = 75
_EPOCH = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) // 60
_ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n", "\r": None})


def calendar(session: Session, at: time, first: date) -> bytes:
    """A calendar with one daily event and alarm. Its id stays the same, so a later file replaces an earlier one."""
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
        f"DTSTART:{datetime.combine(first, at):%Y%m%dT%H%M00}",
        "DURATION:PT5M",
        "RRULE:FREQ=DAILY",
        f"SUMMARY;LANGUAGE={session.language}:{summary}",
        f"DESCRIPTION;LANGUAGE={session.language}:{_text(say(session.language, 'reminder.description'))}",
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
