"""Zips that are not what they say."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from diary.sessions import Session
from diary.transfer import archive, detect, export
from tests.diary.transfer.conftest import ZONE
from tests.diary.transfer.files import refused, zipped


def test_a_zip_bomb_is_refused_by_its_header_before_it_is_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zip_file, zip_file.open("haru.json", "w") as member:
        for _ in range(200):
            member.write(b" " * 2**20)
    bomb = packed.getvalue()
    assert len(bomb) < 300_000
    tracemalloc.start()
    assert refused(bomb).code == "file_too_large"
    assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    tracemalloc.stop()


def test_a_zip_bomb_whose_header_lies_is_refused_too() -> None:
    bomb = zipped(("haru.json", b" " * (3 * 2**20)))
    size = struct.pack("<I", 3 * 2**20)
    assert bomb.count(size) == 2
    assert refused(bomb.replace(size, struct.pack("<I", 10))).code in ("file_damaged", "file_cut_short")


def test_many_small_files_that_together_are_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detect, "LARGEST", 1000)
    bomb = zipped(("haru.json", b"{}"), *((f"{n}", b"x" * 300) for n in range(5)))
    assert refused(bomb).code == "file_too_large"
    monkeypatch.setattr(archive, "MEMBERS_MAX", 4)
    assert refused(zipped(*((f"{n}", b"") for n in range(5)))).code == "file_too_many_members"


def test_json_that_would_swell_in_memory() -> None:
    assert refused(b"[" + b"[]," * 2_000_000 + b"[]]").code == "file_too_large"


def test_a_zip_of_something_else() -> None:
    assert refused(zipped(("photo.jpg", b"x"))).code == "file_unknown"
    assert refused(zipped(("haru.json", b'[{"date": "2026-1-5", "scores": [3]}]'))).code == "file_unknown"


def test_a_zip_without_the_sounds_that_its_entries_name(diarist: Session) -> None:
    content = zipfile.ZipFile(io.BytesIO(export.as_zip(diarist))).read("haru.json")
    assert refused(zipped(("haru.json", content))).code == "line_unreadable"


def with_media(diarist: Session, change: Callable[[list[dict]], None]) -> bytes:
    """The export of a person with its list of media changed, and the two media it holds."""
    exported = zipfile.ZipFile(io.BytesIO(export.as_zip(diarist)))
    content = json.loads(exported.read("haru.json"))
    change(content["entries"][1]["media"])
    others = [(name, exported.read(name)) for name in exported.namelist() if name != "haru.json"]
    return zipped(("haru.json", json.dumps(content).encode()), *others)


def test_a_recording_that_is_named_often_is_not_copied_often(diarist: Session) -> None:
    assert detect.read(with_media(diarist, lambda media: None), ZONE)
    assert refused(with_media(diarist, lambda media: media.append(media[0]))).code == "file_repeats"


def test_a_recording_that_two_entries_name(diarist: Session) -> None:
    exported = zipfile.ZipFile(io.BytesIO(export.as_zip(diarist)))
    content = json.loads(exported.read("haru.json"))
    content["entries"][2]["media"] = content["entries"][1]["media"][:1]
    others = [(name, exported.read(name)) for name in exported.namelist() if name != "haru.json"]
    assert refused(zipped(("haru.json", json.dumps(content).encode()), *others)).code == "file_repeats"


def test_an_entry_with_more_media_than_anybody_makes(diarist: Session) -> None:
    refusal = refused(with_media(diarist, lambda media: media.extend(media * 200)))
    assert (refusal.code, refusal.facts) == ("too_many_media", {"place": 2, "most": 200})


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_one_name_twice(diarist: Session) -> None:
    content = export.as_json(diarist)
    assert refused(zipped(("haru.json", content), ("a", b"1"), ("a", b"2"))).code == "file_repeats"
    assert refused(zipped(("haru.json", content), ("haru.json", content))).code == "file_repeats"


def test_the_diary_itself_is_no_recording(diarist: Session) -> None:
    assert refused(with_media(diarist, lambda media: media[0].update(file="haru.json"))).code == "line_unreadable"


def test_a_type_that_a_browser_would_run(diarist: Session) -> None:
    codes = {}
    for mime in ("image/svg+xml", "text/html", "audio/svg+xml", 5, None):
        codes[mime] = refused(with_media(diarist, lambda media, mime=mime: media[0].update(mime=mime))).code
    assert set(codes.values()) == {"line_unreadable"}, codes


def test_a_zip_that_is_packed_in_another_way(diarist: Session) -> None:
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert refused(zipped(("haru.json", export.as_json(diarist)), method=method)).code == "file_damaged", method


def test_a_zip_whose_content_is_damaged_encrypted_or_packed_in_an_unknown_way(diarist: Session) -> None:
    packed = zipped(("haru.json", export.as_json(diarist)))
    central = packed.rindex(b"PK\x01\x02")
    for places, value in (((6, central + 8), 1), ((8, central + 10), 99), ((8, central + 10), 14), ((60, 61), 0xFF)):
        spoilt = bytearray(packed)
        for place in places:
            spoilt[place] = value
        assert refused(bytes(spoilt)).code == "file_damaged"
