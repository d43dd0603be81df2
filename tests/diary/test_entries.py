from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from diary import consents, database, days, entries, errors, media, readings, surrogates
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.sessions import Session
from tests.diary.damaging import turn_a_bit
from tests.understanding.fakes import reading as told_by

DAY = date(2026, 11, 19)
ZONE = "Asia/Seoul"


def draft(**changes) -> NewEntry:
    return NewEntry(**({"mood": "happiness", "intensity": 3, "day": DAY, "timezone": ZONE} | changes))


def test_an_entry_comes_back_as_it_was_kept(person: Session) -> None:
    made = draft(note="first line\nsecond", tags=("walk", "친구"), at=time(21, 5), intensity=5)
    kept = entries.get(person, entries.add(person, made))
    assert (kept.mood, kept.intensity, kept.day, kept.note, kept.tags) == ("happiness", 5, DAY, made.note, made.tags)
    assert kept.happened_at == datetime(2026, 11, 19, 12, 5, tzinfo=UTC)
    assert kept.time_known
    assert kept.version == 1


# Whole planes of Unicode, halves of characters and NUL too, as long as an entry may be.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.text(st.characters(), max_size=3000)
    | st.builds(lambda text, times: text * times, st.text(st.characters(), min_size=1, max_size=10), st.just(9_999))
)
@example("")
@example("\x00\ud800 \udfff\U0010ffff")
@example("하" * 100_000)
@example("'; drop table entries; -- <script>alert(1)</script>")
def test_any_text_comes_back_as_it_went_in(person: Session, note: str) -> None:
    entry_id = entries.add(person, draft(note=note))
    assert entries.get(person, entry_id).note == surrogates.repaired(note)


def test_one_character_too_many_is_refused_and_nothing_is_saved(person: Session) -> None:
    with pytest.raises(errors.NoteTooLong):
        entries.add(person, draft(note="x" * 100_001))
    assert entries.count(person) == 0


def test_several_a_day_earliest_first(person: Session) -> None:
    for hour in (22, 7, 13):
        entries.add(person, draft(at=time(hour), note=str(hour)))
    assert [entry.note for entry in entries.of_day(person, DAY)] == ["7", "13", "22"]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"mood": ""}, errors.UnknownMood),
        ({"mood": "calm"}, errors.UnknownMood),
        ({"mood": "' or 1=1"}, errors.UnknownMood),
        ({"intensity": 0}, errors.IntensityOutOfRange),
        ({"intensity": 6}, errors.IntensityOutOfRange),
        ({"day": date(1899, 12, 31)}, errors.DayTooEarly),
        ({"tags": tuple(str(number) for number in range(21))}, errors.TooManyTags),
        ({"tags": ("x" * 41,)}, errors.TagTooLong),
    ],
)
def test_unsound_drafts_are_refused_and_nothing_is_saved(person: Session, changes: dict, refusal: type) -> None:
    with pytest.raises(refusal):
        entries.add(person, draft(**changes))
    assert entries.count(person) == 0


def test_tomorrow_is_refused_where_the_person_is(person: Session) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # 25 hours apart: hardly ever the same day
        today = days.today(zone)
        entries.add(person, draft(day=today, timezone=zone))
        with pytest.raises(errors.DayInFuture):
            entries.add(person, draft(day=today + timedelta(days=1), timezone=zone))


def test_an_entry_without_a_time_stays_on_its_day_everywhere(person: Session) -> None:
    for zone in ("Pacific/Kiritimati", "Asia/Seoul", "America/New_York"):
        entry_id = entries.add(person, draft(timezone=zone))
        kept = entries.get(person, entry_id)
        assert kept.day == DAY
        assert not kept.time_known


def test_changing(person: Session) -> None:
    entry_id = entries.add(person, draft(note="before"))
    entries.change(person, entry_id, 1, draft(note="after", mood="sadness", day=date(2025, 1, 1)))
    kept = entries.get(person, entry_id)
    assert (kept.note, kept.mood, kept.day, kept.version) == ("after", "sadness", date(2025, 1, 1), 2)
    assert kept.updated_at > kept.created_at


def test_changing_leaves_what_was_read_unless_it_was_read_anew(person: Session) -> None:
    entry_id = entries.add(person, draft(), readings=[told_by("voice", "sadness")])
    entries.change(person, entry_id, 1, draft(note="after"))
    assert [reading.label for reading in readings.of_entry(person, entry_id)] == ["sadness"]
    with pytest.raises(errors.EntryChanged):
        entries.change(person, entry_id, 1, draft(), readings=[told_by("voice", "fear")])
    assert [reading.label for reading in readings.of_entry(person, entry_id)] == ["sadness"]
    entries.change(person, entry_id, 2, draft(), readings=[told_by("voice", "anger")])
    assert [reading.label for reading in readings.of_entry(person, entry_id)] == ["anger"]
    entries.change(person, entry_id, 3, draft(), readings=[])
    assert readings.of_entry(person, entry_id) == []


def test_what_is_added_while_changing_needs_the_permission_to_keep(person: Session) -> None:
    entry_id = entries.add(person, draft(note="before"))
    sound = NewMedium("sound", b"a recording")
    with pytest.raises(errors.KeepingNotAllowed):
        entries.change(person, entry_id, 1, draft(note="after"), media=[sound])
    assert entries.get(person, entry_id).note == "before"  # all of it or nothing
    consents.set_given(person, "media", True)
    entries.change(person, entry_id, 1, draft(note="after"), media=[sound])
    (kept,) = media.of_entry(person, entry_id)
    assert media.content(person, kept.id) == b"a recording"


