"""One flipped bit loses only the field that it is in; a wrong key loses nothing."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import date

import pytest

from diary import (
    accounts,
    consents,
    corrections,
    damage,
    database,
    drafts,
    entries,
    errors,
    media,
    music_feedback,
    own_tracks,
    patterns,
    preferences,
    readings,
    search,
    sessions,
)
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.preferences import one_of
from diary.report import figures, spans
from diary.search import Query
from diary.sessions import Session
from diary.transfer import detect, export, import_plan, importing, table
from music import catalogue
from music.recommend import Wish
from tests.conftest import PASSWORD
from tests.diary.damaging import turn_a_bit, with_a_wrong_key
from tests.diary.histories import SEOUL, keep
from tests.diary.test_own_tracks import SOUND, song
from tests.diary.transfer.conftest import JPEG, WAV
from tests.understanding.fakes import reading

DAY = date(2026, 1, 2)


@pytest.fixture
def damaged(person: Session) -> str:
    """The id of one damaged entry among three."""
    keep(person, "2026-01-01", "happiness", note="before", tags=("walk",))
    entry_id = keep(person, "2026-01-02", "fear", 4, note="lost", tags=("lost",), readings=(reading("voice", "fear"),))
    keep(person, "2026-01-03", "sadness", note="after", tags=("walk",))
    turn_a_bit("entries", "sealed", "id", entry_id)
    return entry_id


def import_again(person: Session, exported: bytes) -> None:
    arrival = detect.read(exported, SEOUL)
    importing.run_import(person, arrival, import_plan.plan(person, arrival, {}, zone=SEOUL))


@pytest.mark.parametrize("place", [0, 1, 5, 13, 30, -1])
def test_wherever_the_bit_is_the_entry_is_there_without_its_words(person: Session, place: int) -> None:
    entry_id = keep(person, "2026-01-02", "fear", 4, note="lost", tags=("lost",))
    turn_a_bit("entries", "sealed", "id", entry_id, place)
    entry = entries.get(person, entry_id)
    assert (entry.is_damaged, entry.note, entry.tags) == (True, "", ())
    assert (entry.day, entry.mood, entry.intensity) == (DAY, "fear", 4)


def test_the_others_are_listed_as_ever(person: Session, damaged: str) -> None:
    assert [(entry.note, entry.is_damaged) for entry in entries.every(person)] == [
        ("before", False),
        ("", True),
        ("after", False),
    ]
    assert entries.latest(person).note == "after"


def test_a_damaged_entry_is_left_out_of_search_and_tags(person: Session, damaged: str) -> None:
    assert [entry.note for entry in search.find(person, Query(moods=("fear", "sadness")))] == ["after"]
    assert entries.favourite_tags(person) == ["walk"]
    assert patterns.tags_by_day(person, date.min, date.max) == {"walk": {date(2026, 1, 1), date(2026, 1, 3)}}


def test_its_mood_still_counts(person: Session, damaged: str) -> None:
    month, _ = figures.of_span(person, spans.month(date(2026, 1, 1)), SEOUL)
    assert month.moods["fear"] == 1
    assert [tag.name for tag in month.tags] == ["walk"]


def test_every_export_holds_the_others_and_says_how_many_it_lacks(person: Session, damaged: str) -> None:
    for exported in (export.as_json(person), zipfile.ZipFile(io.BytesIO(export.as_zip(person))).read("haru.json")):
        content = json.loads(exported)
        assert [entry["note"] for entry in content["entries"]] == ["before", "after"]
        assert {kind: count for kind, count in content["left_out"].items() if count} == {"entries": 1}
    assert export.left_out(person, with_media=True) == export.LeftOut(1, 0, 0, 0)
    rows = table.as_csv(person).decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert "before" in rows[1]
    assert "after" in rows[2]


def test_what_was_exported_before_brings_a_deleted_damaged_entry_back(person: Session) -> None:
    keep(person, "2026-01-01", note="another")
    entry_id = keep(person, "2026-01-02", "fear", note="lost and found")
    exported = export.as_json(person)
    turn_a_bit("entries", "sealed", "id", entry_id)
    entries.delete(person, entry_id)
    import_again(person, exported)
    assert entries.get(person, entry_id).note == "lost and found"


def test_an_entry_without_words_is_not_taken_for_a_damaged_one(person: Session) -> None:
    keep(person, "2026-01-01", note="another")
    without_words = keep(person, "2026-01-02", "fear")
    exported = export.as_json(person)
    entries.delete(person, without_words)
    turn_a_bit("entries", "sealed", "id", keep(person, "2026-01-02", "fear", 5, note="lost"))
    import_again(person, exported)
    assert [entry.is_damaged for entry in entries.of_day(person, DAY)] == [False, True]


def test_it_can_be_deleted_with_all_that_belongs_to_it(person: Session, damaged: str) -> None:
    entries.delete(person, damaged)
    assert entries.count(person) == 2
    assert readings.between(person, date.min, date.max) == {}


def test_its_media_are_deleted_with_it(person: Session) -> None:
    consents.set_given(person, "media", True)
    keep(person, "2026-01-01")
    entry_id = entries.add(person, NewEntry("fear", 3, DAY, SEOUL), media=[NewMedium("sound", WAV)])
    turn_a_bit("entries", "sealed", "id", entry_id)
    entries.delete(person, entry_id)
    assert not media.has_any(person)


def test_it_is_not_saved_over(person: Session, damaged: str) -> None:
    with pytest.raises(errors.Unopenable):
        entries.change(person, damaged, 1, NewEntry("anger", 1, DAY, SEOUL))
    assert entries.get(person, damaged).mood == "fear"


# --- a wrong key ---------------------------------------------------------------------------------


def test_with_a_key_that_opens_nothing_nothing_can_be_deleted(person: Session) -> None:
    consents.set_given(person, "media", True)
    ids = [
        entries.add(person, NewEntry("fear", 3, DAY, SEOUL, note="mine"), media=[NewMedium("sound", WAV)])
        for _ in range(3)
    ]
    wrong = with_a_wrong_key(person)
    assert damage.count_entries(wrong).none_opens
    for entry_id in ids:
        with pytest.raises(errors.KeyDoesNotFit):
            entries.delete(wrong, entry_id)
        with pytest.raises(errors.KeyDoesNotFit):
            media.delete(wrong, media.of_entry(person, entry_id)[0].id)
        with pytest.raises(errors.Unopenable):
            entries.change(wrong, entry_id, 1, NewEntry("anger", 1, DAY, SEOUL))
    assert [entry.note for entry in entries.every(person)] == ["mine"] * 3
    assert media.content(person, media.of_entry(person, ids[0])[0].id) == WAV


def test_a_new_entry_written_with_the_wrong_key_does_not_make_it_the_right_one(person: Session) -> None:
    ids = [keep(person, "2026-01-02", note="mine") for _ in range(3)]
    wrong = with_a_wrong_key(person)
    written = keep(wrong, "2026-01-03", note="with the wrong key")
    with pytest.raises(errors.KeyDoesNotFit):
        entries.delete(wrong, ids[0])
    entries.delete(wrong, written)  # what opens can always be deleted
    assert entries.count(person) == 3


# --- readings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damaging",
    [
        "sealed = null, quality = '{\"weight\": 0.5'",
        "sealed = null, quality = '[1]'",
        'sealed = null, quality = \'{"weight": "x"}\'',
        "sealed = null, quality = cast(x'7b22ff223a20317d00' as text)",
        "sealed = substr(sealed, 1, 40)",
        "sealed = x''",
        "created_at = 'x026-01-02'",
        "fear = 1e300",
        "fear = -0.5",
        "fear = 9e999",
    ],
)
def test_a_damaged_reading_costs_that_reading(person: Session, damaging: str) -> None:
    keep(person, "2026-01-01", readings=(reading("voice", "fear"),))
    entry_id = keep(person, "2026-01-02", note="whole", readings=(reading("voice", "fear"), reading("words", "fear")))
    with database.transaction() as db:
        db.execute(f"update readings set {damaging} where entry_id = ? and source = 'voice'", [entry_id])
    assert [one.source for one in readings.of_entry(person, entry_id)] == ["words"]
    assert sum(map(len, readings.between(person, date.min, date.max).values())) == 2
    content = json.loads(export.as_json(person))
    assert [entry["note"] for entry in content["entries"]] == ["", "whole"]
    assert {kind: count for kind, count in content["left_out"].items() if count} == {"readings": 1}
    detect.read(export.as_json(person), SEOUL)  # and the file can be brought back
    assert {one.source for one in patterns.corrections(person, date.min, date.max)} == {"voice", "words"}
    assert corrections.of(person)


def test_a_source_that_is_none_costs_that_reading(person: Session) -> None:
    entry_id = keep(person, "2026-01-02", readings=(reading("voice", "fear"),))
    with database.transaction() as db:
        db.execute("pragma ignore_check_constraints = on")
        db.execute("update readings set source = 'voicd'")
    assert readings.of_entry(person, entry_id) == []
    assert patterns.corrections(person, date.min, date.max) == []


def test_damaged_scores_teach_nothing(person: Session) -> None:
    for day in range(1, 9):
        keep(person, f"2026-01-0{day}", "sadness", readings=(reading("voice", "fear"),))
    before = corrections.of(person)
    keep(person, "2026-01-09", "sadness", readings=(reading("voice", "fear"),))
    with database.transaction() as db:
        db.execute("update readings set fear = 9e999 where id = (select max(id) from readings)")
    assert corrections.of(person) == before


# --- sound and pictures --------------------------------------------------------------------------


def test_a_damaged_medium_costs_that_medium(person: Session) -> None:
    consents.set_given(person, "media", True)
    kept = [NewMedium("sound", WAV), NewMedium("picture", JPEG)]
    entry_id = entries.add(person, NewEntry("fear", 3, DAY, SEOUL, note="whole"), media=kept)
    sound, picture = media.of_entry(person, entry_id)
    turn_a_bit("media", "sealed", "id", sound.id)
    with pytest.raises(errors.Unopenable):
        media.content(person, sound.id)
    assert media.content(person, picture.id) == JPEG

    exported = export.as_zip(person)
    zipped = zipfile.ZipFile(io.BytesIO(exported))
    content = json.loads(zipped.read("haru.json"))
    assert {kind: count for kind, count in content["left_out"].items() if count} == {"media": 1}
    assert [zipped.read(medium["file"]) for medium in content["entries"][0]["media"]] == [JPEG]
    assert export.left_out(person, with_media=True).media == 1
    assert export.left_out(person, with_media=False).media == 0

    media.delete(person, sound.id)
    assert [medium.kind for medium in media.of_entry(person, entry_id)] == ["picture"]
    entries.delete(person, entry_id)
    import_again(person, exported)
    assert [medium.kind for medium in media.of_entry(person, entry_id)] == ["picture"]


# --- everything else that is stored for a person -------------------------------------------------


def test_a_damaged_draft_feedback_or_own_track_counts_as_none(person: Session) -> None:
    track = catalogue.load().of_kind("youtube")[0]
    consents.set_given(person, "media", True)
    drafts.save(person, {"note": "x"})
    music_feedback.add(person, "liked", track, Wish("happiness", 3, "match"))
    own_id = own_tracks.add(person, song(mime="audio/ogg"), SOUND)
    for stored in ("drafts", "tastes", "own_tracks"):
        turn_a_bit(stored, "sealed", "account_id", person.account_id)
    assert drafts.load(person) is None
    assert music_feedback.every(person) == []
    assert music_feedback.likes(person) == frozenset()
    assert own_tracks.every(person) == []
    assert own_tracks.audio(person, own_id) == (SOUND, "audio/ogg")
    turn_a_bit("own_tracks", "sound", "account_id", person.account_id)
    with pytest.raises(errors.Unopenable):
        own_tracks.audio(person, own_id)
    assert json.loads(export.as_json(person))["music"] == {"said": [], "own_tracks": [], "lists": []}


@pytest.mark.parametrize("stored", ["x", "", '"stron', b'"str\xffngest"', "NaN"])
def test_a_damaged_preference_counts_as_never_chosen(person: Session, stored: str | bytes) -> None:
    chosen, other = one_of("days_mood", "latest", "strongest"), one_of("other", 1, 2)
    chosen.choose(person, "strongest")
    other.choose(person, 2)
    with database.transaction() as db:
        db.execute("update preferences set value = cast(? as text) where name = 'days_mood'", [stored])
    assert chosen.of(person) == "latest"
    assert other.of(person) == 2
    assert preferences.every(person)["other"] == 2
    export.as_json(person)


def test_a_damaged_key_is_not_a_wrong_password(person: Session, sign_up: Callable) -> None:
    turn_a_bit("accounts", "key_by_password", "id", person.account_id)
    with pytest.raises(errors.KeyDamaged):
        accounts.sign_in("Jiwoo", PASSWORD, address="192.0.2.1")
    with pytest.raises(errors.SignInFailed):
        accounts.sign_in("Jiwoo", "not the password", address="192.0.2.1")


def test_the_recovery_code_opens_what_a_damaged_key_does_not(person: Session) -> None:
    entry_id = keep(person, "2026-01-02", note="mine")
    code = accounts.recovery_code(person)
    turn_a_bit("accounts", "key_by_password", "id", person.account_id)
    again = sessions.find(accounts.recover("Jiwoo", code, "another password", address="192.0.2.1"))
    assert entries.get(again, entry_id).note == "mine"


def test_a_damaged_recovery_code_can_be_made_anew(person: Session) -> None:
    accounts.recovery_code(person)
    turn_a_bit("accounts", "pending_code", "id", person.account_id)
    with pytest.raises(errors.RecoveryCodeDamaged):
        accounts.recovery_code(person)
    accounts.renew_recovery_code(person, PASSWORD)
    assert accounts.recovery_code(person)


def test_a_session_whose_key_is_damaged_signs_in_again(sign_up: Callable) -> None:
    token = sign_up()
    session = sessions.find(token)
    turn_a_bit("sessions", "data_key", "account_id", session.account_id)
    assert sessions.find(token) is None


def test_the_bit_is_really_turned(person: Session, damaged: str, data_folder) -> None:
    stored = sqlite3.connect(data_folder / "haru.db").execute("select sealed from entries where id = ?", [damaged])
    assert not person.vault.opens(stored.fetchone()[0], damage.about_entry(damaged))
