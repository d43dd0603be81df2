from __future__ import annotations

import json

import pytest

from diary import accounts, consents, database, errors, own_tracks
from diary.own_tracks import OwnTrack
from diary.sessions import Session
from diary.transfer import export
from music import recommend
from music.recommend import Wish

SOUND = b"OggS this is a song that nobody else has"


def song(title: str = "밤 산책.mp3", **changes: object) -> OwnTrack:
    facts = {
        "title": title,
        "seconds": 61.5,
        "valence": 0.4,
        "arousal": -0.5,
        "emotion8": "calm",
        "emotion4": "neutral",
        "scores4": {"joy": 0.1, "sadness": 0.2, "neutral": 0.6, "anger": 0.1},
        "features": {"tempo": 72.0},
        "model": "plane 1",
    }
    return OwnTrack(**facts | changes)


@pytest.fixture
def keeper(person: Session) -> Session:
    consents.set_given(person, "media", True)
    return person


def test_a_piece_joins_and_is_recommended(person: Session) -> None:
    own_id = own_tracks.add(person, song())
    (own,) = own_tracks.every(person)
    assert (own.id, own.title, own.mime, own.features) == (own_id, "밤 산책.mp3", "", {"tempo": 72.0})
    (choice,) = recommend.playlist([own.as_track()], Wish("neutral", 3, "ease"))
    assert choice.track.id == f"own:{own_id}"
    assert choice.track.title_in("ko") == "밤 산책.mp3"


def test_its_sound_is_kept_only_with_the_persons_own_switch(person: Session) -> None:
    with pytest.raises(errors.KeepingNotAllowed):
        own_tracks.add(person, song(mime="audio/ogg"), SOUND)
    assert own_tracks.every(person) == []
    consents.set_given(person, "media", True)
    own_id = own_tracks.add(person, song(mime="audio/ogg"), SOUND)
    assert own_tracks.audio(person, own_id) == (SOUND, "audio/ogg")
    assert own_tracks.every(person)[0].mime == "audio/ogg"
    # Taken back: the sound goes, what was heard in it stays.
    consents.set_given(person, "media", False)
    assert own_tracks.audio(person, own_id) is None
    assert own_tracks.every(person)[0].mime == ""


def test_the_same_piece_twice_is_one_and_may_get_its_sound_later(keeper: Session) -> None:
    first = own_tracks.add(keeper, song())
    assert own_tracks.add(keeper, song()) == first
    assert own_tracks.add(keeper, song(mime="audio/ogg"), SOUND) == first
    assert own_tracks.add(keeper, song()) == first
    assert [own.mime for own in own_tracks.every(keeper)] == ["audio/ogg"]


def test_nobody_else_hears_it(keeper: Session, stranger: Session) -> None:
    own_id = own_tracks.add(keeper, song(mime="audio/ogg"), SOUND)
    assert own_tracks.every(stranger) == []
    assert own_tracks.audio(stranger, own_id) is None
    own_tracks.delete(stranger, own_id)
    assert own_tracks.audio(keeper, own_id) == (SOUND, "audio/ogg")


def test_limits(keeper: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_tracks, "AUDIO_BYTES_MAX", 10)
    with pytest.raises(errors.OwnTrackTooLarge):
        own_tracks.add(keeper, song(mime="audio/ogg"), SOUND)
    monkeypatch.setattr(own_tracks, "TRACKS_MAX", 1)
    own_tracks.add(keeper, song())
    with pytest.raises(errors.TooManyOwnTracks):
        own_tracks.add(keeper, song("another"))
    assert own_tracks.add(keeper, song())


def test_a_file_name_may_hold_anything(person: Session) -> None:
    own_tracks.add(person, song("\ud800 <b> **" + "x" * 500))
    (own,) = own_tracks.every(person)
    assert own.title.startswith("\ufffd <b> **")
    assert len(own.title) == 200
    export.as_json(person)


def test_sealed_exported_deleted_and_gone_with_the_account(keeper: Session) -> None:
    own_id = own_tracks.add(keeper, song(mime="audio/ogg"), SOUND)
    with database.connect() as db:
        db.execute("pragma wal_checkpoint(truncate)").fetchall()
    stored = database.path().read_bytes()
    assert SOUND not in stored
    assert "밤 산책".encode() not in stored
    exported = json.loads(export.as_json(keeper))
    assert [own["title"] for own in exported["music"]["own_tracks"]] == ["밤 산책.mp3"]
    own_tracks.delete(keeper, own_id)
    assert own_tracks.every(keeper) == []
    own_tracks.add(keeper, song(mime="audio/ogg"), SOUND)
    accounts.delete(keeper)
    with database.connect() as db:
        assert db["own_tracks"].count == 0


def test_a_damaged_piece_does_not_silence_the_others(person: Session) -> None:
    own_tracks.add(person, song("one"))
    own_tracks.add(person, song("two"))
    with database.transaction() as db:
        db.execute("update own_tracks set sealed = ? where rowid = 1", [b"\x01rubbish"])
    assert [own.title for own in own_tracks.every(person)] == ["two"]
