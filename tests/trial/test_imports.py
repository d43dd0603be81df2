"""Damaged exports of Haru, other diaries and health apps: imported whole or refused with a sentence."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import warnings
import zipfile
from datetime import date, time
from functools import partial
from pathlib import Path
from random import Random

from diary import consents, database, entries, errors, own_tracks, trackers
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.own_tracks import OwnTrack
from diary.sessions import Session
from diary.trackers import Tracker
from diary.transfer import derived_ids, detect, export, import_plan, importing, table, tracker_csv, tracker_table
from diary.transfer.moods import MoodChoice
from diary.transfer.parsed import ParsedFile
from diary.transfer.tracker_table import ColumnChoice
from emotions import EMOTIONS
from tests.diary.transfer import (
    health_exports,
    test_apple_journal,
    test_day_one,
    test_daylio_backup,
    test_journey,
)
from tests.diary.transfer.conftest import WAV, ZONE, reading
from tests.trial.bounded import try_all
from tests.trial.mutations import flipped, json_changed, truncated
from tests.trial.test_notes import expect_sentence

_TABLES = ("entries", "readings", "media", "photos", "own_tracks", "tastes", "music_lists", "trackers", "preferences")
_ODD_CELLS = (
    *("", '"', "\0", "=1+1", "| | |", "tag | " * 40, "x" * 41 + " | y", "a" * 140_000, "<b>" * 50, "\u202e"),
    *("99/99/9999", "13/02/2026", "2026-02-30", "25:99", "12:60 am", "0:00 pm"),
)
_ODD_NAMES = ("../../../../../{}", "/{}", "C:\\{}", "{}\0x", "haru.json", "{}")


def test_damaged_exports(person: Session, tmp_path: Path) -> None:
    whole = whole_exports(person)
    clear()
    folder = tmp_path / "temporary"
    folder.mkdir()

    def damaged_export(random: Random, number: int) -> tuple[str, bytes]:
        return damaged(random, *random.choice(whole))

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Duplicate name", UserWarning)
        try_all(5000, damaged_export, partial(use, person), folder)


def use(person: Session, content: bytes) -> None:
    assert counts() == (0,) * len(_TABLES), "left by the input before"
    imported = None
    try:
        file = read(content)
        if not file.health:
            imported = import_all(person, file)
    except errors.DiaryError as refusal:
        expect_sentence(refusal)
    try:
        if imported is None:
            assert counts() == (0,) * len(_TABLES), "half an import"
            return
        assert entries.count(person) == imported
        export.as_zip(person)
        table.as_csv(person)
        tracker_csv.as_csv(person)
        assert len(detect.read(export.as_json(person), ZONE).entries) == imported
    except errors.FileEmpty:
        assert imported == 0
    finally:
        clear()


def read(content: bytes) -> ParsedFile:
    try:
        return detect.read(content, ZONE)
    except errors.DatesAmbiguous:
        return detect.read(content, ZONE, True)


def import_all(person: Session, file: ParsedFile) -> int:
    choices = {mood: MoodChoice("neutral", 3) for mood in file.moods()}
    columns: dict[str, ColumnChoice | None] = {}
    for column in file.columns:
        kind = tracker_table.suggest_kind(column) or "count"
        tracker = Tracker(column.name or "values", "📈", kind, derived_ids.column_tracker_id(person, column.name))
        columns[column.name] = ColumnChoice(trackers.tidy(tracker), False)
    planned = import_plan.plan(person, file, choices, zone=ZONE, was_mine=True, columns=columns)
    return importing.run_import(person, file, planned)


def counts() -> tuple[int, ...]:
    with database.connect() as db:
        return tuple(db.table(name).count for name in _TABLES)


def clear() -> None:
    with database.transaction() as db:
        for name in _TABLES:
            db.table(name).delete_where()


def whole_exports(person: Session) -> list[tuple[str, bytes]]:
    fill(person)
    haru = export.as_json(person)
    first_version = json.loads(haru) | {"version": 1}
    for later in ("music", "trackers"):
        first_version.pop(later)
    header = "full_date,date,weekday,time,mood,activities,scales,note_title,note\n"
    daylio = header + "".join(
        f"2026-03-{number:02},March {number},Tuesday,{number % 12 + 1}:05 pm,good,walk | friends,,title {number},"
        f'"a <b>note</b> {number}<br>하루"\n'
        for number in range(1, 20)
    )
    old_daylio = "year,date,weekday,time,mood,activities,note\n" + "".join(
        f"2019,{number}. March,Mon,20:{number:02},bad,x,note\n" for number in range(1, 9)
    )
    tags = [{"type": "Emotions", "entries": ["a", "b"]}]
    pixels = [
        {"date": f"2025-{month}-{month}", "type": "Mood", "scores": [1 + month % 5, 3], "notes": "n", "tags": tags}
        for month in range(1, 13)
    ]
    old_pixels = [{"date": f"2020-01-{day:02}", "mood": 1 + day % 5, "emotions": ["x"]} for day in range(1, 20)]
    night = health_exports.sleep("2026-01-02 23:10:00 +0900", "2026-01-03 06:10:00 +0900")
    return [
        ("haru.json", haru),
        ("haru.zip", export.as_zip(person)),
        ("haru.json, version 1", json.dumps(first_version, ensure_ascii=False).encode()),
        ("haru.csv", table.as_csv(person)),
        ("trackers.csv", tracker_csv.as_csv(person)),
        ("daylio.csv", daylio.encode()),
        ("daylio.csv, old", old_daylio.encode()),
        ("daylio.csv, cp949", daylio.encode("cp949")),
        ("daylio.csv, utf-16", daylio.encode("utf-16")),
        ("daylio.zip", test_daylio_backup.backup(test_daylio_backup.day_entry())),
        ("pixels.json", json.dumps(pixels).encode()),
        ("pixels.json, old", json.dumps(old_pixels).encode()),
        ("day one.zip", test_day_one.exported(test_day_one.entry())),
        ("journey.zip", test_journey.exported(test_journey.entry())),
        ("apple journal.zip", test_apple_journal.exported()),
        ("apple health.xml", health_exports.apple_health(health_exports.steps("2026-01-02 08:00:00 +0900", 99), night)),
        ("health connect.db", health_exports.health_connect()),
    ]


def fill(person: Session) -> None:
    consents.set_given(person, "media", True)
    for number in range(12):
        new = NewEntry(
            EMOTIONS[number % 7],
            1 + number % 5,
            date(2026, 5, 1 + number),
            ZONE,
            note=f'노트 {number} "quoted", comma\nline',
            tags=("a b", f"t{number}"),
            at=time(9, number),
        )
        media = [NewMedium("sound", WAV)] if number % 3 == 0 else []
        entries.add(person, new, readings=[reading("words"), reading("fusion")], media=media)
    own_tracks.add(person, OwnTrack("my song", 100.0, 0.1, 0.2, "joy", "joy", {"joy": 1.0}, {"tempo": 100.0}, "m 1"))
    tracker_id = trackers.add(person, Tracker("Sleep", "🛌", "minutes"))
    for day in range(1, 9):
        trackers.set_value(person, tracker_id, date(2026, 5, day), 400 + day, ZONE)


def damaged(random: Random, name: str, content: bytes) -> tuple[str, bytes]:
    how = random.randrange(5)
    if how >= 2 and ".json" in name:
        return f"{name}, values", json_changed(random, content)
    if how >= 2 and name.endswith(".zip"):
        return f"{name}, members", packed_anew(random, content)
    if how >= 3 and ".csv" in name:
        return f"{name}, cells", cells_changed(random, content)
    if how == 0:
        return f"{name}, truncated", truncated(random, content)
    if how == 1 and random.random() < 0.2:
        return "random bytes", random.randbytes(random.randrange(1, 3000))
    return f"{name}, bytes", flipped(random, content)


def cells_changed(random: Random, content: bytes) -> bytes:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        lines = content.decode(encoding).splitlines()
    except UnicodeDecodeError:
        lines = content.decode("cp949").splitlines()
    line = random.randrange(len(lines))
    cells = lines[line].split(",")
    cells[random.randrange(len(cells))] = random.choice(_ODD_CELLS)
    lines[line] = ",".join(cells)
    return "\n".join(lines).encode()


def packed_anew(random: Random, content: bytes) -> bytes:
    """The zip with other compression, and its members damaged, removed, renamed or doubled."""
    how, odd_name = random.randrange(7), random.choice(_ODD_NAMES)
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(packed, "w", random.choice([0, 8, 12, 14])) as new,
    ):
        for name in old.namelist():
            member = old.read(name)
            if how == 0:
                member = _text_changed(random, name, member)
            elif how == 1 and not name.endswith(("json", "daylio", "html")) and random.random() < 0.5:
                continue
            elif how == 2:
                name = odd_name.format(name)
            elif how == 3:
                new.writestr(name, member)
            new.writestr(name, member)
    return flipped(random, packed.getvalue()) if how == 4 else packed.getvalue()


def _text_changed(random: Random, name: str, member: bytes) -> bytes:
    if name.endswith(".daylio"):
        return base64.b64encode(json_changed(random, base64.b64decode(member)))
    with contextlib.suppress(ValueError):
        return json_changed(random, member)
    return flipped(random, member)
