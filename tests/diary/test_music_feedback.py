from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from diary import accounts, database, music_feedback
from diary.sessions import Session
from diary.transfer import export
from diary.vault import Vault
from music import catalogue, recommend
from music.recommend import Taste, Wish
from music.track import Track
from tests.diary.damaging import with_a_wrong_key

TRACKS = catalogue.load().of_kind("youtube")
WISH = Wish("surprise", 3, "match")
ELECTRONIC = [track for track in TRACKS if track.genre == "electronic"]
CLASSICAL = [track for track in TRACKS if track.genre == "classical"]


def say(session: Session, kind: str, *tracks: Track, wish: Wish = WISH) -> None:
    for track in tracks:
        music_feedback.add(session, kind, track, wish)


def test_without_feedback_there_is_no_taste(person: Session) -> None:
    assert music_feedback.taste(person) == Taste()


def test_ten_likes_move_the_ranking_and_one_moves_it_a_little(person: Session) -> None:
    korean = [track for track in TRACKS if track.genre == "korean"][:10]
    say(person, "liked", korean[0])
    little = music_feedback.taste(person).genres["korean"]
    say(person, "liked", *korean[1:])
    much = music_feedback.taste(person).genres["korean"]
    assert 0 < little < 0.25
    assert 0.7 < much < 1

    def count(taste: Taste) -> int:
        chosen = recommend.playlist(TRACKS, Wish("happiness", 3, "match"), taste)
        return sum(choice.track.genre == "korean" for choice in chosen)

    assert count(music_feedback.taste(person)) > count(Taste())


def test_not_for_me_is_never_offered_again(person: Session) -> None:
    first = recommend.playlist(TRACKS, WISH)[0].track
    say(person, "not_for_me", first)
    taste = music_feedback.taste(person)
    assert first.id in taste.refused
    assert first.id not in {choice.track.id for choice in recommend.playlist(TRACKS, WISH, taste)}
    # Until the person likes it after all.
    say(person, "liked", first)
    assert first.id not in music_feedback.taste(person).refused


def test_a_like_can_be_taken_back(person: Session) -> None:
    track = ELECTRONIC[0]
    say(person, "liked", track)
    assert music_feedback.likes(person) == {track.id}
    say(person, "unliked", track)
    assert music_feedback.likes(person) == frozenset()
    assert music_feedback.taste(person).genres == {}


def test_skipping_says_little_and_nothing_against_what_is_liked(person: Session) -> None:
    track = ELECTRONIC[0]
    say(person, "skipped", track, track)
    assert -0.7 < music_feedback.taste(person).tracks[track.id] < 0
    say(person, *["skipped"], *[track] * 10)
    assert track.id not in music_feedback.taste(person).refused
    say(person, "liked", track)
    say(person, "skipped", track)
    assert music_feedback.taste(person).tracks[track.id] == 1


def test_better_and_worse_are_learnt_for_the_mood_they_were_said_in(person: Session) -> None:
    good, bad = ELECTRONIC[0], CLASSICAL[0]
    say(person, "better", good, good)
    say(person, "worse", bad)
    say(person, "same", CLASSICAL[1])
    taste = music_feedback.taste(person)
    assert taste.helped[good.id] > 0.5
    assert taste.helped[bad.id] < 0 == taste.helped[CLASSICAL[1].id]
    assert taste.helped_genres["surprise", "match", "electronic"] > 0
    assert ("surprise", "ease", "electronic") not in taste.helped_genres


def test_what_was_just_heard_waits(person: Session) -> None:
    track = recommend.playlist(TRACKS, WISH)[0].track
    say(person, "heard", track)
    assert music_feedback.taste(person).heard_days_ago[track.id] < 0.01
    assert track.id not in {
        choice.track.id for choice in recommend.playlist(TRACKS, WISH, music_feedback.taste(person))
    }
    later = music_feedback.taste(person, datetime.now(UTC) + timedelta(days=9))
    assert later.heard_days_ago[track.id] == pytest.approx(9, abs=0.01)


def test_what_does_not_play_here_is_tried_again_in_a_month(person: Session) -> None:
    track = ELECTRONIC[0]
    say(person, "unplayable", track)
    assert track.id in music_feedback.taste(person).refused
    assert track.id not in music_feedback.taste(person, datetime.now(UTC) + timedelta(days=31)).refused


def test_learning_is_each_persons_own_and_can_be_reset(person: Session, stranger: Session) -> None:
    say(person, "liked", *ELECTRONIC)
    say(stranger, "not_for_me", *ELECTRONIC)
    assert music_feedback.taste(person).genres["electronic"] > 0 > music_feedback.taste(stranger).genres["electronic"]
    music_feedback.CHOSEN_GENRES.choose(person, ["rock"])
    assert (music_feedback.count(person), music_feedback.count(stranger)) == (len(ELECTRONIC), len(ELECTRONIC))
    music_feedback.reset(person)
    assert (music_feedback.count(person), music_feedback.count(stranger)) == (0, len(ELECTRONIC))
    assert music_feedback.taste(person) == Taste()
    assert music_feedback.CHOSEN_GENRES.of(person) == ["rock"]
    assert music_feedback.taste(stranger).genres


