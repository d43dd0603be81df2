"""What is changed in the file outside Haru is noticed; what Haru changes itself never is."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from diary import (
    accounts,
    app_lock,
    consents,
    database,
    entries,
    errors,
    ledger,
    ledger_check,
    media,
    photos,
    sessions,
    trackers,
    transcripts,
    vault,
)
from diary.deletions import Deletion
from diary.entries import NewEntry
from diary.ledger_check import Finding
from diary.media import NewMedium
from diary.photos import NewPhoto
from diary.sessions import Session
from diary.trackers import Tracker
from diary.transfer import detect, export, importing
from emotions import EMOTIONS
from reading import Reading
from stt.transcript import Transcript
from tests.conftest import PASSWORD
from tests.diary.transfer.conftest import JPEG, WAV

ZONE = "Asia/Seoul"
DAY = date(2026, 1, 2)
WORDS = Transcript(segments=(), seconds=1.0, language="ko", language_probability=0.9, model="test")
HERE = "192.0.2.1"
PROJECT = Path(__file__).parents[2]


def new(note: str = "a line", **changes: Any) -> NewEntry:
    return NewEntry(**{"mood": "fear", "intensity": 3, "day": DAY, "timezone": ZONE, "note": note} | changes)


def reading(source: str = "words") -> Reading:
    return Reading(dict.fromkeys(EMOTIONS, 1 / 7), sure=False, quality={"seconds": 1.0}, source=source, model="m")


def in_file(sql: str, *values: object) -> None:
    """Changes the file as somebody does who has no key."""
    with database.transaction() as db:
        db.execute(sql, values)


def found(session: Session) -> Finding:
    finding = ledger_check.check(session)
    assert finding is not None
    return finding


@pytest.fixture
def diary(person: Session) -> Session:
    """With a row of each kind."""
    consents.set_given(person, "media", True)
    kept = [NewMedium("sound", WAV, WORDS), NewMedium("picture", JPEG)]
    entries.add(person, new(), readings=[reading(), reading("voice")], media=kept, photos=[NewPhoto(JPEG)])
    entries.add(person, new("another line"))
    tracker = trackers.add(person, Tracker("sleep", "💤", "minutes"))
    trackers.set_value(person, tracker, DAY, 400, ZONE)
    return person


class Person:
    """Does something with their diary, at random."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.random = session, random.Random(seed)
        self.deletions: list[Deletion] = []
        self.export = b""
        self.acts = [
            self.add,
            self.add,
            self.change,
            self.change_note,
            self.add_photo,
            self.write_down,
            lambda: self.delete(entries.delete, self.entries),
            lambda: self.delete(media.delete, self.media),
            lambda: self.delete(photos.delete, self.photos),
            lambda: self.delete(trackers.delete, self.trackers),
            self.undo,
            self.add_tracker,
            self.change_tracker,
            self.set_value,
            self.clear_value,
            self.take_consent_back,
            self.export_all,
            self.import_all,
            self.accept,
        ]

    def act(self) -> None:
        # Refusals are a part of it: they must change neither rows nor ledger.
        with suppress(errors.DiaryError, IndexError):
            self.random.choice(self.acts)()

    @property
    def entries(self) -> list[str]:
        return [entry.id for entry in entries.every(self.session)]

    @property
    def media(self) -> list[str]:
        return [stored.id for each in self.entries for stored in media.of_entry(self.session, each)]

    @property
    def photos(self) -> list[str]:
        return [stored.id for each in self.entries for stored in photos.of_entry(self.session, each)]

    @property
    def trackers(self) -> list[str]:
        return [tracker.id for tracker in trackers.every(self.session)]

    def add(self) -> None:
        consents.set_given(self.session, "media", True)
        kept = [NewMedium("sound", WAV, WORDS), NewMedium("picture", JPEG)][: self.random.randrange(3)]
        entries.add(self.session, new(), readings=[reading()] * self.random.randrange(3), media=kept)

    def change(self) -> None:
        entry = entries.get(self.session, self.random.choice(self.entries))
        readings = self.random.choice([None, [reading("face")]])
        entries.change(self.session, entry.id, entry.version, new("changed", intensity=5), readings)

    def change_note(self) -> None:
        entry = entries.get(self.session, self.random.choice(self.entries))
        entries.change_note(self.session, entry.id, entry.version - self.random.randrange(2), "words")

    def add_photo(self) -> None:
        entry = entries.get(self.session, self.random.choice(self.entries))
        entries.change(self.session, entry.id, entry.version, new(), photos=[NewPhoto(JPEG)])

    def write_down(self) -> None:
        transcripts.save(self.session, self.random.choice(self.media), WORDS)

    def delete(self, delete: Callable[[Session, str], Deletion], ids: list[str]) -> None:
        self.deletions.append(delete(self.session, self.random.choice(ids)))

    def undo(self) -> None:
        self.random.shuffle(self.deletions)
        self.deletions.pop().undo(self.session)

    def add_tracker(self) -> None:
        trackers.add(self.session, Tracker(f"tracker {self.random.randrange(20)}", "💤", "minutes"))

    def change_tracker(self) -> None:
        trackers.change(self.session, self.random.choice(self.trackers), f"n {self.random.randrange(20)}", "💊")
        trackers.move(self.session, self.random.choice(self.trackers), self.random.randint(-2, 2))

    def set_value(self) -> None:
        day = DAY - timedelta(days=self.random.randrange(3))
        trackers.set_value(self.session, self.random.choice(self.trackers), day, self.random.randrange(90), ZONE)

    def clear_value(self) -> None:
        trackers.clear_value(self.session, self.random.choice(self.trackers), DAY)

    def take_consent_back(self) -> None:
        if self.random.random() < 0.3:
            consents.set_given(self.session, "media", False)

    def export_all(self) -> None:
        self.export = export.as_zip(self.session)

    def import_all(self) -> None:
        if self.export:
            file = detect.read(self.export, ZONE)
            importing.run_import(self.session, file, importing.plan(self.session, file, {}, zone=ZONE))

    def accept(self) -> None:
        ledger_check.accept(self.session)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_a_person_does_the_diary_matches_its_ledger(person: Session, stranger: Session, seed: int) -> None:
    somebody, beside = Person(person, seed), Person(stranger, seed + 100)
    changes = 0
    for _ in range(60):
        somebody.act()
        beside.act()
        finding = found(person)
        assert finding.fits
        assert finding.changes >= changes
        changes = finding.changes
    assert changes > 10
    assert found(stranger).fits
    assert not any(entry.is_altered for entry in entries.every(person))


