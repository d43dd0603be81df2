"""Trackers leave with the export and come back with the import, each value once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from diary import database, days, entries, errors, trackers
from diary.entries import NewEntry
from diary.sessions import Session
from diary.trackers import TRACKERS_MAX, Tracker
from diary.transfer import detect, export, export_parts, import_plan, importing
from tests.diary.damaging import turn_a_bit
from tests.diary.transfer.conftest import ZONE

DAY = date(2026, 3, 1)
SLEEP, PILLS = Tracker("잠", "😴", "minutes"), Tracker("Pills", "💊", "yes_no")


@pytest.fixture
def tracked(person: Session) -> Session:
    """A person with two trackers and three values, and one entry."""
    for tracker in (SLEEP, PILLS):
        trackers.add(person, tracker)
    trackers.set_value(person, SLEEP.id, DAY, 430, ZONE)
    trackers.set_value(person, SLEEP.id, DAY + timedelta(days=1), 61.0, ZONE)
    trackers.set_value(person, PILLS.id, DAY, 0, ZONE)
    entries.add(person, NewEntry("happiness", 3, DAY, ZONE))
    return person


def forget(session: Session) -> None:
    with database.transaction() as db:
        db.table("trackers").delete_where("account_id = ?", [session.account_id])


def content(session: Session) -> tuple[list[Tracker], trackers.ValuesByDay]:
    return trackers.every(session), trackers.between(session, date.min, date.max)


def test_the_export_names_trackers_and_values(tracked: Session) -> None:
    exported = json.loads(export.as_json(tracked))
    assert exported["version"] == 4
    assert exported["trackers"] == [
        {
            "id": SLEEP.id,
            "name": "잠",
            "emoji": "😴",
            "kind": "minutes",
            "values": {"2026-03-01": 430, "2026-03-02": 61},
        },
        {"id": PILLS.id, "name": "Pills", "emoji": "💊", "kind": "yes_no", "values": {"2026-03-01": 0}},
    ]


def test_they_come_back_as_they_were(tracked: Session, import_file: Callable) -> None:
    before, exported = content(tracked), export.as_json(tracked)
    forget(tracked)
    planned = import_file(tracked, exported)
    assert (len(planned.trackers.new), planned.trackers.count) == (2, 3)
    assert not planned.is_empty
    assert content(tracked) == before
    again = import_file(tracked, exported)
    assert again.is_empty
    assert again.trackers.values_here == 3
    assert content(tracked) == before


def test_a_value_that_the_diary_has_stays(tracked: Session, import_file: Callable) -> None:
    exported = export.as_json(tracked)
    trackers.set_value(tracked, SLEEP.id, DAY, 1, ZONE)
    trackers.clear_value(tracked, PILLS.id, DAY)
    planned = import_file(tracked, exported)
    assert (planned.trackers.count, planned.trackers.values_here) == (1, 2)
    assert content(tracked)[1] == {SLEEP.id: {DAY: 1, DAY + timedelta(days=1): 61}, PILLS.id: {DAY: 0}}


def test_values_join_the_tracker_of_the_same_name_in_another_account(
    tracked: Session, stranger: Session, import_file: Callable
) -> None:
    own = trackers.add(stranger, Tracker("잠", "🛏️", "minutes"))
    other = trackers.add(stranger, Tracker("PILLS", "💊", "count"))
    planned = import_file(stranger, export.as_json(tracked), was_mine=True)
    assert (len(planned.trackers.new), planned.trackers.count, planned.trackers.other_kind) == (0, 2, 1)
    assert content(stranger)[1] == {own: {DAY: 430, DAY + timedelta(days=1): 61}}
    trackers.change(stranger, other, "counted", "💊")
    planned = import_file(stranger, export.as_json(tracked), was_mine=True)
    assert (len(planned.trackers.new), planned.trackers.count) == (1, 1)
    assert content(tracked)[0] == [SLEEP, PILLS], "ids are unique in the database: a new one was derived"


def test_more_than_ten_do_not_come(tracked: Session, stranger: Session, import_file: Callable) -> None:
    for number in range(TRACKERS_MAX - 1):
        trackers.add(stranger, Tracker(f"t{number}", "😴", "scale"))
    planned = import_file(stranger, export.as_json(tracked), was_mine=True)
    assert (len(planned.trackers.new), planned.trackers.too_many) == (1, 1)
    assert len(trackers.every(stranger)) == TRACKERS_MAX


def test_values_of_days_to_come_stay_out(tracked: Session, import_file: Callable) -> None:
    document = json.loads(export.as_json(tracked))
    tomorrow = days.today(ZONE) + timedelta(days=1)
    document["trackers"][0]["values"] = {tomorrow.isoformat(): 1, "2026-03-09": 2}
    planned = import_file(tracked, json.dumps(document).encode())
    assert (planned.trackers.count, planned.trackers.not_yet) == (1, 1)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_file_of_an_earlier_version_has_none(tracked: Session, import_file: Callable, version: int) -> None:
    document = json.loads(export.as_json(tracked)) | {"version": version}
    del document["trackers"]
    forget(tracked)
    assert import_file(tracked, json.dumps(document).encode()).trackers.is_empty


@pytest.mark.parametrize(
    "change",
    [
        {"name": "x" * 1000},
        {"name": ""},
        {"name": "pills"},
        {"name": 7},
        {"emoji": "<b>"},
        {"kind": "colour"},
        {"id": "../../etc"},
        {"id": PILLS.id},
        {"values": {"2026-03-01": 1441}},
        {"values": {"2026-03-01": -1}},
        {"values": {"2026-03-01": True}},
        {"values": {"2026-03-01": "430"}},
        {"values": {"2026-02-30": 1}},
        {"values": {"1899-12-31": 1}},
        {"values": {"tomorrow": 1}},
        {"values": []},
        {"values": None},
    ],
)
def test_a_changed_file_is_refused_whole(tracked: Session, change: dict) -> None:
    document = json.loads(export.as_json(tracked))
    document["trackers"][0] |= change
    with pytest.raises(errors.FileDamaged):
        detect.read(json.dumps(document).encode(), ZONE)
    document["trackers"] *= 6
    with pytest.raises(errors.FileDamaged):
        detect.read(json.dumps(document).encode(), ZONE)


def test_damaged_ones_are_left_out_and_counted(tracked: Session) -> None:
    turn_a_bit("tracker_values", "sealed", "day", "2026-03-02")
    left_out = json.loads(export.as_json(tracked))["left_out"]
    assert (left_out["trackers"], left_out["tracker_values"]) == (0, 1)
    turn_a_bit("trackers", "sealed", "id", PILLS.id)
    exported = json.loads(export.as_json(tracked))
    assert (exported["left_out"]["trackers"], exported["left_out"]["tracker_values"]) == (1, 2)
    assert export.left_out(tracked, with_media=False).tracker_values == 2
    assert [tracker["values"] for tracker in exported["trackers"]] == [{"2026-03-01": 430}]


def test_parts_of_a_large_diary_hold_each_value_once(tracked: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    trackers.set_value(tracked, SLEEP.id, date(2020, 1, 1), 1, ZONE)
    for number in range(1, 4):
        entries.add(tracked, NewEntry("happiness", 3, DAY + timedelta(days=number), ZONE, note="x" * 900))
    monkeypatch.setattr(export_parts, "PART_TEXT_BYTES", 2000)
    parts = export_parts.parts(tracked)
    assert len(parts) > 1
    found: dict[str, int] = {}
    for part in parts:
        values = json.loads(export.as_json(tracked, part))["trackers"][0]["values"]
        assert not found.keys() & values.keys()
        found |= values
    assert found == {"2020-01-01": 1, "2026-03-01": 430, "2026-03-02": 61}


def test_a_tracker_deleted_after_the_plan_stops_the_import_whole(tracked: Session) -> None:
    document = json.loads(export.as_json(tracked))
    document["trackers"][0]["values"]["2026-03-20"] = 5
    document["entries"] = []
    file = detect.read(json.dumps(document).encode(), ZONE)
    planned = import_plan.plan(tracked, file, {}, zone=ZONE)
    trackers.delete(tracked, SLEEP.id)
    with pytest.raises(errors.DiaryMovedOn):
        importing.run_import(tracked, file, planned)
    assert content(tracked)[1] == {PILLS.id: {DAY: 0}}