def test_likes_are_counted_again_only_when_something_was_said(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    usual = Vault.open
    monkeypatch.setattr(Vault, "open", lambda self, *sealed: opened.append(sealed) or usual(self, *sealed))

    def pieces_opened() -> int:
        opened.clear()
        music_feedback.likes(person)
        return len(opened)

    say(person, "liked", *ELECTRONIC[:5])
    assert pieces_opened() >= 5
    assert pieces_opened() <= 1
    say(person, "unliked", ELECTRONIC[0])
    assert pieces_opened() >= 6
    assert pieces_opened() <= 1
    assert music_feedback.likes(person) == {track.id for track in ELECTRONIC[1:5]}


def test_likes_follow_whatever_happens_to_what_was_said(person: Session, stranger: Session) -> None:
    first, second = ELECTRONIC[:2]
    say(person, "liked", first)
    assert music_feedback.likes(person) == {first.id}
    music_feedback.reset(person)
    assert music_feedback.likes(person) == frozenset()
    say(person, "liked", second)  # as many as before, and SQLite gives it the same row number
    assert music_feedback.likes(person) == {second.id}
    assert music_feedback.likes(stranger) == frozenset()
    assert music_feedback.likes(with_a_wrong_key(person)) == frozenset()
    assert music_feedback.likes(person) == {second.id}


def test_likes_in_memory_are_sealed(person: Session) -> None:
    say(person, "liked", ELECTRONIC[0])
    music_feedback.likes(person)
    in_memory = music_feedback._sealed_likes[person.account_id]
    assert ELECTRONIC[0].id.encode() not in in_memory


def test_likes_of_few_people_stay_in_memory(
    person: Session, stranger: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(music_feedback, "_CACHED_ACCOUNTS_MAX", 1)
    for session in (person, stranger):
        say(session, "liked", ELECTRONIC[0])
        assert music_feedback.likes(session) == {ELECTRONIC[0].id}
    assert set(music_feedback._sealed_likes) == {stranger.account_id}


def test_it_is_sealed_exported_and_gone_with_the_account(person: Session, stranger: Session) -> None:
    say(person, "liked", ELECTRONIC[0])
    say(stranger, "liked", CLASSICAL[0])
    title = ELECTRONIC[0].title["en"]
    with database.connect() as db:
        db.execute("pragma wal_checkpoint(truncate)").fetchall()
    assert title.encode() not in database.path().read_bytes()
    exported = json.loads(export.as_json(person))
    assert [(each["said"], each["title"]) for each in exported["music"]["said"]] == [("liked", title)]
    accounts.delete(person)
    with database.connect() as db:
        assert db["tastes"].count == 1
    assert music_feedback.taste(stranger).tracks


def test_damaged_feedback_does_not_silence_the_others(person: Session) -> None:
    say(person, "liked", *ELECTRONIC[:2])
    with database.transaction() as db:
        db.execute("update tastes set sealed = ? where rowid = 1", [b"\x01rubbish"])
    assert music_feedback.likes(person) == {ELECTRONIC[1].id}


def test_the_oldest_feedback_is_deleted(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(music_feedback, "ROWS_MAX", 3)
    say(person, "liked", *ELECTRONIC[:5])
    assert [each["track"] for each in music_feedback.every(person)] == [track.id for track in ELECTRONIC[2:5]]


def test_a_title_with_half_a_character_is_stored(person: Session) -> None:
    say(person, "liked", replace(ELECTRONIC[0], title={"en": "half \ud83d"}))
    assert [each["title"] for each in music_feedback.every(person)] == ["half \ufffd"]


def test_only_what_can_be_said_is_written(person: Session) -> None:
    with pytest.raises(ValueError, match="none of"):
        say(person, "hated", ELECTRONIC[0])


@pytest.mark.parametrize("value", ["rock", ["noise"], None, [1], {"rock": 1}])
def test_only_genres_that_exist_can_be_chosen(person: Session, value: object) -> None:
    with pytest.raises(ValueError, match="music_genres"):
        music_feedback.CHOSEN_GENRES.choose(person, value)


def test_what_was_listened_to_on_a_day_of_the_persons_own(person: Session, stranger: Session) -> None:
    first, second, third, fourth = TRACKS[:4]
    for kind, track, at in (
        ("heard", first, "2025-11-03T14:59:00.000000+00:00"),  # 23:59 in Seoul
        ("heard", second, "2025-11-03T15:01:00.000000+00:00"),  # 00:01 of the 4th
        ("liked", second, "2025-11-03T15:02:00.000000+00:00"),
        ("skipped", third, "2025-11-03T15:03:00.000000+00:00"),
        ("better", fourth, "2025-11-04T14:59:00.000000+00:00"),
    ):
        say(person, kind, track)
        with database.transaction() as db:
            db.execute("update tastes set created_at = ? where rowid = (select max(rowid) from tastes)", [at])

    def heard(session: Session, day: int, zone: str = "Asia/Seoul") -> list[str]:
        return [one["track"] for one in music_feedback.heard_on(session, date(2025, 11, day), zone)]

    assert heard(person, 3) == [first.id]
    assert heard(person, 4) == [second.id, fourth.id]
    assert heard(person, 5) == []
    assert heard(person, 3, "America/New_York") == [first.id, second.id]
    assert heard(stranger, 4) == []