def test_one_change_counts_once(person: Session) -> None:
    before = found(person).changes
    entries.add(person, new(), readings=[reading()] * 3)
    assert found(person).changes == before + 1
    consents.set_given(person, "voice", True)  # nothing that the ledger covers
    assert found(person).changes == before + 1


@pytest.mark.parametrize(
    "change",
    [
        "mood = 'happiness'",
        "intensity = 5",
        "day = '2020-01-01'",
        "happened_at = '2020-01-01T00:00:00.000000+00:00'",
        "time_known = 1 - time_known",
        "timezone = 'UTC'",
        "source = 'fusion'",
        "version = version + 1",
        "created_at = '2020-01-01T00:00:00.000000+00:00'",
        "updated_at = '2020-01-01T00:00:00.000000+00:00'",
    ],
)
def test_a_changed_column_marks_its_entry_and_hides_no_word(diary: Session, change: str) -> None:
    entry_id = entries.every(diary)[0].id
    in_file(f"update entries set {change} where id = ?", entry_id)
    altered = entries.get(diary, entry_id)
    assert altered.is_altered
    assert altered.note
    assert not altered.is_damaged
    assert sum(entry.is_altered for entry in entries.every(diary)) == 1
    assert not found(diary).fits
    assert found(diary).altered_entries == 1


