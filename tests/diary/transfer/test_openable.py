"""Media and texts of an import that cannot be opened: broken pictures, broken sound, lone surrogates."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from PIL import Image

from diary import consents, database, entries, errors, media, music_feedback, own_tracks, readings
from diary.sessions import Session
from diary.transfer import budget, detect, export, import_plan, importing, openable, table
from emotions import EMOTIONS
from fer import image
from tests.diary.transfer.conftest import JPEG, WAV, ZONE

NOW = "2026-01-02T03:04:05.000006+00:00"
HALF = "\ud83d"


def line(number: int = 1, **changes: object) -> dict:
    return {
        "id": f"{number:032x}",
        "day": "2026-01-02",
        "happened_at": NOW,
        "time_known": True,
        "timezone": ZONE,
        "mood": "neutral",
        "intensity": 3,
        "source": "hand",
        "note": "n",
        "tags": [],
        "version": 1,
        "created_at": NOW,
        "updated_at": NOW,
    } | changes


def document(*lines: dict, **changes: object) -> dict:
    account = {"name": "x", "created_at": "2020-01-01T00:00:00.000001+00:00", "learns_since": None}
    return {"format": "haru", "version": 2, "account": account, "entries": list(lines)} | changes


def zipped(contents: dict[str, tuple[str, bytes]]) -> bytes:
    """One entry with a medium for each name: (kind, content)."""
    stored = [
        {
            "kind": kind,
            "mime": "image/jpeg" if kind == "picture" else "audio/wav",
            "file": f"media/{name}",
            "created_at": NOW,
        }
        for name, (kind, _) in contents.items()
    ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("haru.json", json.dumps(document(line(media=stored))))
        for name, (_, content) in contents.items():
            file.writestr(f"media/{name}", content)
    return packed.getvalue()


def a_bomb() -> bytes:
    made = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(made, "PNG")
    return made.getvalue()


def a_photograph() -> bytes:
    made = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(made, "JPEG")
    return made.getvalue()


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("picture", b"not a picture"),
        ("picture", b""),
        ("picture", b"\xff\xd8\xff" + bytes(range(256))),
        ("picture", a_photograph()[:3000]),
        ("picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("picture", a_bomb()),
        ("picture", WAV),
        ("sound", b"RIFFxxxx"),
        ("sound", b""),
        ("sound", b"no sound at all" * 100),
        ("sound", JPEG),
    ],
    ids=lambda value: None if isinstance(value, str) else f"{len(value)}",
)
def test_what_cannot_be_opened_stays_outside_and_is_counted(
    person: Session, import_file: Callable, kind: str, content: bytes
) -> None:
    consents.set_given(person, "media", True)
    file = zipped({"bad": (kind, content), "picture": ("picture", JPEG), "sound": ("sound", WAV)})
    planned = import_file(person, file, was_mine=True)
    assert (planned.media_damaged, planned.media, planned.media_left_out) == (1, 2, 0)
    (entry,) = entries.every(person)
    stored = [media.content(person, medium.id) for medium in media.of_entry(person, entry.id)]
    assert stored == [JPEG, WAV]
    assert import_file(person, file, was_mine=True).media_damaged == 0  # the second time nothing of it is new


def test_thousands_of_large_pictures_do_not_keep_a_core_busy(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = []
    whole_picture = image.first_frame
    monkeypatch.setattr(image, "first_frame", lambda content: decoded.append(1) or whole_picture(content))
    monkeypatch.setattr(openable, "PIXELS_MAX", 100)
    file = zipped({str(number): ("picture", JPEG) for number in range(5)} | {"bad": ("picture", b"no picture")})
    (parsed,) = detect.read(file, ZONE).entries
    assert len(decoded) == 2  # of 64 pixels each
    assert [medium.opens for medium in parsed.media] == [True] * 5 + [False]


def test_blank_pictures_of_a_few_bytes_are_opened_up_to_a_limit(
    person: Session, import_file: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a zip of a megabyte would be decoded for minutes, once to look and once to make it smaller."""
    monkeypatch.setattr(openable, "BLANK_PIXELS_MAX", 2_500_000)
    consents.set_given(person, "media", True)
    blank = io.BytesIO()
    Image.new("1", (1000, 1000)).save(blank, "PNG")
    pictures = {str(number): ("picture", blank.getvalue()) for number in range(5)}
    planned = import_file(person, zipped(pictures | {"photograph": ("picture", a_photograph())}), was_mine=True)
    assert (planned.media, planned.media_damaged) == (3, 3)


