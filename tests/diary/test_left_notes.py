from __future__ import annotations

from datetime import date

import pytest

from diary import database, drafts, entries, left_notes
from diary.entries import NewEntry
from diary.sessions import Session

DAY = date(2026, 11, 3)


@pytest.fixture
def new(person: Session) -> str:
    """The id of a new entry."""
    return drafts.new_id(person)


def note(person: Session, slot: str = drafts.NEW_ENTRY) -> object:
    stored = drafts.load(person, slot)
    return stored and stored.content["fields"].get("note")


def test_without_a_draft_the_note_becomes_one(person: Session, new: str) -> None:
    assert left_notes.save(person, f"new_{new}", "half a thought", "")
    assert drafts.load(person).content == {"id": new, "fields": {"note": "half a thought"}, "readings": []}
    day = drafts.new_id(person)
    assert left_notes.save(person, f"day_{DAY}_{day}", "in May", None)
    assert drafts.load(person, DAY.isoformat()).content["id"] == day


def test_what_the_draft_has_stays_but_for_the_readings_of_another_note(person: Session, new: str) -> None:
    before = {"id": new, "fields": {"note": "one", "mood_choice": "fear"}, "readings": [{"source": "words"}], "x": 1}
    version = drafts.save(person, before)
    assert left_notes.save(person, f"new_{new}", "one and two", "one")
    after = drafts.load(person)
    assert after.content == before | {"fields": {"note": "one and two", "mood_choice": "fear"}, "readings": []}
    assert after.version == version + 1


def test_sent_twice_it_is_saved_once(person: Session, new: str) -> None:
    for _ in range(2):
        assert left_notes.save(person, f"new_{new}", "one", "")
    assert drafts.load(person).version == 1


def test_what_another_tab_wrote_stays(person: Session, new: str) -> None:
    drafts.save(person, {"id": new, "fields": {"note": "base\ntheirs"}, "readings": []})
    assert left_notes.save(person, f"new_{new}", "mine\nbase", "base")
    assert note(person) == "mine\nbase\ntheirs"
    assert left_notes.save(person, f"new_{new}", "without a base", None)
    assert note(person) == "without a base\n\nmine\nbase\ntheirs"


def test_a_change_of_an_entry_begins_with_its_note(person: Session) -> None:
    entry = entries.add(person, NewEntry("fear", 3, DAY, "Asia/Seoul", note="as it was"))
    assert left_notes.save(person, f"entry_{entry}", "as it was", "as it was")
    assert drafts.load(person, entry) is None
    assert left_notes.save(person, f"entry_{entry}", "as it was, and more", "as it was")
    assert note(person, entry) == "as it was, and more"


def test_a_form_that_became_an_entry_is_no_draft_again(person: Session, new: str) -> None:
    entries.add(person, NewEntry("fear", 3, DAY, "Asia/Seoul", note="kept", id=new))
    assert not left_notes.save(person, f"new_{new}", "kept", "")
    assert drafts.load(person) is None


def test_other_names_of_forms_and_other_accounts_are_refused(person: Session, stranger: Session, new: str) -> None:
    theirs = entries.add(stranger, NewEntry("fear", 3, DAY, "Asia/Seoul"))
    for form in (
        "",
        "new_",
        f"new_{'0' * 32}",
        f"day_2026-13-01_{new}",
        f"day_{new}",
        f"entry_{theirs}",
        f"new_{new} ",
    ):
        assert not left_notes.save(person, form, "x", ""), form
    assert not left_notes.save(stranger, f"new_{new}", "x", "")
    assert not left_notes.save(person, f"new_{new}", "x" * (entries.NOTE_MAX + 1), "")
    assert drafts.versions(person) == drafts.versions(stranger) == {}


def test_a_damaged_draft_does_not_stop_it(person: Session, new: str) -> None:
    drafts.save(person, {"id": new, "fields": {}})
    with database.transaction() as db:
        db.execute("update drafts set sealed = x'0100'")
    assert left_notes.save(person, f"new_{new}", "still here", "")
    assert note(person) == "still here"
