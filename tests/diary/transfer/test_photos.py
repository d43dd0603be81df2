"""Photographs in the zip: exported as files, checked and tidied when they come back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from PIL import Image

from diary import consents, entries, errors, photos
from diary.entries import NewEntry
from diary.sessions import Session
from diary.transfer import detect, export, export_parts, import_plan, importing
from diary.transfer.import_plan import ImportPlan
from tests.diary.damaging import turn_a_bit
from tests.diary.test_photos import DAY, GPS_SECRET, allow, opened, photo, with_metadata
from tests.diary.transfer.conftest import JPEG, ZONE


@pytest.fixture
def photographer(person: Session) -> Session:
    entries.add(allow(person), DAY, photos=[photo("red"), photo("blue")])
    return person


def changed(exported: bytes, change: Callable[[dict, dict[str, bytes]], None]) -> bytes:
    """The zip after `change` of its JSON and its files."""
    with zipfile.ZipFile(io.BytesIO(exported)) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    content = json.loads(files.pop("haru.json"))
    change(content, files)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
        zipped.writestr("haru.json", json.dumps(content))
    return made.getvalue()


def contents(session: Session) -> list[bytes]:
    of_all = photos.between(session, date.min, date.max).values()
    return [photos.content(session, stored.id) for of_entry in of_all for stored in of_entry]


def test_the_zip_holds_them_as_ordinary_files(photographer: Session) -> None:
    with zipfile.ZipFile(io.BytesIO(export.as_zip(photographer))) as zipped:
        content = json.loads(zipped.read("haru.json"))
        lines = content["entries"][0]["photos"]
        assert [zipped.read(line["file"]) for line in lines] == contents(photographer)
    assert all(line["file"].startswith("photos/") and line["file"].endswith(".jpg") for line in lines)
    assert "photos" not in json.loads(export.as_json(photographer))["entries"][0]


def test_they_come_back_as_they_were(
    photographer: Session, stranger: Session, import_file: Callable[..., ImportPlan]
) -> None:
    planned = import_file(allow(stranger), export.as_zip(photographer), was_mine=True)
    assert (planned.media, planned.media_left_out, planned.media_damaged) == (2, 0, 0)
    assert contents(stranger) == contents(photographer)


def test_without_permission_they_stay_out_and_the_plan_says_so(
    photographer: Session, stranger: Session, import_file: Callable[..., ImportPlan]
) -> None:
    planned = import_file(stranger, export.as_zip(photographer), was_mine=True)
    assert (planned.media, planned.media_left_out) == (0, 2)
    assert entries.count(stranger) == 1
    assert not photos.has_any(stranger)


def test_permission_withdrawn_after_the_plan_imports_nothing(photographer: Session, stranger: Session) -> None:
    arrival = detect.read(export.as_zip(photographer), ZONE)
    planned = import_plan.plan(allow(stranger), arrival, {}, zone=ZONE, was_mine=True)
    consents.set_given(stranger, "media", False)
    with pytest.raises(errors.KeepingNotAllowed):
        importing.run_import(stranger, arrival, planned)
    assert entries.count(stranger) == 0


def test_a_damaged_one_in_the_file_costs_only_itself(
    photographer: Session, stranger: Session, import_file: Callable[..., ImportPlan]
) -> None:
    def damage(content: dict, files: dict[str, bytes]) -> None:
        files[content["entries"][0]["photos"][0]["file"]] = b"\xff\xd8\xff no picture"

    planned = import_file(allow(stranger), changed(export.as_zip(photographer), damage), was_mine=True)
    assert (planned.media, planned.media_damaged) == (1, 1)
    assert contents(stranger) == contents(photographer)[1:]


def test_a_file_that_somebody_exchanged_loses_its_metadata(
    photographer: Session, stranger: Session, import_file: Callable[..., ImportPlan]
) -> None:
    def exchange(content: dict, files: dict[str, bytes]) -> None:
        files[content["entries"][0]["photos"][0]["file"]] = with_metadata()

    import_file(allow(stranger), changed(export.as_zip(photographer), exchange), was_mine=True)
    first = contents(stranger)[0]
    assert GPS_SECRET not in first
    assert opened(first).format == "JPEG"


def test_a_damaged_one_in_the_diary_is_counted_and_left_out(photographer: Session) -> None:
    stored = next(iter(photos.between(photographer, date.min, date.max).values()))
    turn_a_bit("photos", "sealed", "id", stored[0].id)
    assert export.left_out(photographer, with_media=True).media == 1
    assert export.left_out(photographer, with_media=False).media == 0
    with zipfile.ZipFile(io.BytesIO(export.as_zip(photographer))) as zipped:
        content = json.loads(zipped.read("haru.json"))
        assert [line["file"] for line in content["entries"][0]["photos"]] == [f"photos/{stored[1].id}.jpg"]
        assert f"photos/{stored[0].id}.jpg" not in zipped.namelist()
        assert content["left_out"]["media"] == 1


def test_parts_of_an_export_count_photographs(photographer: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    entries.add(photographer, NewEntry("fear", 1, date(2026, 1, 3), ZONE), photos=[photo()])
    size = len(photo().content)
    monkeypatch.setattr(export_parts, "PART_BYTES", 2 * size + 4000)
    assert len(export_parts.parts(photographer, with_media=True)) == 2
    assert len(export_parts.parts(photographer)) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda line, files: line["photos"].append(dict(line["photos"][0])),  # one file twice
        lambda line, files: line["photos"][0].update(file="photos/missing.jpg"),
        lambda line, files: line["photos"][0].update(file=7),
        lambda line, files: line["photos"][0].update(created_at="yesterday"),
        lambda line, files: line["photos"].append("a name"),
        lambda line, files: line.update(photos={"file": "x"}),
        lambda line, files: line.update(media=[_medium(line["photos"][0]["file"])]),  # also named as a picture
    ],
)
def test_a_file_with_other_photographs_than_it_holds_is_refused(
    photographer: Session, change: Callable[[dict, dict], None]
) -> None:
    exported = changed(export.as_zip(photographer), lambda content, files: change(content["entries"][0], files))
    with pytest.raises(errors.FileRefused):
        detect.read(exported, ZONE)


def _medium(name: str) -> dict[str, str]:
    return {"kind": "picture", "mime": "image/jpeg", "file": name, "created_at": "2026-01-02T03:04:05+00:00"}


def test_more_than_ten_in_one_entry_are_refused(photographer: Session) -> None:
    def crowd(content: dict, files: dict[str, bytes]) -> None:
        for number in range(9):
            files[f"photos/{number}.jpg"] = JPEG
            line = content["entries"][0]["photos"][0] | {"file": f"photos/{number}.jpg"}
            content["entries"][0]["photos"].append(line)

    with pytest.raises(errors.TooManyMedia):
        detect.read(changed(export.as_zip(photographer), crowd), ZONE)


def test_a_bomb_in_the_file_is_left_out(
    photographer: Session, stranger: Session, import_file: Callable[..., ImportPlan]
) -> None:
    bomb = io.BytesIO()
    Image.new("1", (16_000, 16_000)).save(bomb, "PNG")

    def exchange(content: dict, files: dict[str, bytes]) -> None:
        files[content["entries"][0]["photos"][1]["file"]] = bomb.getvalue()

    planned = import_file(allow(stranger), changed(export.as_zip(photographer), exchange), was_mine=True)
    assert (planned.media, planned.media_damaged) == (1, 1)