def test_an_import_that_takes_too_long_ends_with_a_sentence(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    consents.set_given(person, "media", True)
    file = zipped({"picture": ("picture", JPEG)})
    monkeypatch.setattr(budget, "MINUTES_MAX", -1.0)
    with pytest.raises(errors.FileTooSlow):
        detect.read(file, ZONE)


def test_photographs_that_take_too_long_end_an_import_whole(diarist: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    content = document(line(1, photos=[{"file": "photos/a", "created_at": NOW}]), version=4)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("haru.json", json.dumps(content))
        file.writestr("photos/a", JPEG)
    parsed = detect.read(packed.getvalue(), ZONE)
    planned = import_plan.plan(diarist, parsed, {}, zone=ZONE, was_mine=True)
    count = entries.count(diarist)
    monkeypatch.setattr(budget, "MINUTES_MAX", -1.0)
    with pytest.raises(errors.FileTooSlow):
        importing.run_import(diarist, parsed, planned)
    assert entries.count(diarist) == count


def test_small_and_moving_pictures_are_pictures(person: Session, import_file: Callable) -> None:
    consents.set_given(person, "media", True)
    moving = io.BytesIO()
    frames = [Image.new("L", (3, 3), shade) for shade in (0, 200)]
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])
    planned = import_file(person, zipped({"moving": ("picture", moving.getvalue())}), was_mine=True)
    assert (planned.media, planned.media_damaged) == (1, 0)


def test_where_keeping_is_not_allowed_only_the_whole_ones_could_come(person: Session, import_file: Callable) -> None:
    planned = import_file(person, zipped({"bad": ("picture", b"x"), "good": ("picture", JPEG)}), was_mine=True)
    assert (planned.media, planned.media_left_out, planned.media_damaged) == (0, 1, 1)


def test_halves_of_characters_are_replaced_everywhere_and_counted(person: Session, import_file: Callable) -> None:
    reading = {
        "source": "words",
        "model": f"m{HALF}",
        "sure": True,
        "scores": dict.fromkeys(EMOTIONS, 1 / 7),
        "quality": {f"q{HALF}": 1.0},
        "created_at": NOW,
    }
    saying = {"track": "local:x", "title": f"t{HALF}", "by": "b", "genre": "pop", "intent": "lift", "mood": None}
    own = {"title": f"o{HALF}", "emotion8": "calm", "emotion4": "joy", "model": "m", "seconds": 10, "valence": 0.1}
    music = {
        "said": [saying | {"said": "liked", "at": NOW}],
        "own_tracks": [own | {"arousal": 0.1, "scores4": {}, "features": {}, "id": "a" * 32}],
    }
    content = document(
        line(1, note=f"half a {HALF} pair 🌙", tags=[f"tag {HALF}"], readings=[reading]),
        music=music,
        preferences={"odd": HALF},
    )
    planned = import_file(person, json.dumps(content).encode(), was_mine=True)
    assert planned.mended == 7
    (entry,) = entries.every(person)
    assert (entry.note, entry.tags) == ("half a \ufffd pair 🌙", ("tag \ufffd",))
    assert readings.of_entry(person, entry.id)[0].model == "m\ufffd"
    assert music_feedback.every(person)[0]["title"] == "t\ufffd"
    assert own_tracks.every(person)[0].title == "o\ufffd"
    export.as_json(person)


def test_halves_in_a_backup_of_pixels_are_replaced(person: Session, import_file: Callable) -> None:
    content = [{"date": "2026-1-2", "scores": [5], "notes": f"half {HALF}", "tags": [{"type": "t", "entries": [HALF]}]}]
    assert import_file(person, json.dumps(content).encode()).mended == 2
    (entry,) = entries.every(person)
    assert (entry.note, entry.tags) == ("half \ufffd", ("\ufffd",))


def test_a_file_without_halves_has_none_mended(person: Session, import_file: Callable) -> None:
    assert import_file(person, json.dumps(document(line(note="🌙"))).encode(), was_mine=True).mended == 0


def test_halves_that_were_stored_before_are_replaced_on_the_way_out(person: Session) -> None:
    """As an import once stored them: sealed, with their halves."""
    arrival = detect.read(json.dumps(document(line())).encode(), ZONE)
    importing.run_import(person, arrival, import_plan.plan(person, arrival, {}, zone=ZONE, was_mine=True))
    (entry,) = entries.every(person)
    sealed = json.dumps({"note": f"old {HALF}", "tags": [f"old {HALF}"]}, ensure_ascii=False)
    with database.transaction() as db:
        db.execute(
            "update entries set sealed = ?",
            [person.vault.seal(sealed.encode("utf-8", "surrogatepass"), f"entry {entry.id}")],
        )
        db["tastes"].insert(
            {
                "id": "t",
                "account_id": person.account_id,
                "sealed": person.vault.seal(json.dumps({"said": "heard", "title": HALF}).encode(), "taste t"),
                "created_at": NOW,
            }
        )
    (entry,) = entries.every(person)
    assert (entry.note, entry.tags) == ("old \ufffd", ("old \ufffd",))
    assert entries.favourite_tags(person) == ["old \ufffd"]
    assert entries.tags_between(person, date.min, date.max)[0][1] == ["old \ufffd"]
    assert music_feedback.every(person)[0]["title"] == "\ufffd"
    assert "old \ufffd" in export.as_json(person).decode()
    assert "old \ufffd" in table.as_csv(person).decode()
