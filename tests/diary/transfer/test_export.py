from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date

import pytest

from diary import consents, entries
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.sessions import Session
from diary.transfer import export, export_parts
from tests.diary.transfer.conftest import JPEG, WAV, ZONE


def test_everything_of_a_person_and_nothing_of_others(diarist: Session, stranger: Session) -> None:
    entries.add(stranger, NewEntry("anger", 1, date(2026, 1, 2), ZONE, note="not theirs"))
    consents.set_given(diarist, "voice", True)
    consents.set_given(diarist, "voice", False)

    exported = json.loads(export.as_json(diarist))

    assert (exported["format"], exported["version"]) == ("haru", 4)
    assert exported["account"]["name"] == "Jiwoo"
    assert [entry["day"] for entry in exported["entries"]] == ["2024-02-29", "2026-01-02", "2026-01-03"]
    entry = exported["entries"][1]
    assert entry["note"] == "한 줄 🌙 \ufffd"  # the half of a character in it is replaced
    assert entry["tags"] == ["밤"]
    assert entry["mood"] == "fear"
    assert entry["happened_at"].startswith("2026-01-02T14:59")
    assert [reading["source"] for reading in entry["readings"]] == ["voice", "words"]
    assert entry["readings"][0]["scores"]["fear"] == 0.4
    assert "media" not in entry
    voice = [consent for consent in exported["consents"] if consent["kind"] == "voice"]
    assert voice[0]["withdrawn_at"]
    assert "not theirs" not in json.dumps(exported, ensure_ascii=False)


def test_nothing_that_guards_the_diary_leaves_it(diarist: Session) -> None:
    text = export.as_json(diarist).decode()
    for guarded in ("password", "key_by", "token", "argon2", diarist.account_id):
        assert guarded not in text


def test_hangul_is_readable_in_the_file_and_an_entry_is_a_line(diarist: Session) -> None:
    lines = export.as_json(diarist).decode().splitlines()
    assert sum("오늘은 좋았다" in line and '"mood": "happiness"' in line for line in lines) == 1


def test_an_empty_diary_is_a_whole_file(person: Session) -> None:
    assert json.loads(export.as_json(person))["entries"] == []
    assert export_parts.parts(person) == [export_parts.EVERYTHING]


def test_sound_and_pictures_come_along_in_a_zip(diarist: Session) -> None:
    zipped = zipfile.ZipFile(io.BytesIO(export.as_zip(diarist)))
    assert zipped.testzip() is None
    entry = json.loads(zipped.read("haru.json"))["entries"][1]
    assert [zipped.read(medium["file"]) for medium in entry["media"]] == [WAV, JPEG]
    assert {name.rpartition(".")[2] for name in zipped.namelist()} == {"json", "wav", "jpg"}


def test_a_large_diary_falls_into_parts_that_miss_and_repeat_nothing(
    diarist: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = json.loads(export.as_json(diarist))["entries"]
    monkeypatch.setattr(export_parts, "PART_TEXT_BYTES", 1500)
    parts = export_parts.parts(diarist)
    assert len(parts) == 3
    assert [entry for part in parts for entry in json.loads(export.as_json(diarist, part))["entries"]] == everything
    monkeypatch.setattr(export_parts, "PART_TEXT_BYTES", 10**6)
    assert len(export_parts.parts(diarist)) == 1


def test_parts_count_sound_and_pictures_only_where_they_come_along(
    diarist: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = sum(entry.size.text for entry in export_parts._sizes(diarist, with_media=True))
    monkeypatch.setattr(export_parts, "PART_BYTES", words + 500)
    assert len(export_parts.parts(diarist, with_media=False)) == 1
    assert len(export_parts.parts(diarist, with_media=True)) == 2


def test_a_day_that_is_too_large_for_a_file_is_divided_by_entries(
    diarist: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        entries.add(diarist, NewEntry("fear", 3, date(2025, 1, 1), ZONE), media=[NewMedium("sound", WAV * 20)])
    everything = json.loads(export.as_json(diarist))["entries"]
    monkeypatch.setattr(export_parts, "PART_BYTES", 2 * len(WAV * 20))
    parts = export_parts.parts(diarist, with_media=True)
    zips = [zipfile.ZipFile(io.BytesIO(export.as_zip(diarist, part))) for part in parts]
    found = [entry for zipped in zips for entry in json.loads(zipped.read("haru.json"))["entries"]]
    assert sorted(entry["id"] for entry in found) == sorted(entry["id"] for entry in everything)
    packed = [medium["file"] for entry in found for medium in entry.get("media", [])]
    assert len(packed) == len(set(packed)) == 3 + 2
    assert sum(part.first == part.last == date(2025, 1, 1) for part in parts) == 3


def test_nothing_is_written_to_a_temporary_file(diarist: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    def refuse(*_, **__) -> None:
        raise AssertionError("a temporary file")

    for way in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, way, refuse)
    monkeypatch.setattr("builtins.open", refuse)
    assert export.as_zip(diarist)


@pytest.mark.parametrize("whole", [export.as_json, export.as_zip])
def test_two_exports_differ_only_in_when(diarist: Session, whole: Callable) -> None:
    def entries_of(content: bytes) -> list:
        if content.startswith(b"PK"):
            content = zipfile.ZipFile(io.BytesIO(content)).read("haru.json")
        return json.loads(content)["entries"]

    assert entries_of(whole(diarist)) == entries_of(whole(diarist))
