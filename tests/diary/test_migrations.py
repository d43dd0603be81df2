"""A database of an earlier Haru keeps every row when a later one opens it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Migrations

from diary import consents, database, drafts, entries, media, migrations, sessions, transcripts, vault
from diary.consents import OPTIONAL
from diary.drafts import Draft
from tests.diary.transfer.conftest import WAV

NOW = "2026-01-02T03:04:05.000006+00:00"
ACCOUNT = "a" * 32


def up_to(name: str) -> Migrations:
    """The migrations that an earlier Haru had, the last one included."""
    earlier = Migrations("haru")
    for step in migrations.migrations._migrations:
        earlier(name=step.name)(step.fn)
        if step.name == name:
            return earlier
    raise AssertionError(f"there is no migration {name}")


def test_the_steps_are_numbered_in_the_order_in_which_they_are_applied() -> None:
    steps = migrations.migrations._migrations
    assert [int(step.name[:4]) for step in steps] == list(range(1, len(steps) + 1))
    assert [step.fn.__module__.rpartition(".")[2] for step in steps] == [f"m{step.name}" for step in steps]


@pytest.fixture
def of_version_8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> vault.Vault:
    """A database before speech to text, with an account, its consents, an entry and a recording; returns its key."""
    monkeypatch.setenv("HARU_DATA", str(tmp_path))
    with monkeypatch.context() as earlier:
        earlier.setattr(database, "migrations", up_to("0008_music"))
        database.prepare()
    key = vault.new()
    with database.transaction() as db:
        db["accounts"].insert(
            {
                "id": ACCOUNT,
                "name": "jiwoo",
                "shown_name": "Jiwoo",
                "password_hash": "h",
                "password_salt": b"s",
                "key_by_password": b"k",
                "language": "ko",
                "timezone": "Asia/Seoul",
                "created_at": NOW,
            }
        )
        db["consents"].insert_all(
            [
                {"account_id": ACCOUNT, "kind": "diary", "given_at": NOW, "withdrawn_at": None},
                {"account_id": ACCOUNT, "kind": "voice", "given_at": NOW, "withdrawn_at": NOW},
                {"account_id": ACCOUNT, "kind": "media", "given_at": NOW, "withdrawn_at": None},
            ]
        )
        db["entries"].insert(
            {
                "id": "e" * 32,
                "account_id": ACCOUNT,
                "day": "2026-01-02",
                "happened_at": NOW,
                "time_known": 1,
                "timezone": "Asia/Seoul",
                "mood": "fear",
                "intensity": 2,
                "source": "hand",
                "sealed": key.seal_json({"note": "비", "tags": []}, f"entry {'e' * 32}"),
                "version": 1,
                "created_at": NOW,
                "updated_at": NOW,
            }
        )
        db["media"].insert(
            {
                "id": "d" * 32,
                "entry_id": "e" * 32,
                "kind": "sound",
                "mime": "audio/wav",
                "sealed": key.seal(WAV, f"medium {'d' * 32} of entry {'e' * 32}"),
                "created_at": NOW,
            }
        )
    return key


def test_consents_and_recordings_stay_when_transcripts_come(of_version_8: vault.Vault) -> None:
    before = consents.history(ACCOUNT)
    assert len(before) == 3
    database.prepare()
    assert consents.history(ACCOUNT) == before
    assert consents.given(ACCOUNT) == {"diary", "media"}  # and nobody allowed to write recordings down
    session = sessions.find(sessions.start(ACCOUNT, of_version_8))
    assert session is not None
    (entry,) = entries.every(session)
    (medium,) = media.of_entry(session, entry.id)
    assert media.content(session, medium.id) == WAV
    assert [found.medium_id for found in transcripts.untranscribed(session)] == [medium.id]


def test_the_new_table_of_consents_is_as_strict_as_the_old_one(of_version_8: vault.Vault) -> None:
    database.prepare()
    session = sessions.find(sessions.start(ACCOUNT, of_version_8))
    assert session is not None
    for kind in {*OPTIONAL, "transcript"}:
        consents.set_given(session, kind, True)
    with database.connect() as db:
        names = {row[0] for row in db.execute("select name from sqlite_master where type in ('table', 'index')")}
        assert {"consents", "consents_by_account"} <= names
        assert "consents_new" not in names
        with pytest.raises(sqlite3.IntegrityError):
            db.execute("insert into consents (account_id, kind, given_at) values (?, 'else', ?)", [ACCOUNT, NOW])
        db["accounts"].delete(ACCOUNT)
        assert db["consents"].count == 0


def test_the_backup_before_the_migration_has_every_row(of_version_8: vault.Vault, tmp_path: Path) -> None:
    database.prepare()
    (saved,) = (tmp_path / "backups").iterdir()
    with sqlite3.connect(saved) as copy:
        assert copy.execute("select count(*) from consents").fetchone() == (3,)
        assert copy.execute("select count(*) from media").fetchone() == (1,)


def test_a_draft_of_an_earlier_version_is_the_new_entrys(of_version_8: vault.Vault) -> None:
    content = {"id": "f" * 32, "fields": {"note": "half a thought", "day": "2026-01-01"}, "readings": []}
    with database.transaction() as db:
        db["drafts"].insert(
            {
                "account_id": ACCOUNT,
                "sealed": of_version_8.seal_json(content, f"draft of {ACCOUNT}"),
                "updated_at": NOW,
            }
        )
    database.prepare()
    session = sessions.find(sessions.start(ACCOUNT, of_version_8))
    assert session is not None
    assert drafts.load(session) == Draft(content, version=1)
    assert drafts.save_if_unchanged(session, content, drafts.NEW_ENTRY, 1) == 2
