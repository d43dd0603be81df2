from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from time import thread_time

import pytest

from diary import accounts, database, days, entries, errors, trackers
from diary.entries import NewEntry
from diary.sessions import Session
from diary.trackers import HIGHEST, KINDS, NAME_MAX, TRACKERS_MAX, Tracker
from tests.diary.damaging import turn_a_bit, with_a_wrong_key

ZONE = "Asia/Seoul"
DAY = date(2026, 3, 1)


def add(session: Session, name: str = "잠", emoji: str = "😴", kind: str = "minutes") -> str:
    return trackers.add(session, Tracker(name, emoji, kind))


def names(session: Session) -> list[str]:
    return [tracker.name for tracker in trackers.every(session)]


def test_a_value_a_day_is_stored_replaced_and_cleared(person: Session) -> None:
    sleep = add(person)
    trackers.set_value(person, sleep, DAY, 430, ZONE)
    trackers.set_value(person, sleep, DAY, 445, ZONE)
    trackers.set_value(person, sleep, DAY + timedelta(days=2), 0, ZONE)
    assert trackers.of_day(person, DAY) == {sleep: 445}
    assert trackers.between(person, DAY, DAY + timedelta(days=9)) == {
        sleep: {DAY: 445, DAY + timedelta(days=2): 0},
    }
    assert trackers.count_values(person) == {sleep: 2}
    assert trackers.first_day(person) == DAY
    trackers.clear_value(person, sleep, DAY)
    assert trackers.of_day(person, DAY) == {}
    assert trackers.first_day(person) == DAY + timedelta(days=2)


def test_order_name_and_emoji_change_and_the_kind_stays(person: Session) -> None:
    first, second, third = (add(person, name) for name in ("a", "b", "c"))
    trackers.move(person, third, -1)
    assert names(person) == ["a", "c", "b"]
    trackers.move(person, first, 9)
    assert names(person) == ["c", "b", "a"]
    trackers.move(person, third, -1)
    assert names(person) == ["c", "b", "a"]
    trackers.change(person, second, "  Pain  level ", "🤕")
    changed = trackers.every(person)[1]
    assert (changed.name, changed.emoji, changed.kind) == ("Pain level", "🤕", "minutes")
    trackers.change(person, second, "PAIN level", "🤕")  # its own name is free
    assert add(person, "d")
    assert names(person)[-1] == "d"


def test_deleting_takes_the_values_along_and_nothing_else(person: Session) -> None:
    sleep, pain = add(person), add(person, "아픔", "🤕", "scale")
    trackers.set_value(person, sleep, DAY, 60, ZONE)
    trackers.set_value(person, pain, DAY, 3, ZONE)
    trackers.delete(person, sleep)
    assert trackers.of_day(person, DAY) == {pain: 3}
    with database.connect() as db:
        assert db.table("tracker_values").count == 1
    with pytest.raises(errors.TrackerNotFound):
        trackers.delete(person, sleep)
    with pytest.raises(errors.TrackerNotFound):
        trackers.set_value(person, sleep, DAY, 60, ZONE)


@pytest.mark.parametrize(
    ("kind", "fits", "not_allowed"),
    [
        ("scale", (0, 10), (-1, 11, 2.5, float("nan"), float("inf"))),
        ("count", (0, 1_000_000, 62.5), (-0.5, 1_000_001)),
        ("minutes", (0, 1440), (-1, 1441, 1.5)),
        ("yes_no", (0, 1), (-1, 2, 0.5)),
    ],
)
def test_each_kind_has_its_range(person: Session, kind: str, fits: tuple, not_allowed: tuple) -> None:
    tracker = add(person, kind=kind)
    for value in fits:
        trackers.set_value(person, tracker, DAY, value, ZONE)
        assert trackers.of_day(person, DAY) == {tracker: value}
    for value in not_allowed:
        with pytest.raises(errors.TrackerValueOutOfRange):
            trackers.set_value(person, tracker, DAY, value, ZONE)
    assert trackers.of_day(person, DAY) == {tracker: fits[-1]}
    assert set(HIGHEST) == set(KINDS)


def test_a_weight_keeps_two_decimals_and_a_whole_number_none(person: Session) -> None:
    weight = add(person, "몸무게", "⚖️", "count")
    trackers.set_value(person, weight, DAY, 62.456, ZONE)
    assert trackers.of_day(person, DAY) == {weight: 62.46}
    trackers.set_value(person, weight, DAY, 62.0, ZONE)
    assert isinstance(trackers.of_day(person, DAY)[weight], int)