def test_a_change_of_what_another_tab_changed_overwrites_nothing(person: Session) -> None:
    entry_id = entries.add(person, draft(note="before"))
    entries.change(person, entry_id, 1, draft(note="the first tab"))
    with pytest.raises(errors.EntryChanged):
        entries.change(person, entry_id, 1, draft(note="the second tab"))
    assert entries.get(person, entry_id).note == "the first tab"


def test_changing_only_the_note_leaves_everything_else(person: Session) -> None:
    # A time that is twice on that day: day, time and zone together would not give it back.
    made = draft(day=date(2026, 11, 1), timezone="America/New_York", at=time(1, 30, fold=1), tags=("walk",))
    entry_id = entries.add(person, made, readings=[told_by("voice", "fear")])
    before = entries.get(person, entry_id)
    entries.change_note(person, entry_id, 1, "written down")
    after = entries.get(person, entry_id)
    assert after.updated_at > before.updated_at
    assert after == replace(before, note="written down", version=2, updated_at=after.updated_at)
    assert len(readings.of_entry(person, entry_id)) == 1


def test_a_note_that_another_tab_changed_is_not_overwritten(person: Session, stranger: Session) -> None:
    entry_id = entries.add(person, draft(note="first"))
    entries.change_note(person, entry_id, 1, "second")
    with pytest.raises(errors.EntryChanged):
        entries.change_note(person, entry_id, 1, "third")
    with pytest.raises(errors.NoteTooLong):
        entries.change_note(person, entry_id, 2, "x" * (entries.NOTE_MAX + 1))
    for session, wanted in ((stranger, entry_id), (person, "0" * 32)):
        with pytest.raises(errors.EntryNotFound):
            entries.change_note(session, wanted, 2, "third")
    assert entries.get(person, entry_id).note == "second"


def test_the_note_of_a_damaged_entry_is_not_overwritten(person: Session) -> None:
    entry_id = entries.add(person, draft(note="maybe still there"))
    turn_a_bit("entries", "sealed", "id", entry_id)
    with pytest.raises(errors.Unopenable):
        entries.change_note(person, entry_id, 1, "new")
    turn_a_bit("entries", "sealed", "id", entry_id)
    assert entries.get(person, entry_id).note == "maybe still there"


def test_deleting(person: Session) -> None:
    entry_id = entries.add(person, draft())
    entries.delete(person, entry_id)
    for ask in (entries.get, entries.delete):
        with pytest.raises(errors.EntryNotFound):
            ask(person, entry_id)
    with pytest.raises(errors.EntryNotFound):
        entries.change(person, entry_id, 1, draft())


def test_saving_the_same_draft_twice_saves_it_once(person: Session) -> None:
    once = draft(note="an impatient tap")
    assert entries.add(person, once) == entries.add(person, once)
    assert entries.count(person) == 1


def test_two_tabs_saving_at_once_lose_nothing(person: Session) -> None:
    start, failures = threading.Barrier(8), []

    def save(number: int) -> None:
        start.wait()
        try:
            for turn in range(5):
                entries.add(person, draft(note=f"{number}-{turn}"))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert {entry.note for entry in entries.every(person)} == {f"{n}-{t}" for n in range(8) for t in range(5)}


@pytest.mark.parametrize("attack", ["' or 1=1 --", "%", "*", "../../x"])
def test_no_id_reaches_another_persons_entry(person: Session, stranger: Session, attack: str) -> None:
    mine = entries.add(person, draft(note="mine"))
    for asked in (mine, attack):
        for ask in (
            lambda: entries.get(stranger, asked),  # noqa: B023
            lambda: entries.delete(stranger, asked),  # noqa: B023
            lambda: entries.change(stranger, asked, 1, draft(note="theirs")),  # noqa: B023
        ):
            with pytest.raises(errors.EntryNotFound):
                ask()
    with pytest.raises(errors.EntryNotFound):
        entries.add(stranger, draft(note="theirs", id=mine))
    assert entries.every(stranger) == []
    assert [entry.note for entry in entries.every(person)] == ["mine"]


def test_a_sealed_note_moved_to_another_row_stays_shut(person: Session, data_folder: Path) -> None:
    one, other = entries.add(person, draft(note="one")), entries.add(person, draft(note="other"))
    with database.connect() as db, db.atomic():
        db["entries"].update(other, {"sealed": db["entries"].get(one)["sealed"]})
    moved = entries.get(person, other)
    assert (moved.is_damaged, moved.note) == (True, "")
    assert entries.get(person, one).note == "one"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (["#산책", " 산책 ", "산책"], ("산책",)),
        (["  a   b  "], ("a b",)),
        (["", "#", "  "], ()),
        (["\u1112\u1161\u1105\u116e"], ("하루",)),
    ],
)
def test_tags_are_tidied(typed: list[str], kept: tuple) -> None:
    assert entries.tidy_tags(typed) == kept


def test_favourite_tags_are_the_persons_own_most_used(person: Session, stranger: Session) -> None:
    for tags in (("walk",), ("walk", "rain"), ("work",)):
        entries.add(person, draft(tags=tags))
    entries.add(stranger, draft(tags=("somebody else's",)))
    assert entries.favourite_tags(person)[0] == "walk"
    assert set(entries.favourite_tags(person)) == {"walk", "rain", "work"}
