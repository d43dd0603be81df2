"""Day One's export: its entries, its Markdown and its photographs."""

from __future__ import annotations

import json
from datetime import date, time
from typing import Any

import pytest

from diary.transfer import detect
from tests.diary.transfer.conftest import JPEG, ZONE
from tests.diary.transfer.files import foreign_entries, refused, zipped


def entry(**changes: object) -> dict[str, Any]:
    made = {
        "uuid": "0A1B2C3D4E5F60718293A4B5C6D7E8F9",
        "creationDate": "2026-03-10T15:30:00Z",
        "modifiedDate": "2026-03-11T01:00:00Z",
        "timeZone": "Asia/Seoul",
        "text": "# A walk\n\nWe saw 3\\. herons\\!\n\n![](dayone-moment://11AA)\n\nThen rain\\.",
        "richText": "{}",
        "tags": ["birds", "비"],
        "photos": [{"identifier": "11AA", "md5": "cafe01", "type": "jpeg", "orderInEntry": 0}],
    }
    return made | changes


def exported(*entries: dict[str, Any], photos: tuple[str, ...] = ("photos/cafe01.jpeg",)) -> bytes:
    content = {"metadata": {"version": "1.0"}, "entries": list(entries)}
    return zipped(("Journal.json", json.dumps(content).encode()), *((name, JPEG) for name in photos))


def test_an_entry_with_its_time_zone_tags_and_photograph() -> None:
    parsed = detect.read(exported(entry()), "Europe/Vienna")
    assert parsed.format == "day_one"
    (found,) = parsed.foreign_entries
    assert (found.day, found.at, found.zone) == (date(2026, 3, 11), time(0, 30), "Asia/Seoul")
    assert found.note == "# A walk\n\nWe saw 3. herons!\n\nThen rain."
    assert (found.tags, found.mood) == (("birds", "비"), "")
    assert [(photo.kind, photo.file, photo.opens) for photo in found.photos] == [("photo", "photos/cafe01.jpeg", True)]
    assert parsed.unpack("photos/cafe01.jpeg") == JPEG


def test_an_unknown_time_zone_is_that_of_the_person_and_a_whole_day_has_no_time() -> None:
    (found,) = foreign_entries(exported(entry(timeZone="Mars/Base", isAllDay=True)))
    assert (found.day, found.at, found.zone) == (date(2026, 3, 11), None, ZONE)


def test_an_entry_that_has_only_rich_text() -> None:
    rich = json.dumps({"contents": [{"text": "One.\n"}, {"embeddedObjects": []}, {"text": "Two."}]})
    assert foreign_entries(exported(entry(text="", richText=rich)))[0].note == "One.\nTwo."


def test_the_same_entry_after_a_correction_is_the_same_entry() -> None:
    first, second = (foreign_entries(exported(entry(text=text)))[0] for text in ("before", "after"))
    assert first.fingerprint() == second.fingerprint()
    assert first.fingerprint() != foreign_entries(exported(entry(uuid="other")))[0].fingerprint()


def test_what_stays_out_is_counted() -> None:
    pictures = [{"identifier": f"{n}", "md5": f"md{n:02}", "type": "jpeg"} for n in range(12)]
    names = tuple(f"photos/md{n:02}.jpg" for n in range(11) if n != 3)
    parsed = detect.read(exported(entry(photos=pictures, videos=[{}], audios=[{}, {}]), photos=names), ZONE)
    assert len(parsed.foreign_entries[0].photos) == 9
    assert (parsed.attachments_left_out, parsed.photos_missing) == (5, 1)


def test_several_journals_in_one_zip() -> None:
    contents = [{"metadata": {"version": "1.0"}, "entries": [entry(uuid=uuid, photos=[])]} for uuid in "ab"]
    made = zipped(*((f"{name}.json", json.dumps(text).encode()) for name, text in zip("xy", contents, strict=True)))
    assert len(foreign_entries(made)) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"creationDate": "yesterday"},
        {"creationDate": 5},
        {"creationDate": "9999-12-31T23:59:59Z"},
        {"tags": [1]},
        {"tags": 5},
        {"photos": [3]},
        {"photos": [{"orderInEntry": "x"}, {"orderInEntry": 1}]},
        {"text": None, "richText": "{"},
        {"text": None, "richText": "[]"},
    ],
)
def test_an_entry_with_something_else_inside(change: dict[str, Any]) -> None:
    assert refused(exported(entry(), entry(uuid="b", photos=[]) | change)).facts == {"place": 2}


def test_names_that_lead_out_of_the_zip_find_nothing() -> None:
    sly = entry(photos=[{"identifier": "1", "md5": "../../../etc/passwd", "type": "jpeg"}])
    parsed = detect.read(exported(sly, photos=("../../etc/passwd.jpeg", "/etc/passwd.jpeg")), ZONE)
    assert parsed.foreign_entries[0].photos == ()
    assert parsed.photos_missing == 1


def test_one_photograph_that_two_entries_name() -> None:
    assert refused(exported(entry(), entry(uuid="b"))).code == "file_repeats"


def test_an_export_without_entries() -> None:
    assert refused(exported(photos=())).code == "file_empty"