def test_no_value_for_a_day_to_come_or_before_the_first_year(person: Session) -> None:
    sleep = add(person)
    with pytest.raises(errors.DayInFuture):
        trackers.set_value(person, sleep, days.today(ZONE) + timedelta(days=1), 1, ZONE)
    with pytest.raises(errors.DayTooEarly):
        trackers.set_value(person, sleep, days.EARLIEST - timedelta(days=1), 1, ZONE)
    trackers.set_value(person, sleep, days.EARLIEST, 1, ZONE)
    trackers.set_value(person, sleep, days.today(ZONE), 1, ZONE)


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\u202e\u2066", "\n\t", "\0"])
def test_a_name_has_something_to_see(person: Session, name: str) -> None:
    with pytest.raises(errors.TrackerNameEmpty):
        add(person, name)


@pytest.mark.parametrize("name", ["x" * 41, "x" * 1000, "한" * 1000, "e" + "\u0301\u0327" * 500_000])
def test_a_long_name_is_refused_at_once(person: Session, name: str) -> None:
    sleep = add(person)
    began = thread_time()
    for attempt in (lambda: add(person, name), lambda: trackers.change(person, sleep, name, "😴")):
        with pytest.raises(errors.TrackerNameTooLong) as refused:
            attempt()
        assert refused.value.facts == {"characters": NAME_MAX}
    assert thread_time() - began < 1
    assert names(person) == ["잠"]


def test_names_are_compared_as_people_read_them(person: Session) -> None:
    add(person, "각성")
    for same in ("\u1100\u1161\u11a8성", " 각성 ", "각\u200b성"):
        with pytest.raises(errors.TrackerNameTaken):
            add(person, same)
    pain = add(person, "Pain")
    with pytest.raises(errors.TrackerNameTaken):
        trackers.change(person, pain, "각성", "🤕")
    add(person, "x" * NAME_MAX)
    add(person, "한" * NAME_MAX)


