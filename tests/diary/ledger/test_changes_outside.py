"""What is changed in the file outside Haru is noticed."""

from __future__ import annotations

import pytest

from diary import (
    accounts,
    database,
    entries,
    errors,
    ledger_check,
    sessions,
    trackers,
)
from diary.sessions import Session
from diary.trackers import Tracker
from tests.conftest import PASSWORD
from tests.diary.ledger.rows import HERE, ZONE, found, in_file, new


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
