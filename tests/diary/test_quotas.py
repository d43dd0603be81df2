"""What one account may keep, where the operator sets a limit."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from diary import consents, entries, errors, media, own_tracks, photos, quotas
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.own_tracks import OwnTrack
from diary.sessions import Session
from diary.transfer import detect, export, import_plan, importing
from diary.transfer.moods import MoodChoice
from language import LANGUAGES, say
from tests.sounds import spoken

ZONE = "Asia/Seoul"


def new(note: str = "") -> NewEntry:
    return NewEntry("happiness", 3, date(2026, 1, 2), ZONE, note=note)


@pytest.fixture
def half_a_megabyte() -> bytes:
    return spoken(16.4)


@pytest.fixture
def keeper(person: Session) -> Session:
    consents.set_given(person, "media", True)
    return person


@pytest.fixture
def one_megabyte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_ACCOUNT_MEGABYTES", "1")


@pytest.fixture
def two_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_ACCOUNT_ENTRIES", "2")


def test_entries_up_to_the_limit_of_each_account(person: Session, stranger: Session, two_entries: None) -> None:
    first, _ = entries.add(person, new()), entries.add(person, new())
    with pytest.raises(errors.TooManyEntries):
        entries.add(person, new())
    assert entries.count(person) == 2
    assert entries.add(stranger, new())
    entries.change(person, first, 1, new("changed"))
    entries.delete(person, first)
    assert entries.add(person, new())


def test_an_entry_that_is_saved_twice_counts_once(person: Session, two_entries: None) -> None:
    same = new()
    for _ in range(3):
        entries.add(person, same)
    assert entries.add(person, new())


def test_an_import_beyond_the_limit_is_refused_before_it_begins(
    person: Session, monkeypatch: pytest.MonkeyPatch, two_entries: None
) -> None:
    entries.add(person, new())
    lines = [{"date": f"2026-1-{day}", "scores": [3]} for day in (1, 2)]
    file = detect.read(json.dumps(lines).encode(), ZONE)
    choices = {"3": MoodChoice("neutral", 3)}
    with pytest.raises(errors.TooManyEntries):
        import_plan.plan(person, file, choices, zone=ZONE)
    monkeypatch.setenv("HARU_ACCOUNT_ENTRIES", "3")
    planned = import_plan.plan(person, file, choices, zone=ZONE)
    entries.add(person, new())  # in another tab, after the plan
    with pytest.raises(errors.TooManyEntries):
        importing.run_import(person, file, planned)
    assert entries.count(person) == 2


def test_recordings_photographs_and_music_count_together(
    keeper: Session, half_a_megabyte: bytes, one_megabyte: None
) -> None:
    entry_id = entries.add(keeper, new(), media=[NewMedium("sound", half_a_megabyte)])
    noise = BytesIO()
    Image.effect_noise((650, 650), 90).save(noise, "JPEG", quality=95)
    photo = photos.photo_of(noise.getvalue())
    assert len(photo.content) > 400_000
    entries.change(keeper, entry_id, 1, new(), photos=[photo])
    track = OwnTrack("a song", 100.0, 0.1, 0.2, "joy", "joy", {"joy": 1.0}, {"tempo": 100.0}, "m 1")
    with pytest.raises(errors.TooMuchMedia):
        own_tracks.add(keeper, track, half_a_megabyte)
    with pytest.raises(errors.TooMuchMedia):
        entries.add(keeper, new("with a recording"), media=[NewMedium("sound", half_a_megabyte)])
    with pytest.raises(errors.TooMuchMedia):
        entries.change(keeper, entry_id, 2, new(), photos=[photo])
    assert [entry.note for entry in entries.every(keeper)] == [""], "nothing is half saved"
    assert entries.add(keeper, new("without one"))
    (medium,) = media.of_entry(keeper, entry_id)
    media.delete(keeper, medium.id)
    own_tracks.add(keeper, track, half_a_megabyte)


def test_an_import_of_more_media_than_the_account_may_keep(
    keeper: Session, half_a_megabyte: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for second in range(2):
        entries.add(keeper, new(), media=[NewMedium("sound", half_a_megabyte + bytes([second]))])
    packed = export.as_zip(keeper)
    for entry in entries.every(keeper):
        entries.delete(keeper, entry.id)
    file = detect.read(packed, ZONE)
    planned = import_plan.plan(keeper, file, {}, zone=ZONE)
    monkeypatch.setenv("HARU_ACCOUNT_MEGABYTES", "1")
    with pytest.raises(errors.TooMuchMedia):
        importing.run_import(keeper, file, planned)
    assert entries.count(keeper) == 0
    monkeypatch.setenv("HARU_ACCOUNT_MEGABYTES", "2")
    assert importing.run_import(keeper, file, planned) == 2


def test_without_a_limit_nothing_is_counted(
    keeper: Session, half_a_megabyte: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "_MEDIA_BYTES", "no SQL")
    entries.add(keeper, new(), media=[NewMedium("sound", half_a_megabyte)] * 3)


@pytest.mark.parametrize(
    "error", [errors.TooManyEntries(most="2"), errors.TooMuchMedia(megabytes="1"), errors.FileTooManyEntries(most="5")]
)
def test_each_limit_has_a_sentence(error: errors.DiaryError) -> None:
    for language in LANGUAGES:
        sentence = say(language, f"error.{error.code}", **error.facts)
        assert str(next(iter(error.facts.values()))) in sentence
