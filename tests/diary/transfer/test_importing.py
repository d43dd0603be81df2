"""An import of an export restores everything."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from diary import (
    consents,
    corrections,
    database,
    entries,
    errors,
    media,
    music_feedback,
    own_tracks,
)
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.own_tracks import OwnTrack
from diary.preferences import one_of
from diary.sessions import Session
from diary.transfer import detect, export, export_parts, import_plan
from tests.diary.transfer.conftest import JPEG, WAV, ZONE, recording
from tests.diary.transfer.exports import entries_of, forget_entries, snapshot

LOUD = one_of("loud", False, True)


def test_what_was_exported_comes_back_as_it_was(diarist: Session, import_file: Callable) -> None:
    exported = export.as_zip(diarist)
    before = export.as_json(diarist)
    forget_entries(diarist)
    planned = import_file(diarist, exported)
    assert (len(planned.new), planned.media) == (3, 2)
    assert entries_of(export.as_json(diarist)) == entries_of(before)
    entry = entries.of_day(diarist, date(2026, 1, 2))[0]
    assert [media.content(diarist, medium.id) for medium in media.of_entry(diarist, entry.id)] == [WAV, JPEG]


def test_the_largest_part_of_an_export_comes_back(
    diarist: Session, import_file: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Both limits at an eighth of their size: the test is about their relation.
    monkeypatch.setattr(export_parts, "PART_BYTES", export_parts.PART_BYTES // 8)
    monkeypatch.setattr(detect, "LARGEST", detect.LARGEST // 8)
    content = recording(os.urandom(export_parts.PART_BYTES // 2 - 2**18))
    for day in (1, 2, 3):
        entries.add(diarist, NewEntry("fear", 3, date(2025, 1, day), ZONE), media=[NewMedium("sound", content)])
    first, *others = export_parts.parts(diarist, with_media=True)
    exported = export.as_zip(diarist, first)
    assert others
    assert 0.9 * export_parts.PART_BYTES < len(exported) < detect.LARGEST
    forget_entries(diarist)
    assert import_file(diarist, exported).media == 2
    entry = entries.of_day(diarist, date(2025, 1, 2))[0]
    (medium,) = media.of_entry(diarist, entry.id)
    assert media.content(diarist, medium.id) == content


def test_bringing_the_same_file_again_changes_nothing(diarist: Session, import_file: Callable) -> None:
    exported, before = export.as_zip(diarist), snapshot(diarist)
    planned = import_file(diarist, exported)
    assert (len(planned.new), planned.already_here, planned.media) == (0, 3, 0)
    assert snapshot(diarist) == before


def test_what_was_changed_here_since_stays_changed(diarist: Session, import_file: Callable) -> None:
    exported = export.as_json(diarist)
    entry = entries.of_day(diarist, date(2026, 1, 3))[0]
    entries.change(diarist, entry.id, 1, NewEntry("anger", 5, entry.day, ZONE, note="no, it was not", id=entry.id))
    import_file(diarist, exported)
    assert [one.note for one in entries.of_day(diarist, date(2026, 1, 3))] == ["no, it was not"]


def test_a_file_of_version_1_is_still_read(diarist: Session, import_file: Callable) -> None:
    content = json.loads(export.as_json(diarist))
    old = {
        "format": "haru",
        "version": 1,
        "exported_at": content["exported_at"],
        "account": {name: value for name, value in content["account"].items() if name != "learns_since"},
        "preferences": {},
        "consents": content["consents"],
        "entries": entries_of(json.dumps(content), without=("readings", "media")),
    }
    forget_entries(diarist)
    import_file(diarist, json.dumps(old, indent=2).encode())
    assert entries_of(export.as_json(diarist)) == old["entries"]


def test_an_earlier_diary_of_ones_own_moves_in_once_that_was_said(
    diarist: Session, stranger: Session, import_file: Callable
) -> None:
    exported = export.as_json(diarist)
    arrival = detect.read(exported, ZONE)
    assert not import_plan.is_own(stranger, arrival)
    assert arrival.owner_name == "Jiwoo"
    with pytest.raises(errors.AnotherDiary):
        import_plan.plan(stranger, arrival, {}, zone=ZONE)
    assert entries.count(stranger) == 0

    before = snapshot(diarist)
    import_file(stranger, exported, was_mine=True)
    assert entries_of(export.as_json(stranger), ("id",)) == entries_of(exported, ("id",))
    assert snapshot(diarist) == before
    # Nobody's ids are taken over, and a second time they are recognised.
    assert not {entry.id for entry in entries.every(stranger)} & {entry.id for entry in entries.every(diarist)}
    assert import_file(stranger, exported, was_mine=True).already_here == 3
    assert import_file(stranger, export.as_json(stranger)).already_here == 3


def test_what_the_person_typed_again_by_hand_is_recognised(
    diarist: Session, stranger: Session, import_file: Callable
) -> None:
    entries.add(stranger, NewEntry("happiness", 1, date(2026, 1, 3), ZONE, note="오늘은 좋았다"))
    assert import_file(stranger, export.as_json(diarist), was_mine=True).already_here == 1
    assert len(entries.of_day(stranger, date(2026, 1, 3))) == 1


def test_two_alike_in_the_diary_are_two_after_coming_back(person: Session, import_file: Callable) -> None:
    for _ in range(2):
        entries.add(person, NewEntry("happiness", 3, date(2026, 1, 3), ZONE, note="차"))
    exported = export.as_json(person)
    forget_entries(person)
    import_file(person, exported)
    assert entries.count(person) == 2


def test_sound_stays_outside_where_keeping_it_is_not_allowed(diarist: Session, import_file: Callable) -> None:
    exported = export.as_zip(diarist)
    forget_entries(diarist)
    consents.set_given(diarist, "media", False)
    planned = import_file(diarist, exported)
    assert (planned.media, planned.media_left_out) == (0, 2)
    with database.connect() as db:
        assert db["media"].count == 0


def test_a_script_that_calls_itself_a_recording_stays_outside(diarist: Session, import_file: Callable) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    exported = export.as_zip(diarist).replace(WAV, svg.ljust(len(WAV)))
    exported = exported.replace(_crc(WAV), _crc(svg.ljust(len(WAV))))
    forget_entries(diarist)
    import_file(diarist, exported)
    with database.connect() as db:
        assert sorted(row["mime"] for row in db["media"].rows) == ["image/jpeg"]
    import_file(diarist, export.as_zip(diarist))


def _crc(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(4, "little")


def test_choices_made_here_stay_and_consents_never_come_from_a_file(
    diarist: Session, stranger: Session, import_file: Callable
) -> None:
    LOUD.choose(diarist, True)
    exported = export.as_json(diarist)
    import_file(stranger, exported, was_mine=True)
    assert LOUD.of(stranger) is True
    assert consents.given(stranger.account_id) == {"diary"}
    LOUD.choose(diarist, False)
    import_file(diarist, exported)
    assert LOUD.of(diarist) is False


def test_learning_goes_on_from_what_came_back_unless_it_is_off(
    diarist: Session, stranger: Session, import_file: Callable
) -> None:
    exported = export.as_json(diarist)
    corrections.set_learning(stranger, False)
    import_file(stranger, exported, was_mine=True)
    assert not corrections.is_learning(stranger)
    corrections.set_learning(diarist, True)
    assert (
        json.loads(export.as_json(diarist))["account"]["learns_since"] > json.loads(exported)["account"]["created_at"]
    )
    import_file(diarist, exported)
    assert export.as_json(diarist).count(json.loads(exported)["account"]["learns_since"].encode()) >= 1


def test_music_comes_along_once(diarist: Session, stranger: Session, import_file: Callable) -> None:
    said = {
        "said": "liked",
        "track": "t1",
        "title": "곡",
        "by": "누구",
        "genre": "rock",
        "mood": "fear",
        "intent": "match",
    }
    track = OwnTrack("밤 산책.mp3", 61.5, 0.1, -0.2, "calm", "calm", {"calm": 1.0}, {"tempo": 90.0}, "plane 1")
    with database.transaction() as db:
        db["tastes"].insert(music_feedback.as_row(diarist, said | {"at": database.now()}))
    own_tracks.add(diarist, track)
    exported = export.as_json(diarist)
    assert import_file(diarist, exported).music == 0
    music_feedback.reset(diarist)
    own_tracks.delete(diarist, track.id)
    assert import_file(diarist, exported).music == 2
    assert json.loads(export.as_json(diarist))["music"] == json.loads(exported)["music"]
    for music in (2, 0):
        assert import_file(stranger, exported, was_mine=True).music == music
    (own,) = own_tracks.every(stranger)
    assert own == replace(track, id=own.id)
    assert own.id != track.id
