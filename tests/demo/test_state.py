"""Sign-in and reset of the demo; a real diary is never taken for a demo."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from demo import state
from demo.build import build
from diary import (
    accounts,
    consents,
    database,
    drafts,
    entries,
    errors,
    media,
    music_feedback,
    readings,
    sessions,
    signed_in_browsers,
)
from diary.entries import NewEntry
from music.search_cache import SearchCache
from tests.conftest import PASSWORD
from tests.demo.conftest import TODAY

SECRET_NAME, SOUND = "Zzyzx the visitor", b"RIFF what a visitor said " * 40


def visit() -> None:
    """A visitor makes an entry with a recording, a draft, an account and a changed setting."""
    hana = sessions.find(state.sign_in())
    draft = NewEntry(mood="anger", intensity=5, day=TODAY, timezone="Asia/Seoul", note="a visitor was here")
    entries.add(hana, draft, media=[media.NewMedium("sound", SOUND)])
    drafts.save(hana, {"note": "half a line"})
    accounts.set_language(hana, "ko")
    accounts.sign_up(
        accounts.NewAccount(
            SECRET_NAME,
            PASSWORD,
            born=date(1990, 1, 1),
            allowed=[consents.DIARY],
            language="en",
            timezone="Asia/Seoul",
        ),
        today=TODAY,
        address="192.0.2.7",
    )


def snapshot() -> dict[str, list]:
    with database.connect() as db:
        # Signing in by one click makes a session and is counted among the tries.
        tables = [table for table in db.table_names() if table not in ("sessions", "tries")]
        return {table: sorted(map(repr, db[table].rows)) for table in tables}


def test_the_story_is_in_the_diary_with_what_the_models_said(demo: Path) -> None:
    hana = sessions.find(state.sign_in())
    kept = entries.every(hana)
    assert len(kept) == 110
    assert hana.language == "en"
    assert consents.given(hana.account_id) == {"diary", *consents.OPTIONAL}
    by_entry = {entry.id: readings.of_entry(hana, entry.id) for entry in kept}
    corrected = [entry for entry in kept if by_entry[entry.id] and by_entry[entry.id][-1].label != entry.mood]
    assert len(corrected) >= 10
    assert all(entry.created_at == entry.happened_at for entry in kept)
    assert {reading.source for of_one in by_entry.values() for reading in of_one} == {
        "voice",
        "face",
        "words",
        "fusion",
    }


def test_she_said_something_of_the_music(demo: Path) -> None:
    said = music_feedback.every(sessions.find(state.sign_in()))
    assert {"heard", "liked", "better"} <= {saying["said"] for saying in said}
    assert [saying["at"] for saying in said] == sorted(saying["at"] for saying in said)
    assert all(saying["at"] < TODAY.isoformat() for saying in said)


def test_a_reset_leaves_nothing_of_a_visitor(demo: Path) -> None:
    sessions.end(state.sign_in())
    before = snapshot()
    visit()
    assert snapshot() != before
    (demo / "backups").mkdir(exist_ok=True)
    (demo / "backups" / "haru-old.db").write_bytes(SECRET_NAME.casefold().encode())
    SearchCache(demo / "youtube.db").put("what Zzyzx wanted to hear", [])
    token = state.reset()
    assert not (demo / "youtube.db").exists()
    assert snapshot() == before
    hana = sessions.find(token)
    assert hana.name == "Hana"
    assert len(signed_in_browsers.browsers(hana)) == 1
    for file in demo.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert SECRET_NAME.encode() not in content, file.name
            assert SECRET_NAME.casefold().encode() not in content, file.name


def test_a_reset_ends_every_other_session(demo: Path) -> None:
    other = state.sign_in()
    state.reset()
    assert sessions.find(other) is None


def test_what_another_tab_was_still_writing_does_not_come_back(demo: Path) -> None:
    elsewhere = sessions.find(state.sign_in())
    hana = sessions.find(state.reset())
    with pytest.raises(errors.SessionEnded):
        drafts.save(elsewhere, {"note": "half a line"})
    assert drafts.load(hana) is None


def test_a_deleted_account_or_changed_password_locks_nobody_out(demo: Path) -> None:
    accounts.delete(sessions.find(state.sign_in()))
    assert len(entries.every(sessions.find(state.sign_in()))) == 110
    accounts.change_password(sessions.find(state.sign_in()), state.PASSWORD, "quite another password")
    assert len(entries.every(sessions.find(state.sign_in()))) == 110


def test_the_snapshot_holds_no_session(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    with sqlite3.connect(demo / state.SNAPSHOT) as copy:
        assert copy.execute("select count(*) from sessions").fetchone() == (0,)
        assert copy.execute("select count(*) from entries").fetchone() == (110,)


def test_a_real_diary_is_never_a_demo(person: sessions.Session) -> None:
    entries.add(person, NewEntry(mood="happiness", intensity=3, day=TODAY, timezone="Asia/Seoul", note="mine"))
    assert not state.is_on()
    with pytest.raises(OSError, match=state.MARKER):
        state.reset()
    with pytest.raises(OSError, match=state.MARKER):
        state.sign_in()
    with pytest.raises(FileExistsError, match="not empty"):
        build("en")
    assert [entry.note for entry in entries.every(person)] == ["mine"]


def test_a_demo_that_cannot_be_read_says_so(demo: Path) -> None:
    (demo / state.SNAPSHOT).write_bytes(b"not a database at all" * 100)
    with pytest.raises(errors.DatabaseError):
        state.reset()
