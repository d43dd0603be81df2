"""Fixtures for export and import: an account with entries of every kind."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from datetime import date, time

import pytest
from PIL import Image

from diary import consents, entries
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.sessions import Session
from diary.transfer import detect, import_plan, importing
from diary.transfer.moods import suggest
from emotions import EMOTIONS
from reading import Reading

ZONE = "Asia/Seoul"


def recording(samples: bytes) -> bytes:
    """A WAV file with one byte a sample."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams((1, 1, 16_000, 0, "NONE", ""))
        file.writeframes(samples)
    return made.getvalue()


def picture() -> bytes:
    """A very small JPEG."""
    made = io.BytesIO()
    Image.new("L", (8, 8), 200).save(made, "JPEG")
    return made.getvalue()


WAV, JPEG = recording(bytes(range(256))), picture()


def reading(source: str = "voice") -> Reading:
    scores = dict.fromkeys(EMOTIONS, 0.1) | {"fear": 0.4}
    return Reading(scores=scores, sure=True, quality={"seconds": 3.25}, source=source, model="whisper 1")


@pytest.fixture
def diarist(person: Session) -> Session:
    """A person with three entries, readings, a recording and a picture."""
    consents.set_given(person, "media", True)
    entries.add(
        person,
        NewEntry("fear", 4, date(2026, 1, 2), ZONE, note="한 줄 🌙 \ud800", tags=("밤",), at=time(23, 59)),
        readings=[reading("voice"), reading("words")],
        media=[NewMedium("sound", WAV), NewMedium("picture", JPEG)],
    )
    entries.add(person, NewEntry("happiness", 3, date(2026, 1, 3), ZONE, note="오늘은 좋았다"))
    entries.add(person, NewEntry("neutral", 1, date(2024, 2, 29), "America/New_York", at=time(0, 1)))
    return person


@pytest.fixture
def import_file() -> Callable[..., import_plan.ImportPlan]:
    """Imports a file with the suggested choice for each of its moods."""

    def import_content(session: Session, content: bytes, **options) -> import_plan.ImportPlan:
        arrival = detect.read(content, ZONE)
        choices = {mood: suggest(mood) for mood in arrival.moods()}
        planned = import_plan.plan(session, arrival, choices, zone=ZONE, **options)
        importing.run_import(session, arrival, planned)
        return planned

    return import_content
