"""Exports the values of all trackers as a CSV table, which `tracker_table` reads again."""

from __future__ import annotations

import csv
import io
from datetime import date

from diary import trackers
from diary.sessions import Session
from diary.trackers import Value
from diary.transfer.table import safe
from language import say

COLUMNS = ("csv.day", "tracker.name", "csv.value")


def as_csv(session: Session) -> bytes:
    """Every value that opens, in UTF-8 with a byte order mark and CRLF: without them Excel garbles Hangul."""
    values = trackers.between(session, date.min, date.max)
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(say(session.language, column) for column in COLUMNS)
    rows.writerows(
        (day.isoformat(), safe(tracker.name), _cell(session.language, tracker.kind, value))
        for tracker in trackers.intact(session)
        for day, value in values.get(tracker.id, {}).items()
    )
    return text.getvalue().encode("utf-8-sig")


def _cell(language: str, kind: str, value: Value) -> str:
    if kind == "yes_no":
        return say(language, "tracker.yes" if value else "tracker.no")
    if kind == "minutes":
        return f"{value // 60}:{value % 60:02}"
    return str(value)
