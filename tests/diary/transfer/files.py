"""Makes files as people upload them, and reads them."""

from __future__ import annotations

import io
import zipfile

import pytest

from diary import errors
from diary.transfer import detect
from diary.transfer.parsed import ForeignEntry
from language import LANGUAGES, say
from tests.diary.transfer.conftest import ZONE

HEADER = "full_date,date,weekday,time,mood,activities,note_title,note\n"
DAYLIO = (
    HEADER + '2026-03-10,March 10,Tuesday,9:05 pm,rad,"walk | friends",Title,"We ate, and\nlaughed"\n'
    '2026-03-09,March 9,Monday,08:30,그저 그럼,"",,""\n'
)


def foreign_entries(text: str | bytes, **options) -> list[ForeignEntry]:
    return list(detect.read(text.encode() if isinstance(text, str) else text, ZONE, **options).foreign_entries)


def row(day: str = "2026-03-10", at: str = "", mood: str = "good", note: str = "") -> str:
    """A line of Daylio's table."""
    return f'"{day}",,,{at},{mood},,,{note}\n'


def refused(content: bytes) -> errors.FileRefused:
    """The error for a file, with its sentences checked."""
    with pytest.raises(errors.FileRefused) as refusal:
        detect.read(content, ZONE)
    for language in LANGUAGES:
        sentence = say(language, f"error.{refusal.value.code}", **refusal.value.facts)
        assert len(sentence) > 20
    return refusal.value


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as zip_file:
        for name, content in members:
            zip_file.writestr(name, content)
    return packed.getvalue()
