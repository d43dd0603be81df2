"""A diary of an earlier Haru, without a ledger, is adopted once."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from diary import (
    accounts,
    app_lock,
    database,
    entries,
    ledger_check,
    sessions,
    trackers,
    transcripts,
    vault,
)
from diary.ledger_check import Finding
from diary.sessions import Session
from tests.conftest import PASSWORD
from tests.diary.ledger.rows import DAY, HERE, WORDS, found, new


@pytest.fixture
def of_version_0(diary: Session, monkeypatch: pytest.MonkeyPatch) -> str:
    """The diary as before padding and ledgers; returns the token of a session of that time."""
    token = "t" * 43

    def unpadded(self: vault.Vault, plain: bytes, about: str) -> bytes:
        nonce = os.urandom(12)
        return b"\x01" + nonce + AESGCM(self._data_key).encrypt(nonce, plain, about.encode())

    with monkeypatch.context() as earlier:
        earlier.setattr(vault.Vault, "seal", unpadded)
        with database.transaction() as db:
            for table in ("ledgers", "proofs", "sessions"):
                db.execute(f"delete from {table}")
            for entry_id, sealed in db.execute("select id, sealed from entries").fetchall():
                again = diary.vault.seal(diary.vault.open(sealed, f"entry {entry_id}"), f"entry {entry_id}")
                db.execute("update entries set sealed = ? where id = ?", [again, entry_id])
            for each in trackers._every(db, diary):
                db.execute("update trackers set sealed = ?", [trackers._seal(diary, each)])
                value = trackers.value_row(diary, each.id, DAY, 400)
                db.execute("update tracker_values set sealed = ?", [value["sealed"]])
            for medium_id, entry_id in db.execute("select id, entry_id from media where kind = 'sound'").fetchall():
                row = transcripts.as_row(diary, medium_id, entry_id, WORDS, database.now())
                db.execute("update transcripts set sealed = ?", [row["sealed"]])
            db.execute("update readings set sealed = null, quality = '{\"seconds\": 1.0}'")
            db.execute("update accounts set has_clear_qualities = 1")
            salt = b"0" * 16
            key = diary.vault.wrap_for(vault.key_from_password(PASSWORD, salt), diary.account_id)
            db.execute("update accounts set key_by_password = ?, password_salt = ?", [key, salt])
            expires = database.timestamp(sessions.datetime.now(sessions.UTC) + timedelta(days=1))
            db.table("sessions").insert(
                {
                    "token_hash": sessions._hash(token),
                    "account_id": diary.account_id,
                    "data_key": diary.vault.wrap_for(vault.key_from_token(token), diary.account_id),
                    "created_at": database.now(),
                    "last_seen_at": database.now(),
                    "expires_at": expires,
                }
            )
    return token


def test_an_earlier_diary_is_adopted_at_the_next_sign_in(of_version_0: str) -> None:
    session = sessions.find(accounts.sign_in("Jiwoo", PASSWORD, address=HERE))
    assert session is not None
    assert found(session) == Finding(changes=0)
    assert {entry.note for entry in entries.every(session)} == {"a line", "another line"}
    (tracker,) = trackers.every(session)
    assert (tracker.name, trackers.of_day(session, DAY)) == ("sleep", {tracker.id: 400})
    assert transcripts.untranscribed(session) == []
    with database.connect() as db:
        for table in ("entries", "readings", "trackers", "tracker_values", "transcripts"):
            lengths = {length for (length,) in db.execute(f"select length(sealed) from {table}")}
            assert lengths == {vault.sealed_lengths(1)[0]}, table
        (key,) = db.execute("select key_by_password from accounts").fetchone()
    assert not vault.is_unpadded(key)


def test_or_when_a_browser_that_is_still_signed_in_opens_it(of_version_0: str) -> None:
    session = sessions.find(of_version_0)
    assert session is not None
    assert found(session) == Finding(changes=0)
    assert not any(entry.is_altered for entry in entries.every(session))


def test_or_at_its_next_change(of_version_0: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as failing:  # a full disk
        failing.setattr(sessions, "_complete", lambda *_: None)
        session = sessions.find(of_version_0)
    assert session is not None
    assert ledger_check.check(session) is None
    assert not any(entry.is_altered for entry in entries.every(session))
    entries.add(session, new("the first one since"))
    assert found(session) == Finding(changes=1)


def test_or_when_a_locked_browser_is_opened(of_version_0: str) -> None:
    """Which seals a copy of the key anew: that must not look as if there had been a ledger."""
    app_lock.lock(sessions._hash(of_version_0))
    app_lock.unlock_with_password(of_version_0, PASSWORD)
    session = sessions.find(of_version_0)
    assert session is not None
    assert found(session) == Finding(changes=0)


def test_an_adopted_diary_is_not_adopted_again(of_version_0: str) -> None:
    session = sessions.find(of_version_0)
    assert session is not None
    entries.add(session, new("the first one since"))
    with database.transaction() as db:
        for table in ("ledgers", "proofs"):
            db.execute(f"delete from {table}")
        db.execute("update entries set mood = 'happiness'")
    entries.add(session, new("the next one"))
    assert not found(session).is_complete
