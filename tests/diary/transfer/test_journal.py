"""The import of other diaries' zips: photographs only with consent, moods chosen, twice is once."""

from __future__ import annotations

import json
import struct
import zipfile
from datetime import date, datetime

import pytest

from diary import consents, entries, errors, photos
from diary.sessions import Session
from diary.transfer import detect, foreign_photos, import_plan, importing, limited_text
from diary.transfer.import_plan import ImportPlan
from diary.transfer.moods import MoodChoice
from tests.diary.transfer import test_day_one, test_daylio_backup, test_journey
from tests.diary.transfer.conftest import JPEG, ZONE
from tests.diary.transfer.files import DAYLIO, refused, zipped

CALM = {"": MoodChoice("neutral", 3), "2": MoodChoice("happiness", 4)}


def planned(session: Session, content: bytes) -> tuple[ImportPlan, int]:
    """The plan and the number of entries that it imported."""
    parsed = detect.read(content, ZONE)
    plan = import_plan.plan(session, parsed, CALM, zone=ZONE)
    return plan, importing.run_import(session, parsed, plan)


def test_an_entry_comes_in_with_its_own_time_zone_and_its_photograph(person: Session) -> None:
    consents.set_given(person, "media", True)
    plan, count = planned(person, test_day_one.exported(test_day_one.entry(timeZone="Europe/Vienna")))
    assert (count, plan.media, plan.media_left_out) == (1, 1, 0)
    (entry,) = entries.every(person)
    assert (entry.day, entry.timezone, entry.mood, entry.tags) == (
        date(2026, 3, 10),
        "Europe/Vienna",
        "neutral",
        ("birds", "비"),
    )
    assert entry.happened_at == datetime.fromisoformat("2026-03-10T15:30:00+00:00")
    (photo,) = photos.of_entry(person, entry.id)
    assert photos.content(person, photo.id).startswith(b"\xff\xd8")


def test_without_consent_the_photographs_stay_out_and_the_plan_says_how_many(person: Session) -> None:
    plan, count = planned(person, test_day_one.exported(test_day_one.entry()))
    assert (count, plan.media, plan.media_left_out) == (1, 0, 1)
    assert not photos.has_any(person)


def test_entries_without_a_mood_are_asked_about_and_can_stay_out(person: Session) -> None:
    parsed = detect.read(test_day_one.exported(test_day_one.entry()), ZONE)
    assert parsed.moods() == {"": 1}
    with pytest.raises(errors.MoodsUndecided):
        import_plan.plan(person, parsed, {}, zone=ZONE)
    plan = import_plan.plan(person, parsed, {"": None}, zone=ZONE)
    assert (len(plan.new), plan.left_out) == (0, 1)


def test_the_same_zip_twice_is_once_even_after_a_correction_there(person: Session) -> None:
    planned(person, test_journey.exported(test_journey.entry()))
    plan, count = planned(person, test_journey.exported(test_journey.entry(text="corrected", mood=0)))
    assert (count, plan.already_here) == (0, 1)
    assert entries.count(person) == 1


def test_a_photograph_that_does_not_open_costs_only_itself(person: Session) -> None:
    consents.set_given(person, "media", True)
    content = json.dumps({"metadata": {}, "entries": [test_day_one.entry()]}).encode()
    for broken in (JPEG[:200], b"no picture", b""):
        plan, _ = planned(person, zipped(("Journal.json", content), ("photos/cafe01.jpeg", broken)))
        assert (plan.media, plan.media_damaged) in ((0, 1), (0, 0))
    assert entries.count(person) == 1
    assert not photos.has_any(person)


def test_a_photograph_whose_bytes_in_the_zip_are_spoilt_costs_only_itself(person: Session) -> None:
    consents.set_given(person, "media", True)
    content = json.dumps({"metadata": {}, "entries": [test_day_one.entry()]}).encode()
    made = zipped(("Journal.json", content), ("photos/cafe01.jpeg", JPEG), method=zipfile.ZIP_STORED)
    plan, count = planned(person, made.replace(JPEG[100:120], bytes(20), 1))
    assert (count, plan.media, plan.media_damaged) == (1, 0, 1)


