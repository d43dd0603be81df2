"""A month with notes, tags, all intensities, and entries in the months beside it."""

from __future__ import annotations

from datetime import date, time

import pytest

from diary import entries
from diary.entries import NewEntry
from diary.report import spans
from diary.sessions import Session

ZONE = "Asia/Seoul"
TODAY = date(2026, 11, 20)
FIRST = date(2026, 3, 1)
MARCH = spans.month(FIRST)


@pytest.fixture
def march(person: Session) -> Session:
    for day, hour, mood, intensity, note, tags in (
        (1, 9, "happiness", 5, "봄 🌸 春 뷁", ("산책", "친구")),
        (1, 21, "sadness", 2, "", ("산책",)),
        (2, 8, "anger", 5, "<b>loud</b>", ()),
        (2, 9, "fear", 5, "", ()),
        (2, 23, "neutral", 1, "", ("일",)),
        (31, 12, "happiness", 1, "끝", ("산책",)),
    ):
        entries.add(person, NewEntry(mood, intensity, date(2026, 3, day), ZONE, note=note, tags=tags, at=time(hour)))
    entries.add(person, NewEntry("disgust", 3, date(2026, 4, 1), ZONE, note="april"))
    entries.add(person, NewEntry("disgust", 3, date(2026, 2, 28), ZONE))
    return person
