from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from diary import (
    accounts,
    consents,
    corrections,
    database,
    drafts,
    entries,
    errors,
    music_feedback,
    sessions,
    signed_in_browsers,
)
from diary.entries import NewEntry
from diary.sessions import Session
from tests.conftest import PASSWORD


@pytest.fixture
def token(sign_up) -> str:
    return sign_up()


def move_clock(column: str, back: timedelta) -> None:
    with database.connect() as db, db.atomic():
        db.execute(f"update sessions set {column} = ?", [database.timestamp(datetime.now(UTC) - back)])


def test_the_token_is_stored_nowhere(token: str, data_folder: Path) -> None:
    assert sessions.find(token)
    for file in data_folder.rglob("*"):
        if file.is_file():
            assert token.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    "rubbish", [None, "", "x", 7, object(), "가" * 43, "x" * 43, "\ud800" * 43, "x" * 1_000_000, b"bytes", ["list"]]
)
def test_whatever_else_a_cookie_holds_is_nobody(token: str, rubbish: object) -> None:
    assert sessions.find(rubbish) is None
    sessions.end(rubbish)


def test_ended_is_ended(token: str) -> None:
    person = sessions.find(token)
    assert sessions.is_open(person)
    sessions.end(token)
    assert sessions.find(token) is None
    assert not sessions.is_open(person)


@pytest.mark.parametrize(
    "write",
    [
        lambda person: entries.add(person, NewEntry(mood="fear", intensity=3, day=date(2026, 11, 1), timezone="UTC")),
        lambda person: drafts.save(person, {"note": "half a line"}),
        lambda person: consents.set_given(person, "voice", True),
        lambda person: accounts.set_language(person, "ko"),
        lambda person: accounts.recovery_code(person),
        lambda person: corrections.set_learning(person, False),
        lambda person: music_feedback.SOURCE.choose(person, "local"),
    ],
)
def test_whoever_was_signed_out_meanwhile_writes_nothing(token: str, write: Callable[[Session], object]) -> None:
    """A page that was on its way when another tab signed out, or left for good, or started the demo over."""
    person = sessions.find(token)
    sessions.end(token)
    before = rows()
    with pytest.raises(errors.SessionEnded):
        write(person)
    assert rows() == before


def rows() -> dict[str, list[str]]:
    with database.connect() as db:
        return {table: sorted(map(repr, db[table].rows)) for table in db.table_names()}


def test_ending_everywhere(token: str) -> None:
    other = accounts.sign_in("Jiwoo", PASSWORD, address="a")
    assert len(signed_in_browsers.browsers(sessions.find(token))) == 2
    sessions.end_all(sessions.find(token).account_id)
    assert sessions.find(token) is None
    assert sessions.find(other) is None


def test_a_session_lives_while_it_is_used(token: str) -> None:
    move_clock("last_seen_at", sessions.IDLE_LIMIT - timedelta(hours=1))
    assert sessions.find(token)
    with database.connect() as db:  # and finding it moved its clock forward
        seen = datetime.fromisoformat(next(db["sessions"].rows)["last_seen_at"])
    assert datetime.now(UTC) - seen < timedelta(minutes=1)


def test_an_idle_session_ends(token: str) -> None:
    move_clock("last_seen_at", sessions.IDLE_LIMIT + timedelta(seconds=1))
    assert sessions.find(token) is None


def test_a_session_expires_however_much_it_is_used(token: str) -> None:
    move_clock("expires_at", timedelta(seconds=1))
    assert sessions.find(token) is None


def test_a_session_row_copied_to_another_account_opens_nothing(token: str, stranger: Session) -> None:
    """Somebody who can write to the database still cannot read another's diary."""
    with database.connect() as db, db.atomic():
        db.execute(
            "update sessions set account_id = ? where token_hash = ?",
            [stranger.account_id, sessions.find(token).token_hash],
        )
    assert sessions.find(token) is None


def test_an_unknown_token_of_the_right_shape(token: str) -> None:
    assert sessions.find(secrets.token_urlsafe(32)) is None
