from __future__ import annotations

from pathlib import Path

from diary import database, drafts
from diary.drafts import Draft
from diary.sessions import Session


def test_a_draft_survives_sealed(person: Session, stranger: Session, data_folder: Path) -> None:
    assert drafts.save(person, {"note": "half a thought \ud800", "mood": "fear"}) == 1
    assert drafts.save(person, {"note": "half a thought \ud800 and more", "mood": "fear"}) == 2
    assert drafts.load(person) == Draft({"note": "half a thought � and more", "mood": "fear"}, version=2)
    assert drafts.load(stranger) is None
    assert b"half a thought" not in b"".join(file.read_bytes() for file in data_folder.glob("haru.db*"))


def test_a_cleared_draft_is_gone(person: Session) -> None:
    drafts.save(person, {"note": "x"})
    drafts.clear(person)
    assert drafts.load(person) is None


def test_a_damaged_draft_is_no_draft(person: Session) -> None:
    drafts.save(person, {"note": "x"})
    with database.transaction() as db:
        db.execute("update drafts set sealed = x'0100'")
    assert drafts.load(person) is None


def test_each_form_has_a_draft_of_its_own(person: Session) -> None:
    drafts.save(person, {"note": "new"})
    drafts.save(person, {"note": "a day in May"}, "2026-05-03")
    drafts.clear(person)
    assert drafts.load(person) is None
    assert drafts.load(person, "2026-05-03") == Draft({"note": "a day in May"}, version=1)
    with database.transaction() as db:
        db.execute("update drafts set form = '2026-05-04'")
    assert drafts.load(person, "2026-05-04") is None
