"""Files that somebody makes on purpose: each is imported or refused in time, without much memory."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from diary import consents, database, errors
from diary.sessions import Session
from diary.transfer import export, table
from tests.diary.transfer.test_openable import NOW, document, line
from tests.trial import bounded
from tests.trial.test_imports import import_all, read
from tests.trial.test_notes import expect_sentence
from tests.trial.test_recordings import wav

DAYLIO = "full_date,mood,activities,note\n"


def as_json(*lines: dict, **changes: object) -> bytes:
    return json.dumps(document(*lines, **changes)).encode()


def with_account(**facts: object) -> bytes:
    return as_json(line(1), account={"name": "x", "created_at": NOW, "learns_since": None} | facts)


def with_reading(**facts: object) -> bytes:
    scores = dict.fromkeys(("happiness", "surprise", "neutral", "fear", "disgust", "anger", "sadness"), 1 / 7)
    made = {"source": "words", "model": "m", "sure": True, "scores": scores, "quality": {}, "created_at": NOW}
    return as_json(line(1, readings=[made | facts]))


def with_music(**lists: list) -> bytes:
    return as_json(line(1), music={"said": [], "own_tracks": [], "lists": []} | lists)


def daylio(*notes: str) -> bytes:
    return (DAYLIO + "".join(f'2026-03-10,good,,"{note}"\n' for note in notes)).encode()


def pixels(*days: dict[str, Any]) -> bytes:
    return json.dumps(days).encode()


def zipped(content: bytes, members: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("haru.json", content)
        for name, member in members.items():
            file.writestr(name, member)
    return packed.getvalue()


def medium(name: str, kind: str = "sound") -> dict[str, str]:
    mime = "audio/wav" if kind == "sound" else "image/jpeg"
    return {"kind": kind, "mime": mime, "file": name, "created_at": NOW}


def bomb() -> bytes:
    """A gigabyte of zeros."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file, file.open("haru.json", "w") as member:
        for _ in range(1000):
            member.write(bytes(1_000_000))
    return packed.getvalue()


def with_central_byte(content: bytes, at: int, value: bytes) -> bytes:
    """The zip with its directory changed: the header of a file is then another one than the directory says."""
    changed = bytearray(content)
    begin = changed.rfind(b"PK\x01\x02") + at
    changed[begin : begin + len(value)] = value
    return bytes(changed)


def blank_pictures(count: int) -> bytes:
    """PNG files of a few kilobytes that claim 49 million pixels each."""
    made = io.BytesIO()
    Image.new("1", (7000, 7000)).save(made, "PNG")
    names = [f"photos/{number}" for number in range(count)]
    lines = [
        line(number, photos=[{"file": name, "created_at": NOW} for name in names[number : number + 10]])
        for number in range(0, count, 10)
    ]
    return zipped(as_json(*lines, version=4), dict.fromkeys(names, made.getvalue()))


def slow_recordings(count: int) -> bytes:
    names = [f"media/{number}" for number in range(count)]
    sound = wav(bytes(2_000), rate=4000, channels=64, bits=8)
    return zipped(as_json(line(1, media=list(map(medium, names)))), dict.fromkeys(names, sound))