def test_an_entry_that_the_person_looked_through_and_kept_counts_again(diary: Session) -> None:
    entry = entries.every(diary)[0]
    in_file("update entries set mood = 'happiness' where id = ?", entry.id)
    with pytest.raises(errors.EntryAltered):
        entries.change_note(diary, entry.id, entry.version, "written by a program")
    entries.change(diary, entry.id, entry.version, new("looked through"))
    assert not entries.get(diary, entry.id).is_altered
    assert found(diary).fits


@pytest.mark.parametrize(
    "change",
    [
        "update readings set happiness = 0.9, fear = 0 where source = 'voice'",
        "update media set kind = 'picture' where kind = 'sound'",
        "update photos set id = 'x'",
        "update transcripts set created_at = '2020-01-01T00:00:00.000000+00:00'",
        "update trackers set created_at = '2020-01-01T00:00:00.000000+00:00'",
        "update tracker_values set day = '2025-01-01'",
        "update media set sealed = zeroblob(length(sealed))",
        "update proofs set proof = zeroblob(32) where kind = 'readings'",
    ],
)
def test_a_change_of_what_belongs_to_entries_is_noticed(diary: Session, change: str) -> None:
    in_file(change)
    assert found(diary).altered_others
    assert not found(diary).fits


@pytest.mark.parametrize(
    "table", ["entries", "readings", "media", "photos", "transcripts", "trackers", "tracker_values"]
)
@pytest.mark.parametrize("with_proofs", [False, True])
def test_a_removed_row_is_noticed(diary: Session, table: str, with_proofs: bool) -> None:
    with database.transaction() as db:
        db.execute(f"delete from {table} where rowid = (select max(rowid) from {table})")
        if with_proofs:
            db.execute("delete from proofs where kind = ?", [table])
    finding = found(diary)
    assert not finding.fits
    assert finding.missing or not finding.is_complete


def test_a_row_that_was_added_is_noticed(diary: Session) -> None:
    with database.transaction() as db:
        row = dict(next(db.query("select * from entries limit 1")))
        db.table("entries").insert(row | {"id": "f" * 32})
    assert found(diary).altered_entries == 1


def test_an_older_note_that_is_put_back_is_noticed(diary: Session) -> None:
    entry = entries.every(diary)[0]
    with database.connect() as db:
        (old,) = db.query("select * from entries where id = ?", [entry.id])
        (old_proof,) = db.query("select * from proofs where row_id = ?", [entry.id])
    entries.change(diary, entry.id, entry.version, new("newer words"))
    in_file("update entries set sealed = ? where id = ?", old["sealed"], entry.id)
    assert entries.get(diary, entry.id).is_altered
    assert entries.get(diary, entry.id).note == entry.note
    assert found(diary).altered_entries == 1
    # The whole old row with its own old proof: the entry itself looks right.
    with database.transaction() as db:
        db.table("entries").update(entry.id, old)
        db.execute("update proofs set proof = ? where row_id = ?", [old_proof["proof"], entry.id])
    assert not entries.get(diary, entry.id).is_altered
    finding = found(diary)
    assert (finding.altered_entries, finding.missing, finding.is_complete) == (0, 0, False)
    entries.add(diary, new("a later change does not hide it"))
    assert not found(diary).is_complete


def test_moving_a_tracker_does_not_vouch_for_an_older_name(diary: Session) -> None:
    (tracker,) = trackers.every(diary)
    with database.connect() as db:
        (old,) = db.query("select sealed from trackers")
    trackers.change(diary, tracker.id, "sleep at night", "💤")
    trackers.add(diary, Tracker("steps", "👣", "count"))
    in_file("update trackers set sealed = ? where id = ?", old["sealed"], tracker.id)
    trackers.move(diary, tracker.id, 1)
    assert found(diary).altered_others == 1


