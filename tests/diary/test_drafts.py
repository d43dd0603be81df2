from __future__ import annotations

from pathlib import Path

from diary import database, drafts
from diary.sessions import Session


def test_a_draft_survives_sealed(person: Session, stranger: Session, data_folder: Path) -> None:
    drafts.save(person, {"note": "half a thought \ud800", "mood": "fear"})
    drafts.save(person, {"note": "half a thought \ud800 and more", "mood": "fear"})
    assert drafts.load(person) == {"note": "half a thought � and more", "mood": "fear"}
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