@pytest.mark.parametrize("emoji", ["😴", "⚖️", "❤️‍🩹", "👩🏽‍⚕️", "🇰🇷", "1️⃣", "☕", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏃‍♀️"])
def test_one_emoji_of_any_make(person: Session, emoji: str) -> None:
    add(person, emoji=f" {emoji} ")
    assert trackers.every(person)[0].emoji == emoji


@pytest.mark.parametrize("emoji", ["", "a", "잠", "😴😴", "7", "<b>", "😴a", "\ufe0f", "😴" + "\u200d😴" * 9, "—"])
def test_nothing_else_is_an_emoji(person: Session, emoji: str) -> None:
    with pytest.raises(errors.EmojiUnusable):
        add(person, emoji=emoji)


def test_ten_at_most_and_a_double_tap_adds_one(person: Session) -> None:
    new = Tracker("잠", "😴", "minutes")
    assert trackers.add(person, new) == trackers.add(person, new) == new.id
    for number in range(TRACKERS_MAX - 1):
        add(person, f"t{number}")
    with pytest.raises(errors.TooManyTrackers):
        add(person, "one more")
    assert len(trackers.every(person)) == TRACKERS_MAX
    with pytest.raises(errors.UnknownTrackerKind):
        add(person, kind="colour")


def test_ten_tabs_at_once_add_ten_at_most(person: Session) -> None:
    def try_to_add(number: int) -> bool:
        try:
            add(person, f"t{number % 12}")
        except (errors.TooManyTrackers, errors.TrackerNameTaken):
            return False
        return True

    with ThreadPoolExecutor(10) as tabs:
        assert sum(tabs.map(try_to_add, range(24))) == TRACKERS_MAX
    found = names(person)
    assert len(found) == len(set(found)) == TRACKERS_MAX


def test_nobody_else_sees_or_changes_anything(person: Session, stranger: Session) -> None:
    sleep = add(person)
    trackers.set_value(person, sleep, DAY, 60, ZONE)
    assert trackers.every(stranger) == []
    assert trackers.between(stranger, date.min, date.max) == {}
    assert trackers.first_day(stranger) is None
    assert trackers.count_values(stranger) == {}
    for attempt in (
        lambda: trackers.set_value(stranger, sleep, DAY, 1, ZONE),
        lambda: trackers.change(stranger, sleep, "mine", "😴"),
        lambda: trackers.move(stranger, sleep, 1),
        lambda: trackers.delete(stranger, sleep),
    ):
        with pytest.raises(errors.TrackerNotFound):
            attempt()
    trackers.clear_value(stranger, sleep, DAY)
    assert trackers.of_day(person, DAY) == {sleep: 60}
    add(stranger)  # the same name is free in another diary


def test_sealed_on_disk_and_gone_with_the_account(person: Session) -> None:
    sleep = add(person, "비밀스러운 잠")
    trackers.set_value(person, sleep, DAY, 431, ZONE)
    with database.connect() as db:
        db.execute("pragma wal_checkpoint(truncate)").fetchall()
        (stored,) = db.execute("select sealed from tracker_values").fetchone()
    assert b"431" not in stored
    content = database.path().read_bytes()
    assert "비밀스러운".encode() not in content
    assert "😴".encode() not in content
    accounts.delete(person)
    with database.connect() as db:
        assert (db.table("trackers").count, db.table("tracker_values").count) == (0, 0)


def test_a_value_moved_to_another_day_or_tracker_does_not_open(person: Session) -> None:
    sleep, pain = add(person), add(person, "아픔", "🤕", "scale")
    trackers.set_value(person, sleep, DAY, 60, ZONE)
    with database.transaction() as db:
        db.execute("insert into tracker_values select ?, day, sealed, updated_at from tracker_values", [pain])
        db.execute(
            "insert into tracker_values select tracker_id, ?, sealed, updated_at from tracker_values "
            "where tracker_id = ?",
            ["2026-03-05", sleep],
        )
    assert trackers.between(person, date.min, date.max) == {sleep: {DAY: 60}}
    assert trackers.count_damaged_values(person) == 2


def test_damage_hides_only_itself(person: Session) -> None:
    entries.add(person, NewEntry("happiness", 3, DAY, ZONE))
    sleep, pain = add(person), add(person, "아픔", "🤕", "scale")
    for tracker in (sleep, pain):
        for day in (DAY, DAY + timedelta(days=1)):
            trackers.set_value(person, tracker, day, 5, ZONE)
    turn_a_bit("tracker_values", "sealed", "tracker_id", sleep)
    assert trackers.between(person, date.min, date.max).keys() == {pain}
    trackers.set_value(person, sleep, DAY, 6, ZONE)  # a new value replaces the damaged one
    assert trackers.of_day(person, DAY) == {sleep: 6, pain: 5}
    turn_a_bit("trackers", "sealed", "id", pain)
    assert [(tracker.name, tracker.is_damaged) for tracker in trackers.every(person)] == [("잠", False), ("", True)]
    assert [tracker.name for tracker in trackers.intact(person)] == ["잠"]
    assert trackers.count_damaged_values(person) == 3
    with pytest.raises(errors.Unopenable):
        trackers.set_value(person, pain, DAY, 6, ZONE)
    with pytest.raises(errors.Unopenable):
        trackers.change(person, pain, "아픔", "🤕")
    trackers.delete(person, pain)
    assert names(person) == ["잠"]


def test_a_deletion_can_be_undone(person: Session, stranger: Session) -> None:
    first, sleep, last = add(person, "a"), add(person), add(person, "z")
    for number in range(3):
        trackers.set_value(person, sleep, DAY + timedelta(days=number), number, ZONE)
    before = trackers.every(person), trackers.between(person, date.min, date.max)
    deletion = trackers.delete(person, sleep)
    assert names(person) == ["a", "z"]
    with pytest.raises(errors.EntryNotFound):
        deletion.undo(stranger)
    deletion.undo(person)
    assert (trackers.every(person), trackers.between(person, date.min, date.max)) == before
    assert [tracker.id for tracker in before[0]] == [first, sleep, last]


def test_a_wrong_key_deletes_nothing(person: Session) -> None:
    entries.add(person, NewEntry("happiness", 3, DAY, ZONE))
    sleep = add(person)
    with pytest.raises(errors.KeyDoesNotFit):
        trackers.delete(with_a_wrong_key(person), sleep)
    assert names(person) == ["잠"]


def test_a_session_that_ended_writes_nothing(person: Session) -> None:
    from diary import sessions

    sleep = add(person)
    sessions.end_all(person.account_id)
    with pytest.raises(errors.SessionEnded):
        trackers.set_value(person, sleep, DAY, 60, ZONE)
    with pytest.raises(errors.SessionEnded):
        add(person, "more")