LIGHT: dict[str, Callable[[], bytes]] = {
    "created in the year 1, far east": lambda: as_json(line(1, created_at="0001-01-01T00:00:00+14:00")),
    "updated in the year 9999, far west": lambda: as_json(line(1, updated_at="9999-12-31T23:59:59-12:00")),
    "happened in the year 1": lambda: as_json(line(1, happened_at="0001-01-01T00:00:00+14:00")),
    "learns since the year 1": lambda: with_account(learns_since="0001-01-01T00:00:00+14:00"),
    "learns since the year 9999": lambda: with_account(learns_since="9999-12-31T23:59:59-12:00"),
    "a quality of 31 digits": lambda: with_reading(quality={"a": 10**30}),
    "a quality of 4,000 digits": lambda: with_reading(quality={"a": 77}).replace(b"77", b"1" + b"0" * 4000),
    "a strength of 5,000 digits": lambda: as_json(line(1, intensity=77)).replace(b"77", b"9" * 5000),
    "a version of 26 digits": lambda: as_json(line(1, version=10**25)),
    "no number": lambda: as_json(line(1, intensity=float("nan"))),
    "half a character as a name": lambda: with_account(name="\ud800"),
    "half a character as a model": lambda: with_reading(model="\ud800"),
    "half a character as a quality": lambda: with_reading(quality={"\ud800": 1}),
    "half a character as a preference": lambda: as_json(line(1), preferences={"\ud800": "\ud800"}),
    "half a character in note and tag": lambda: as_json(line(1, note="\ud800", tags=["\udfff"])),
    "half a character in music": lambda: with_music(said=[{"track": "\ud800", "title": "\ud800"}]),
    "a zero byte as a preference": lambda: as_json(line(1), preferences={"a\0b": "x"}),
    "an endless preference": lambda: as_json(line(1), preferences={"first_weekday": float("inf")}),
    "one id twice": lambda: as_json(line(1), line(1, note="other")),
    "one key twice": lambda: as_json().replace(b'"format"', b'"format": "haru", "format"'),
    "half a million brackets deep": lambda: b"[" * 500_000,
    "a date that is a list": lambda: pixels({"date": ["x"], "scores": [5]}),
    "the year 99999": lambda: pixels({"date": "99999-1-1", "scores": [5]}),
    "tags of another shape": lambda: pixels({"date": "2026-01-01", "scores": [5], "tags": [{"entries": "abc"}]}),
    "unclosed tags": lambda: daylio("<b " * 43_000),
    "20 notes of unclosed tags": lambda: daylio(*["<b " * 43_000] * 20),
    "a break with spaces": lambda: daylio("<br" + " " * 130_000),
    "many unclosed breaks": lambda: daylio("<br " * 32_000),
    "unclosed items": lambda: daylio("<b>" + "<li" * 43_000),
    "a zip that leads out": lambda: zipped(as_json(line(1, media=[medium("../../x")])), {"../../x": b"x", "/y": b"y"}),
    "a picture that is none": lambda: zipped(as_json(line(1, media=[medium("a", "picture")])), {"a": b"no picture"}),
    "the diary as a recording": lambda: zipped(as_json(line(1, media=[medium("haru.json")])), {}),
    "a password": lambda: with_central_byte(zipped(as_json(line(1)), {}), 8, b"\x01"),
    "200 MB whose header says 10 bytes": lambda: with_central_byte(
        zipped(as_json(), {"a": bytes(200_000_000)}), 24, struct.pack("<I", 10)
    ),
    "30,000 empty files": lambda: zipped(as_json(), {f"{number}": b"" for number in range(30_000)}),
    "a recording that one entry names 1,000 times": lambda: zipped(
        as_json(line(1, media=[medium("a")] * 1000)), {"a": bytes(2_000_000)}
    ),
    "200 slow recordings": lambda: slow_recordings(200),
}
HEAVY: dict[str, Callable[[], bytes]] = {
    "a gigabyte of zeros": bomb,
    "a recording that 60 entries name": lambda: zipped(
        as_json(*(line(number, media=[medium("a")]) for number in range(60))), {"a": bytes(20_000_000)}
    ),
    "1.9 million empty lists": lambda: b"[" + b"[]," * 950_000 + b"[]]",
    "1.9 million empty entries": lambda: as_json().replace(
        b'"entries": []', b'"entries": [' + b"{}," * 1_900_000 + b"{}]"
    ),
    "a note of 47 MB": lambda: as_json(line(1, note="x" * 47_000_000)),
    "2,000 days with 1,000 scores each": lambda: pixels(
        *({"date": f"2026-01-{1 + number % 28:02}", "scores": [5] * 1000} for number in range(2000))
    ),
    "28,000 days": lambda: pixels(
        *(
            {"date": f"{1950 + n // 365}-{1 + n % 12}-{1 + n % 28}", "scores": [5, 3], "notes": "x"}
            for n in range(28_000)
        )
    ),
    "300 blank pictures of 49 million pixels": lambda: blank_pictures(300),
}


@pytest.fixture
def diarist(person: Session) -> Session:
    consents.set_given(person, "media", True)
    return person


@pytest.mark.parametrize("name", LIGHT)
def test_a_hostile_file(diarist: Session, name: str) -> None:
    expect_bounded(diarist, LIGHT[name]())


@pytest.mark.skipif(bounded.EVERY > 1, reason="takes long: HARU_TEST_ALL=1")
@pytest.mark.parametrize("name", HEAVY)
def test_a_large_hostile_file(diarist: Session, name: str) -> None:
    expect_bounded(diarist, HEAVY[name]())


def expect_bounded(diarist: Session, content: bytes) -> None:
    size = folder_bytes(database.folder())

    def use() -> None:
        try:
            import_all(diarist, read(content))
            export.as_json(diarist)
            table.as_csv(diarist)
        except errors.DiaryError as refusal:
            expect_sentence(refusal)

    assert bounded.cost(use) == ""
    assert folder_bytes(database.folder()) - size < 100 * 2**20


def folder_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())