def test_what_the_person_compared_counts(diary: Session) -> None:
    in_file("delete from entries where id = ?", entries.every(diary)[0].id)
    changes = found(diary).changes
    ledger_check.accept(diary)
    assert found(diary).fits
    assert found(diary).changes == changes + 1


@pytest.mark.parametrize("proofs_too", [False, True])
def test_a_ledger_cannot_be_taken_away_to_be_made_anew(diary: Session, proofs_too: bool) -> None:
    in_file("update entries set mood = 'happiness'")
    in_file("delete from ledgers")
    if proofs_too:
        in_file("delete from proofs")
    entries.add(diary, new("the next change"))
    assert not found(diary).is_complete
    assert sum(entry.is_altered for entry in entries.every(diary)) == 2
    token = accounts.sign_in("Jiwoo", PASSWORD, address=HERE)
    again = sessions.find(token)
    assert again is not None
    assert not found(again).is_complete
    ledger_check.accept(again)
    assert found(again).fits


def test_not_even_in_an_empty_diary(person: Session) -> None:
    in_file("delete from ledgers")
    accounts.sign_in("Jiwoo", PASSWORD, address=HERE)
    assert not found(person).is_complete


def test_the_ledger_of_another_account_does_not_open(diary: Session, stranger: Session) -> None:
    with database.transaction() as db:
        (theirs,) = db.execute("select sealed from ledgers where account_id = ?", [stranger.account_id]).fetchone()
        db.execute("update ledgers set sealed = ? where account_id = ?", [theirs, diary.account_id])
    entries.add(diary, new("goes on"))
    assert not found(diary).is_complete
    assert not any(entry.is_altered for entry in entries.every(diary))
    assert found(stranger).fits


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
        for table in ("entries", "trackers", "tracker_values", "transcripts"):
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


def test_a_session_without_a_key_changes_nothing_of_the_ledger(diary: Session) -> None:
    """As that of a program whose token may not read notes."""

    class NoVault:
        def __getattr__(self, name: str) -> None:
            raise errors.Unopenable()

    keyless = Session(diary.account_id, "", "en", ZONE, NoVault(), diary.token_hash)  # type: ignore[arg-type]
    with sessions.transaction(keyless) as db:
        db.execute("update accounts set language = 'ko' where id = ?", [diary.account_id])
    with pytest.raises(errors.Unopenable), sessions.transaction(keyless) as db:
        db.execute("update entries set mood = 'happiness'")
    assert found(diary).fits


def test_a_restored_backup_frightens_nobody(diary: Session, tmp_path: Path) -> None:
    saved = tmp_path / "backup.db"
    database.backup(saved)
    entries.add(diary, new("after the backup"))
    for file in tmp_path.glob("haru.db*"):
        file.unlink()
    saved.rename(database.path())
    assert found(diary).fits
    assert not any(entry.is_altered for entry in entries.every(diary))


_WRITER = """
import sys
from datetime import date
from diary import entries, sessions
from diary.entries import NewEntry
session = sessions.find(sys.argv[1])
while True:
    new = NewEntry("fear", 3, date(2026, 1, 2), "Asia/Seoul", note="x" * 2000)
    entries.add(session, new)
    entries.change(session, new.id, 1, new)
    print(flush=True)
    entries.delete(session, new.id).undo(session)
"""


def test_kills_at_any_moment_leave_diary_and_ledger_together(sign_up: Callable[..., str]) -> None:
    token = sign_up()
    session = sessions.find(token)
    assert session is not None
    chance = random.Random(7)
    for _ in range(3):
        command = [sys.executable, "-c", _WRITER, token]
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            for _ in range(chance.randrange(1, 4)):
                writer.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                writer.wait(chance.uniform(0, 0.03))
            writer.send_signal(signal.SIGKILL)
        assert found(session).fits
    assert found(session).changes >= 6
    assert ledger_check.check(session) is not None
    assert ledger.total([]) == "0" * 64
