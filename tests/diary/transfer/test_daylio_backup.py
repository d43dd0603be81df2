"""Backups of Daylio: moods of its own and of the person, tags, notes and photographs."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from diary import entries
from diary.sessions import Session
from diary.transfer import detect
from diary.transfer.import_plan import ImportPlan
from diary.transfer.parsed import ForeignEntry
from tests.diary.transfer.conftest import JPEG, ZONE
from tests.diary.transfer.files import DAYLIO, foreign_entries, refused, zipped


def backup(*day_entries: dict[str, Any], **changes: object) -> bytes:
    content = {
        "version": 15,
        "customMoods": [
            {"id": 1, "custom_name": "", "mood_group_id": 1, "predefined_name_id": 1},
            {"id": 2, "custom_name": "NULL", "mood_group_id": 4, "predefined_name_id": -1},
            {"id": 9, "custom_name": "그저 그럼", "mood_group_id": 3, "predefined_name_id": -1},
        ],
        "tags": [{"id": 5, "name": "walk"}, {"id": 6, "name": "friends"}],
        "assets": [
            {"id": 70, "type": 1, "checksum": "cafe01", "android_metadata": "{}"},
            {"id": 71, "type": 2, "checksum": "cafe02", "android_metadata": "{}"},
        ],
        "dayEntries": list(day_entries),
    }
    encoded = base64.encodebytes(json.dumps(content | changes).encode())
    return zipped(("backup.daylio", encoded), ("assets/photos/2026/3/cafe01", JPEG), ("assets/audio/cafe02", b"x"))


def day_entry(**changes: object) -> dict[str, Any]:
    made = {
        "id": 1,
        "minute": 5,
        "hour": 21,
        "day": 10,
        "month": 2,
        "year": 2026,
        "datetime": 1773144300000,
        "timeZoneOffset": 32400000,
        "mood": 1,
        "note": "We ate, and<br>laughed &amp; sang",
        "note_title": "Title",
        "tags": [5, 6],
        "assets": [70, 71],
    }
    return made | changes


def test_an_entry_with_a_mood_that_daylio_brings() -> None:
    parsed = detect.read(backup(day_entry()), ZONE)
    assert parsed.format == "daylio_backup"
    (found,) = parsed.foreign_entries
    assert (found.day, found.at, found.mood) == (date(2026, 3, 10), time(21, 5), "rad")
    assert (found.note, found.tags) == ("Title\nWe ate, and\nlaughed & sang", ("walk", "friends"))
    assert [photo.file for photo in found.photos] == ["assets/photos/2026/3/cafe01"]
    assert parsed.attachments_left_out == 1


def test_moods_of_the_persons_own_and_one_without_a_name() -> None:
    found = foreign_entries(backup(day_entry(mood=9, assets=[]), day_entry(mood=2, assets=[])))
    assert [entry.mood for entry in found] == ["그저 그럼", "bad"]


def test_the_backup_after_the_table_of_the_same_diary_adds_nothing(
    person: Session, import_file: Callable[..., ImportPlan]
) -> None:
    import_file(person, DAYLIO.encode())
    planned = import_file(person, backup(day_entry(note="We ate, and\nlaughed", assets=[])))
    assert (len(planned.new), planned.already_here) == (0, 1)
    assert entries.count(person) == 2


def test_a_deleted_tag_costs_only_itself() -> None:
    assert foreign_entries(backup(day_entry(tags=[5, 99], assets=[])))[0].tags == ("walk",)


@pytest.mark.parametrize(
    "change",
    [
        {"mood": 77},
        {"mood": None},
        {"month": 12},
        {"month": "March"},
        {"hour": 25},
        {"year": 10**9},
        {"note": 5},
        {"tags": 5},
        {"tags": [[]]},
        {"assets": [[]]},
    ],
)
def test_an_entry_with_something_else_inside(change: dict[str, Any]) -> None:
    assert refused(backup(day_entry(assets=[]), day_entry(assets=[]) | change)).facts == {"place": 2}


@pytest.mark.parametrize(
    "change",
    [{"customMoods": None}, {"customMoods": [5]}, {"tags": [{"id": 1}]}, {"tags": [{"id": 1, "name": 5}]}],
)
def test_a_backup_of_another_shape(change: dict[str, Any]) -> None:
    assert refused(backup(day_entry(), **change)).code == "file_damaged"


def test_a_backup_that_is_no_base64_or_no_json() -> None:
    assert refused(zipped(("backup.daylio", b"\xff\xfe!"))).code in ("file_damaged", "file_cut_short")
    assert refused(zipped(("backup.daylio", base64.b64encode(b'{"dayEntries": [')))).code == "file_cut_short"
    assert refused(zipped(("backup.daylio", base64.b64encode(b"[5]")))).code == "file_damaged"


def test_an_entry_without_note_tags_and_photographs() -> None:
    bare = {name: value for name, value in day_entry().items() if name not in ("note", "note_title", "tags", "assets")}
    assert foreign_entries(backup(bare)) == [ForeignEntry("rad", date(2026, 3, 10), time(21, 5))]