def test_photographs_and_texts_that_unpack_to_more_than_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    made = test_day_one.exported(test_day_one.entry())
    monkeypatch.setattr(foreign_photos, "PHOTOS_BYTES_MAX", 10)
    assert refused(made).code == "file_too_large"
    bomb = zipped(("Journal.json", b"[" + b" " * (limited_text.TEXT_MAX + 1)))
    assert len(bomb) < 100_000
    assert refused(bomb).code == "file_too_large"
    many = zipped(*((f"{number}.json", b" " * 2**20) for number in range(50)))
    assert refused(many).code == "file_too_large"


def test_a_header_that_lies_about_the_size() -> None:
    bomb = zipped(("Journal.json", b"{" + b" " * 3_000_000))
    size = struct.pack("<I", 3_000_001)
    assert bomb.count(size) == 2
    assert refused(bomb.replace(size, struct.pack("<I", 10))).code in ("file_damaged", "file_cut_short")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_one_name_twice() -> None:
    content = json.dumps({"metadata": {}, "entries": [test_day_one.entry()]}).encode()
    made = zipped(("Journal.json", content), ("photos/cafe01.jpeg", JPEG), ("photos/cafe01.jpeg", JPEG))
    assert refused(made).code == "file_repeats"


def test_a_zip_cut_anywhere() -> None:
    made = test_day_one.exported(test_day_one.entry())
    for length in range(0, len(made) - 1, 31):
        refused(made[:length])


def test_texts_in_another_encoding() -> None:
    content = json.dumps({"metadata": {}, "entries": [test_day_one.entry(text="한글", photos=[])]}, ensure_ascii=False)
    for encoding in ("utf-8-sig", "utf-16", "cp949"):
        (found,) = detect.read(zipped(("일기.json", content.encode(encoding))), ZONE).foreign_entries
        assert found.note == "한글"
    assert refused(zipped(("a.json", b'{"entries": "\xff\xff"}'))).code == "file_damaged"


def test_photographs_follow_once_keeping_them_is_allowed(person: Session) -> None:
    made = test_day_one.exported(test_day_one.entry())
    planned(person, made)
    (entry,) = entries.every(person)
    assert photos.of_entry(person, entry.id) == []
    plan, count = planned(person, made)
    assert (count, plan.late_photos, plan.is_empty) == (0, 0, True)
    consents.set_given(person, "media", True)
    plan, count = planned(person, made)
    assert (count, plan.late_photos, plan.already_here, plan.is_empty) == (0, 1, 1, False)
    assert len(photos.of_entry(person, entry.id)) == 1
    plan, _ = planned(person, made)
    assert (plan.late_photos, plan.is_empty) == (0, True)
    assert len(photos.of_entry(person, entry.id)) == 1


def test_the_backup_brings_the_photographs_that_the_table_lacked(person: Session, import_file) -> None:
    consents.set_given(person, "media", True)
    import_file(person, DAYLIO.encode())
    plan = import_file(person, test_daylio_backup.backup(test_daylio_backup.day_entry(note="We ate, and\nlaughed")))
    assert (len(plan.new), plan.late_photos) == (0, 1)
    walked = next(entry for entry in entries.every(person) if entry.tags)
    assert len(photos.of_entry(person, walked.id)) == 1


def test_an_entry_that_is_deleted_meanwhile_stops_its_photographs(person: Session) -> None:
    made = test_day_one.exported(test_day_one.entry())
    planned(person, made)
    consents.set_given(person, "media", True)
    parsed = detect.read(made, ZONE)
    plan = import_plan.plan(person, parsed, CALM, zone=ZONE)
    entries.delete(person, entries.every(person)[0].id)
    with pytest.raises(errors.DiaryMovedOn):
        importing.run_import(person, parsed, plan)
