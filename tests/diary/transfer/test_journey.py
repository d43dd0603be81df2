"""Journey's export: a JSON file for each entry."""

from __future__ import annotations

import json
from datetime import date, time
from typing import Any

import pytest

from diary.transfer import detect
from diary.transfer.parsed import ForeignEntry
from tests.diary.transfer.conftest import JPEG, ZONE
from tests.diary.transfer.files import foreign_entries, refused, zipped

ID = "1771500000000-abcdef"


def entry(**changes: object) -> dict[str, Any]:
    made = {
        "id": ID,
        "date_modified": 1773156600000,
        "date_journal": 1773156600000,
        "timezone": "Asia/Seoul",
        "text": '<p dir="auto">Tea&nbsp;&amp; cake</p>\n<p dir="auto"></p>\n<ul><li>one</li><li>two</li></ul>',
        "mood": 2,
        "lat": 1.7976931348623157e308,
        "photos": [f"{ID}-photo1.jpg", f"{ID}-clip.mp4"],
        "tags": ["home"],
        "type": "html",
    }
    return made | changes


def exported(*entries: dict[str, Any], photos: tuple[str, ...] = (f"{ID}-photo1.jpg",)) -> bytes:
    members = [(f"{number}.json", json.dumps(one).encode()) for number, one in enumerate(entries)]
    return zipped(*members, *((name, JPEG) for name in photos))


def test_an_entry_with_its_mood_as_a_number() -> None:
    parsed = detect.read(exported(entry()), "Europe/Vienna")
    assert parsed.format == "journey"
    (found,) = parsed.foreign_entries
    assert (found.day, found.at, found.zone) == (date(2026, 3, 11), time(0, 30), "Asia/Seoul")
    assert (found.mood, found.tags, found.note) == ("2", ("home",), "Tea & cake\n\n• one\n• two")
    assert [photo.file for photo in found.photos] == [f"{ID}-photo1.jpg"]
    assert parsed.attachments_left_out == 1


@pytest.mark.parametrize(
    ("text", "kind", "note"),
    [
        ("5 < 6 & 7\\. **x**", "markdown", "5 < 6 & 7. **x**"),
        ("plain < words", "html", "plain < words"),
        ("", "html", ""),
        (None, "html", ""),
    ],
)
def test_notes_in_html_in_markdown_and_in_neither(text: str | None, kind: str, note: str) -> None:
    assert foreign_entries(exported(entry(text=text, type=kind)))[0].note == note


def test_a_later_export_has_its_date_as_text() -> None:
    made = entry(dateOfJournal="2026-03-10T15:30:00.000Z", mood=0)
    del made["date_journal"]
    (found,) = foreign_entries(exported(made))
    assert (found.day, found.mood) == (date(2026, 3, 11), "")


def test_entries_in_folders_find_the_photographs_beside_them() -> None:
    made = zipped(("2026/a.json", json.dumps(entry()).encode()), (f"2026/{ID}-photo1.jpg", JPEG))
    (found,) = foreign_entries(made)
    assert [photo.file for photo in found.photos] == [f"2026/{ID}-photo1.jpg"]


@pytest.mark.parametrize(
    "change",
    [
        {"date_journal": 10**30},
        {"date_journal": None},
        {"date_journal": "soon"},
        {"date_journal": 1.7976931348623157e308},
        {"mood": "good"},
        {"mood": 99},
        {"mood": True},
        {"text": 5},
        {"tags": [None]},
        {"photos": [5]},
    ],
)
def test_an_entry_with_something_else_inside(change: dict[str, Any]) -> None:
    assert refused(exported(entry(photos=[]), entry(id="b", photos=[]) | change)).facts == {"place": 2}


def test_a_zip_with_entries_of_two_diaries_is_none_of_them() -> None:
    day_one = {"metadata": {}, "entries": [{"creationDate": "2026-01-01T00:00:00Z"}]}
    assert refused(zipped(("a.json", json.dumps(entry()).encode()), ("b.json", json.dumps(day_one).encode()))).code == (
        "file_unknown"
    )


def test_other_json_in_the_zip_does_no_harm() -> None:
    made = zipped(("a.json", json.dumps(entry(photos=[])).encode()), ("settings.json", b'{"theme": "dark"}'))
    assert [type(found) for found in foreign_entries(made)] == [ForeignEntry]
    assert detect.read(made, ZONE).photos_missing == 0
