"""Keeping entries with and without the data key, reading them, changing a note, and trackers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from diary import days, entries, inbox, trackers
from diary.sessions import Session
from diary.trackers import Tracker
from emotions import SEVEN
from feelings import FEELINGS
from tests.diary.histories import keep
from tests.web.api.conftest import Program

Make = Callable[..., Program]
WHOLE = {
    "mood": "기쁨",
    "strength": 5,
    "note": "a <walk> \ud800 by the river",
    "tags": ["#river", "walk"],
    "feelings": ["proud"],
    "day": "2026-11-20",
    "time": "21:30",
    "timezone": "Europe/Berlin",
    "client_id": "evening-2026-11-20",
}


def test_with_the_data_key_an_entry_is_there_at_once(program: Make, person: Session) -> None:
    answer = program("write", "notes").ask("POST", "/entries", WHOLE)
    assert answer.status_code == 201
    assert answer.json() == {"id": answer.json()["id"], "day": "2026-11-20", "waiting": False}
    assert answer.headers["location"] == f"/api/v1/entries/{answer.json()['id']}"
    (entry,) = entries.of_day(person, date(2026, 11, 20))
    assert (entry.id, entry.mood, entry.intensity) == (answer.json()["id"], "happiness", 5)
    assert (entry.note, entry.tags, entry.feelings) == ("a <walk> \ufffd by the river", ("river", "walk"), ("proud",))
    assert (entry.happened_at.isoformat(), entry.timezone) == ("2026-11-20T20:30:00+00:00", "Europe/Berlin")


def test_without_it_the_entry_waits_until_the_diary_is_opened(program: Make, person: Session) -> None:
    shortcut = program("write", "moods")
    answer = shortcut.ask("POST", "/entries", WHOLE)
    assert (answer.status_code, answer.json()["waiting"]) == (201, True)
    listed = shortcut.ask("GET", "/entries?from=2026-11-20").json()
    assert (listed["entries"], listed["waiting"]) == ([], 1)
    assert shortcut.ask("GET", "/months/2026-11").json()["waiting"] == 1
    inbox.take_in(person)
    listed = shortcut.ask("GET", "/entries?from=2026-11-20").json()
    assert ([entry["mood"] for entry in listed["entries"]], listed["waiting"]) == (["happiness"], 0)
    (entry,) = entries.of_day(person, date(2026, 11, 20))
    assert entry.note == "a <walk> \ufffd by the river"


def test_a_token_with_the_data_key_opens_the_inbox_too(program: Make, person: Session) -> None:
    program("write").ask("POST", "/entries", WHOLE)
    assert len(program("notes").ask("GET", "/entries?from=2026-11-20").json()["entries"]) == 1
    assert inbox.count(person.account_id) == 0


@pytest.mark.parametrize("scopes", [("write",), ("write", "notes")], ids=str)
def test_sent_twice_it_is_kept_once(program: Make, person: Session, scopes: tuple[str, ...]) -> None:
    shortcut = program(*scopes)
    first = shortcut.keep(client_id="x", note="first")
    again = shortcut.keep(client_id="x", note="second")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    inbox.take_in(person)
    assert shortcut.keep(client_id="x").json() == first.json() | {"waiting": False}
    assert [entry.note for entry in entries.every(person)] == ["first"]
    assert shortcut.keep().status_code == shortcut.keep().status_code == 201


def test_two_people_may_use_the_same_client_id(program: Make, person: Session, stranger: Session) -> None:
    for scopes in (("write",), ("write", "notes")):
        ids = {program(*scopes, of=whose).keep(client_id=str(scopes)).json()["id"] for whose in (person, stranger)}
        assert len(ids) == 2


def test_only_a_mood_is_needed(program: Make, person: Session) -> None:
    assert program("write", "notes").ask("POST", "/entries", {"mood": "sadness", "note": None}).status_code == 201
    (entry,) = entries.every(person)
    assert (entry.day, entry.intensity, entry.time_known) == (days.today(person.timezone), 3, True)
    program("write", "notes").keep(day="2026-11-01")
    assert not entries.of_day(person, date(2026, 11, 1))[0].time_known


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "field_missing", "mood"),
        ({"mood": None}, "field_missing", "mood"),
        ({"mood": "bliss"}, "field_wrong", "mood"),
        ({"mood": 3}, "field_wrong", "mood"),
        ({"mood": "fear", "strenght": 3}, "field_unknown", "strenght"),
        ({"mood": "fear", "strength": "3"}, "field_wrong", "strength"),
        ({"mood": "fear", "strength": 3.5}, "field_wrong", "strength"),
        ({"mood": "fear", "strength": True}, "field_wrong", "strength"),
        ({"mood": "fear", "strength": 6}, "intensity_out_of_range", None),
        ({"mood": "fear", "strength": 10**30}, "intensity_out_of_range", None),
        ({"mood": "fear", "day": "20261120"}, "field_wrong", "day"),
        ({"mood": "fear", "day": "2026-02-30"}, "field_wrong", "day"),
        ({"mood": "fear", "day": "2999-01-01"}, "day_in_future", None),
        ({"mood": "fear", "day": "1066-10-14"}, "day_too_early", None),
        ({"mood": "fear", "time": "25:00"}, "field_wrong", "time"),
        ({"mood": "fear", "time": "9 pm"}, "field_wrong", "time"),
        ({"mood": "fear", "timezone": "Mars/Olympus"}, "field_wrong", "timezone"),
        ({"mood": "fear", "timezone": "../../etc/passwd"}, "field_wrong", "timezone"),
        ({"mood": "fear", "tags": "walk"}, "field_wrong", "tags"),
        ({"mood": "fear", "tags": [1]}, "field_wrong", "tags"),
        ({"mood": "fear", "tags": ["t" * 41]}, "tag_too_long", None),
        ({"mood": "fear", "tags": [str(number) for number in range(21)]}, "too_many_tags", None),
        ({"mood": "fear", "feelings": ["unheard_of"]}, "unknown_feeling", None),
        ({"mood": "fear", "note": ["a"]}, "field_wrong", "note"),
        ({"mood": "fear", "note": "a" * 100_001}, "note_too_long", None),
        ({"mood": "fear", "client_id": "c" * 101}, "field_wrong", "client_id"),
    ],
    ids=str,
)
@pytest.mark.parametrize("scopes", [("write",), ("write", "notes")], ids=str)
def test_what_cannot_be_kept_is_named(
    program: Make, person: Session, scopes: tuple[str, ...], body: dict, code: str, field: str | None
) -> None:
    answer = program(*scopes).ask("POST", "/entries", body)
    assert (answer.status_code, answer.json()["code"], answer.json().get("field")) == (422, code, field)
    assert entries.count(person) == inbox.count(person.account_id) == 0


def test_the_operators_limit_holds(program: Make, person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_ACCOUNT_ENTRIES", "1")
    for scopes in (("write",), ("write", "notes")):
        program("write").keep(client_id="first")
        answer = program(*scopes).keep()
        assert (answer.status_code, answer.json()["code"]) == (507, "too_many_entries")


def test_moods_without_the_data_key_hold_no_word(program: Make, person: Session) -> None:
    kept = keep(person, "2026-11-20", "fear", 2, at="08:05", note="a secret", tags=("a tag",))
    entry = {"id": kept, "day": "2026-11-20", "time": "08:05", "timezone": "Asia/Seoul", "mood": "fear", "strength": 2}
    moods = program("moods")
    answer = moods.ask("GET", "/entries?from=2026-11-01&to=2026-11-30")
    assert answer.json() == {"entries": [entry], "next": None, "waiting": 0}
    assert moods.ask("GET", f"/entries/{kept}").json() == entry
    with_notes = program("notes").ask("GET", f"/entries/{kept}").json()
    more = {"note": "a secret", "tags": ["a tag"], "feelings": [], "version": 1, "damaged": False}
    assert with_notes == entry | more


def test_many_entries_come_in_pages(program: Make, person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [keep(person, f"2026-11-{day:02}", at="10:00") for day in (1, 2, 2, 2, 3, 4)]
    monkeypatch.setattr("web.api.entries.PAGE", 2)
    for reader in (program("moods"), program("notes")):
        seen, after = [], ""
        while True:
            content = reader.ask("GET", f"/entries?from=2026-11-01&to=2026-11-30{after}").json()
            seen += [entry["id"] for entry in content["entries"]]
            if content["next"] is None:
                break
            after = f"&after={content['next']}"
        assert sorted(seen) == sorted(kept)
        assert seen[:1] + seen[-2:] == kept[:1] + kept[-2:]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("from=yesterday", 422, "field_wrong"),
        ("from=2020-01-01&to=2026-01-01", 422, "too_many_days"),
        ("since=2026-11-01", 422, "field_unknown"),
        ("after=" + "0" * 32, 404, "entry_not_found"),
    ],
)
def test_a_wrong_question_is_answered_by_a_sentence(program: Make, query: str, status: int, code: str) -> None:
    answer = program("moods").ask("GET", f"/entries?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_month_at_a_glance(program: Make, person: Session) -> None:
    for day, mood in (("01", "fear"), ("01", "happiness"), ("30", "sadness")):
        keep(person, f"2026-11-{day}", mood)
    keep(person, "2026-10-31", "anger")
    content = program("moods").ask("GET", "/months/2026-11").json()
    assert content["days"] == [
        {"day": "2026-11-01", "mood": "happiness", "moods": ["fear", "happiness"]},
        {"day": "2026-11-30", "mood": "sadness", "moods": ["sadness"]},
    ]
    assert {key for key, count in content["counts"].items() if count} == {"fear", "happiness", "sadness"}
    for wrong in ("2026-13", "2026", "2026-1", "0000-01", "9999-99"):
        assert program("moods").ask("GET", f"/months/{wrong}").status_code == 422, wrong


def test_the_moods_and_their_finer_words(program: Make) -> None:
    content = program("write").ask("GET", "/moods").json()["moods"]
    assert [(mood["key"], mood["names"]) for mood in content] == [
        (mood.key, {"ko": mood.ko, "en": mood.en}) for mood in SEVEN
    ]
    assert {feeling["key"] for mood in content for feeling in mood["feelings"]} == {one.key for one in FEELINGS}


def test_a_note_is_changed_as_the_program_saw_it(program: Make, person: Session) -> None:
    kept = keep(person, "2026-11-20", note="before", tags=("t",))
    writer = program("write", "notes")
    answer = writer.ask("PUT", f"/entries/{kept}/note", {"note": "after", "version": 1})
    assert answer.json() == {"id": kept, "version": 2}
    assert (entries.get(person, kept).note, entries.get(person, kept).tags) == ("after", ("t",))
    again = writer.ask("PUT", f"/entries/{kept}/note", {"note": "lost", "version": 1})
    assert (again.status_code, again.json()["code"]) == (409, "entry_changed")
    assert writer.ask("PUT", f"/entries/{kept}/note", {"note": "x"}).json()["field"] == "version"
    gone = writer.ask("PUT", f"/entries/{'0' * 32}/note", {"note": "x", "version": 1})
    assert gone.status_code == 404


def test_trackers_and_their_values(program: Make, person: Session) -> None:
    tracker = trackers.add(person, Tracker("Coffee", "☕", "count"))
    writer = program("write", "notes")
    assert writer.ask("PUT", f"/trackers/{tracker}/values/2026-11-20", {"value": 2.5}).status_code == 204
    (listed,) = writer.ask("GET", "/trackers?from=2026-11-01&to=2026-11-30").json()["trackers"]
    assert listed == {
        "id": tracker,
        "name": "Coffee",
        "emoji": "☕",
        "kind": "count",
        "values": {"2026-11-20": 2.5},
    }
    for body, code in (
        ({"value": "2"}, "field_wrong"),
        ({"value": True}, "field_wrong"),
        ({}, "field_missing"),
        ({"value": -1}, "tracker_value_out_of_range"),
        (b'{"value": NaN}', "field_wrong"),
        (b'{"value": 1e999}', "field_wrong"),
    ):
        answer = writer.ask("PUT", f"/trackers/{tracker}/values/2026-11-20", body)
        assert (answer.status_code, answer.json()["code"]) == (422, code), body
    assert writer.ask("PUT", f"/trackers/{tracker}/values/today", {"value": 1}).json()["field"] == "day"
    assert writer.ask("PUT", f"/trackers/{'0' * 32}/values/2026-11-20", {"value": 1}).status_code == 404
