"""An import of an export restores everything; a failed import changes nothing."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary import (
    accounts,
    consents,
    corrections,
    database,
    days,
    entries,
    errors,
    media,
    music_feedback,
    own_tracks,
    sessions,
    transcripts,
)
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.own_tracks import OwnTrack
from diary.preferences import one_of
from diary.sessions import Session
from diary.transfer import detect, export, import_plan, importing
from diary.transfer.moods import MoodChoice
from emotions import EMOTIONS
from reading import Reading
from stt.transcript import Segment, Transcript, Word
from tests.conftest import make_argon2_quick, use_folder
from tests.diary.transfer.conftest import JPEG, WAV, ZONE, recording

LOUD = one_of("loud", False, True)


def forget_entries(session: Session) -> None:
    with database.transaction() as db:
        db["entries"].delete_where("account_id = ?", [session.account_id])


def entries_of(content: bytes, without: tuple[str, ...] = ()) -> list[dict]:
    lines = json.loads(content)["entries"]
    return [{name: value for name, value in line.items() if name not in without} for line in lines]


def snapshot(session: Session) -> list[dict]:
    return entries_of(export.as_json(session))


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
    monkeypatch.setattr(export, "PART_BYTES", export.PART_BYTES // 8)
    monkeypatch.setattr(detect, "LARGEST", detect.LARGEST // 8)
    content = recording(os.urandom(export.PART_BYTES // 2 - 2**18))
    for day in (1, 2, 3):
        entries.add(diarist, NewEntry("fear", 3, date(2025, 1, day), ZONE), media=[NewMedium("sound", content)])
    first, *others = export.parts(diarist, with_media=True)
    exported = export.as_zip(diarist, first)
    assert others
    assert 0.9 * export.PART_BYTES < len(exported) < detect.LARGEST
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


# --- all or nothing ----------------------------------------------------------------------------------


def test_an_import_that_breaks_off_leaves_nothing(diarist: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    arrival = detect.read(export.as_zip(diarist), ZONE)
    forget_entries(diarist)
    planned = import_plan.plan(diarist, arrival, {}, zone=ZONE)
    with pytest.raises(errors.FileDamaged):
        importing.run_import(diarist, replace(arrival, unpack=_broken), planned)
    for table in ("entries", "readings", "media"):
        with database.connect() as db:
            assert db[table].count == 0
    importing.run_import(diarist, arrival, planned)
    assert entries.count(diarist) == 3


def test_media_are_unpacked_before_the_database_is_locked(diarist: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    arrival = detect.read(export.as_zip(diarist), ZONE)
    forget_entries(diarist)
    planned = import_plan.plan(diarist, arrival, {}, zone=ZONE)
    happened: list[str] = []
    unpack, transaction = arrival.unpack, sessions.transaction

    def noted_unpack(name: str) -> bytes:
        happened.append(name)
        return unpack(name)

    def noted_transaction(session: Session) -> AbstractContextManager:
        happened.append("locked")
        return transaction(session)

    monkeypatch.setattr(sessions, "transaction", noted_transaction)
    importing.run_import(diarist, replace(arrival, unpack=noted_unpack), planned)
    # Each once, and nothing after the lock.
    assert len(happened) == len(set(happened)) == 3
    assert happened[-1] == "locked"


def _broken(_: str) -> bytes:
    raise errors.FileDamaged()


def test_a_visitor_who_leaves_in_the_middle_leaves_nothing(diarist: Session) -> None:
    class Left(BaseException):
        pass

    def leave(share: float) -> None:
        if share > 0.7 - 1e-9:
            raise Left

    arrival = detect.read(export.as_json(diarist), ZONE)
    forget_entries(diarist)
    planned = import_plan.plan(diarist, arrival, {}, zone=ZONE)
    with pytest.raises(Left):
        importing.run_import(diarist, arrival, planned, leave)
    assert entries.count(diarist) == 0


def test_a_diary_that_changed_since_the_dry_run_is_asked_again(diarist: Session, stranger: Session) -> None:
    arrival = detect.read(export.as_json(diarist), ZONE)
    with database.transaction() as db:  # the same ids, now somebody else's
        db.execute("update entries set account_id = ?", [stranger.account_id])
    planned = import_plan.plan(diarist, arrival, {}, zone=ZONE)
    assert len(planned.new) == 3
    entries.add(stranger, NewEntry("neutral", 3, date(2026, 2, 2), ZONE))
    with pytest.raises(errors.DiaryMovedOn):
        importing.run_import(diarist, arrival, planned)
    assert entries.count(diarist) == 0
    assert entries.count(stranger) == 4


def test_the_bar_moves_forward_and_arrives(person: Session) -> None:
    lines = "\n".join(f"2026-01-{1 + n % 28:02},,,{n % 24}:{n % 60:02},good,,,{n}" for n in range(1500))
    arrival = detect.read(f"full_date,date,weekday,time,mood,activities,note_title,note\n{lines}".encode(), ZONE)
    planned = import_plan.plan(person, arrival, {"good": MoodChoice("happiness", 3)}, zone=ZONE)
    shares: list[float] = []
    assert importing.run_import(person, arrival, planned, shares.append) == 1500
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert len(shares) > 10


# --- of other diaries --------------------------------------------------------------------------------


def test_moods_wait_for_the_person_and_some_stay_outside(person: Session) -> None:
    arrival = detect.read(b"full_date,time,mood,activities,note\n2026-01-01,9:00,zorg,,a\n2026-01-02,,meh,,b\n", ZONE)
    assert arrival.moods() == {"zorg": 1, "meh": 1}
    with pytest.raises(errors.MoodsUndecided) as refusal:
        import_plan.plan(person, arrival, {"meh": MoodChoice("neutral", 3)}, zone=ZONE)
    assert refusal.value.facts == {"count": 1}
    planned = import_plan.plan(person, arrival, {"meh": MoodChoice("neutral", 2), "zorg": None}, zone=ZONE)
    assert planned.left_out == 1
    importing.run_import(person, arrival, planned)
    (entry,) = entries.every(person)
    assert (entry.mood, entry.intensity, entry.source, entry.note, entry.time_known) == (
        "neutral",
        2,
        "hand",
        "b",
        False,
    )


def test_a_changed_mind_about_moods_does_not_bring_everything_twice(person: Session) -> None:
    arrival = detect.read(b"full_date,time,mood,activities,note\n2026-01-02,,meh,,b\n", ZONE)
    for mood in ("neutral", "sadness"):
        planned = import_plan.plan(person, arrival, {"meh": MoodChoice(mood, 2)}, zone=ZONE)
        importing.run_import(person, arrival, planned)
    assert [entry.mood for entry in entries.every(person)] == ["neutral"]


def test_days_that_have_not_come_are_counted_and_stay_outside(person: Session) -> None:
    tomorrow = days.today(ZONE) + timedelta(days=1)
    arrival = detect.read(
        f"full_date,time,mood,activities,note\n{tomorrow},,good,,x\n2020-01-01,,good,,".encode(), ZONE
    )
    planned = import_plan.plan(person, arrival, {"good": MoodChoice("happiness", 3)}, zone=ZONE)
    assert (planned.not_yet, len(planned.new), planned.first, planned.last) == (
        1,
        1,
        date(2020, 1, 1),
        date(2020, 1, 1),
    )


def test_more_tags_than_fit_go_to_the_end_of_the_words(person: Session, import_file: Callable) -> None:
    tags = " | ".join(f"tag{n}" for n in range(23)) + " | " + "long" * 20
    planned = import_file(person, f"full_date,time,mood,activities,note\n2026-01-02,,good,{tags},b\n".encode())
    assert planned.crowded == 1
    (entry,) = entries.every(person)
    assert len(entry.tags) == entries.TAGS_MAX
    assert entry.note.startswith("b\n#tag20 #tag21 #tag22 #longlong")


# --- hypothesis --------------------------------------------------------------------------------------

_ZONES = st.sampled_from(["Asia/Seoul", "America/New_York", "Pacific/Kiritimati", "Pacific/Apia", "Europe/London"])
_DAYS = st.dates(date(1900, 1, 1), date(2026, 11, 1))
_TIMES = st.none() | st.times()
_TEXTS = st.text(max_size=60) | st.text(st.characters(categories=["Cs", "Lo", "So", "Cc"]), max_size=20)
_TAGS = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20), max_size=6)
_PERCENT = st.integers(0, 100).map(lambda percent: percent / 100)
_SCORES = st.lists(st.floats(0.01, 1), min_size=7, max_size=7)


@st.composite
def _readings(draw: st.DrawFn) -> Reading:
    raw = draw(_SCORES)
    return Reading(
        scores={emotion: score / sum(raw) for emotion, score in zip(EMOTIONS, raw, strict=True)},
        sure=draw(st.booleans()),
        quality=draw(st.dictionaries(st.text(max_size=8), st.floats(-1e6, 1e6), max_size=3)),
        source=draw(st.sampled_from(["voice", "face", "words", "fusion"])),
        model=draw(st.text(max_size=20)),
    )


@st.composite
def _transcripts(draw: st.DrawFn) -> Transcript:
    words = st.lists(st.tuples(st.text(max_size=8), st.integers(0, 9), st.integers(0, 9), _PERCENT), max_size=3)
    segments = draw(st.lists(words, max_size=2))
    return Transcript(
        tuple(
            Segment(tuple(Word(text, *sorted((a, b)), sure) for text, a, b, sure in each)) for each in segments if each
        ),
        draw(st.sampled_from(["ko", "en", ""])),
        draw(_PERCENT),
        draw(st.integers(0, 900)),
        draw(st.text(max_size=20)),
    )


@st.composite
def _new_entries(draw: st.DrawFn) -> tuple[NewEntry, list[Reading], list[NewMedium]]:
    draft = NewEntry(
        mood=draw(st.sampled_from(EMOTIONS)),
        intensity=draw(st.integers(1, 5)),
        day=draw(_DAYS),
        timezone=draw(_ZONES),
        note=draw(_TEXTS),
        tags=tuple(draw(_TAGS)),
        at=draw(_TIMES),
        source=draw(st.sampled_from(["hand", "voice", "face", "words", "fusion"])),
    )
    sound = draw(st.lists(st.binary(min_size=1, max_size=50).map(recording), max_size=2))
    media = [NewMedium("sound", content, draw(st.none() | _transcripts())) for content in sound]
    return draft, draw(st.lists(_readings(), max_size=2)), media


@pytest.fixture(scope="module")
def mover(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Session]:
    """One account for all examples of a test."""
    with pytest.MonkeyPatch.context() as patch:
        use_folder(patch, tmp_path_factory.mktemp("moving"), empty_database)
        make_argon2_quick(patch)
        token = accounts.sign_up(
            accounts.NewAccount(
                "Mover",
                "a long password",
                born=date(1995, 5, 5),
                allowed=["diary", "media"],
                language="ko",
                timezone=ZONE,
            ),
            today=date(2026, 11, 20),
            address="192.0.2.1",
        )
        session = sessions.find(token)
        assert session is not None
        yield session


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_new_entries(), max_size=6))
def test_import_after_export_is_the_identity(mover: Session, new_entries: list) -> None:
    forget_entries(mover)
    for new, readings, recordings in new_entries:
        entries.add(mover, new, readings, recordings)
    exported, sounds, written = export.as_zip(mover), sounds_of(mover), transcripts_of(mover)
    before = snapshot(mover)
    forget_entries(mover)

    arrival = detect.read(exported, ZONE)
    planned = import_plan.plan(mover, arrival, {}, zone=ZONE)
    assert (planned.already_here, planned.not_yet, planned.media_left_out) == (0, 0, 0)
    importing.run_import(mover, arrival, planned)

    assert snapshot(mover) == before
    assert sounds_of(mover) == sounds
    assert transcripts_of(mover) == written


def transcripts_of(session: Session) -> list[list[str]]:
    """The transcripts of each entry, with the moment at which each was made."""
    by_medium = transcripts.between(session, date.min, date.max)
    return [
        sorted(str(by_medium.get(medium.id)) for medium in media.of_entry(session, entry.id))
        for entry in entries.every(session)
    ]


def sounds_of(session: Session) -> list[list[bytes]]:
    return [
        sorted(media.content(session, medium.id) for medium in media.of_entry(session, entry.id))
        for entry in entries.every(session)
    ]
