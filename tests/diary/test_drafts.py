from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from diary import database, drafts, entries, sessions
from diary.drafts import Draft
from diary.entries import NewEntry
from diary.sessions import Session

PROJECT = Path(__file__).parents[2]


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


def test_an_account_has_a_most(person: Session, stranger: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST", 3)
    drafts.save(stranger, {"note": "another's"})
    for day in range(1, 6):
        form = f"2026-05-0{day}"
        saved = drafts.save(person, {"note": "x"}, form) if day % 2 else drafts.save_if_unchanged(person, {}, form, 0)
        assert saved == 1
    assert list(drafts.versions(person)) == ["2026-05-05", "2026-05-04", "2026-05-03"]
    assert drafts.load(stranger)


def test_each_form_has_a_draft_of_its_own(person: Session) -> None:
    drafts.save(person, {"note": "new"})
    drafts.save(person, {"note": "a day in May"}, "2026-05-03")
    drafts.clear(person)
    assert drafts.load(person) is None
    assert drafts.load(person, "2026-05-03") == Draft({"note": "a day in May"}, version=1)
    with database.transaction() as db:
        db.execute("update drafts set form = '2026-05-04'")
    assert drafts.load(person, "2026-05-04") is None


def test_a_draft_that_another_tab_saved_meanwhile_is_not_overwritten(person: Session) -> None:
    assert drafts.save_if_unchanged(person, {"note": "one"}, "new", 0) == 1
    assert drafts.save_if_unchanged(person, {"note": "two"}, "new", 0) is None
    assert drafts.save_if_unchanged(person, {"note": "two"}, "new", 1) == 2
    assert not drafts.clear_if_unchanged(person, "new", 1)
    assert drafts.load(person) == Draft({"note": "two"}, version=2)
    assert drafts.clear_if_unchanged(person, "new", 2)
    assert drafts.save_if_unchanged(person, {"note": "three"}, "new", 2) is None
    assert drafts.load(person) is None


def test_the_drafts_of_a_person_by_form_the_latest_first(person: Session, stranger: Session) -> None:
    drafts.save(person, {}, "2026-05-03")
    drafts.save(person, {})
    drafts.save(person, {})
    drafts.save(stranger, {}, "2026-05-04")
    assert list(drafts.versions(person).items()) == [("new", 2), ("2026-05-03", 1)]


def new(note: str = "kept", entry_id: str = "a" * 32) -> NewEntry:
    return NewEntry("fear", 3, date(2026, 11, 20), "Asia/Seoul", note=note, id=entry_id)


def test_an_entry_takes_the_place_of_its_draft(person: Session) -> None:
    drafts.save(person, {"note": "kept"})
    drafts.save(person, {"note": "another"}, "2026-05-03")
    entries.add(person, new(), draft=drafts.NEW_ENTRY)
    assert list(drafts.versions(person)) == ["2026-05-03"]
    entry = entries.get(person, "a" * 32)
    drafts.save(person, {"note": "a change"}, entry.id)
    entries.change(person, entry.id, entry.version, new("changed"))
    assert list(drafts.versions(person)) == ["2026-05-03"]
    drafts.save(person, {"note": "a change"}, entry.id)
    entries.delete(person, entry.id)
    assert list(drafts.versions(person)) == ["2026-05-03"]


@pytest.mark.parametrize("step", ["insert_readings", "delete_in"])
def test_an_error_while_saving_leaves_the_draft_and_no_entry(
    person: Session, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    drafts.save(person, {"note": "kept"})

    def fail(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(entries if step == "insert_readings" else drafts, step, fail)
        with pytest.raises(RuntimeError):
            entries.add(person, new(), draft=drafts.NEW_ENTRY)
    assert (entries.count(person), drafts.load(person)) == (0, Draft({"note": "kept"}, version=1))
    entries.add(person, new(), draft=drafts.NEW_ENTRY)
    entries.add(person, new(), draft=drafts.NEW_ENTRY)
    assert (entries.count(person), drafts.load(person)) == (1, None)


SAVE_AND_DIE = """
import os, signal, sys
from diary import drafts, entries, sessions
from tests.diary.test_drafts import new

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

after_commit = sys.argv[2] == "after"
real = drafts.delete_in
if not after_commit:
    drafts.delete_in = lambda *arguments: (real(*arguments), die())
entries.add(sessions.find(sys.argv[1]), new(), draft=drafts.NEW_ENTRY)
die()
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_server_killed_while_saving_leaves_the_draft_or_the_entry(sign_up: Callable[..., str], moment: str) -> None:
    token = sign_up()
    session = sessions.find(token)
    assert session is not None
    drafts.save(session, {"note": "kept"})
    process = subprocess.run(
        [sys.executable, "-c", SAVE_AND_DIE, token, moment], cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PROJECT)}
    )
    assert process.returncode == -signal.SIGKILL
    is_kept = moment == "after"
    assert entries.count(session) == (1 if is_kept else 0)
    assert drafts.load(session) == (None if is_kept else Draft({"note": "kept"}, version=1))
    entries.add(session, new(), draft=drafts.NEW_ENTRY)  # the person presses the button again
    assert (entries.count(session), drafts.load(session)) == (1, None)
