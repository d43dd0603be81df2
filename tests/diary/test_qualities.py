"""No measure of a voice stands in the file, also of a diary that an earlier version wrote."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from diary import accounts, database, entries, ledger, ledger_check, qualities, readings, sealed_parts, sessions
from diary.entries import NewEntry
from diary.ledger_check import Finding
from diary.sessions import Session
from diary.transfer import detect, export, import_plan, importing
from emotions import EMOTIONS
from reading import Reading
from tests.conftest import PASSWORD

PROJECT = Path(__file__).parents[2]
ZONE, HERE = "Asia/Seoul", "192.0.2.1"
STEP = "0027_sealed_qualities"
PITCH = 187.31846529
QUALITY = {"weight": 0.75, "pitch_hz": PITCH, "loudness_db": -23.5}


def keep(session: Session, *pitches: float) -> str:
    """Stores an entry with a reading of the voice for each pitch."""
    scores = dict.fromkeys(EMOTIONS, 1 / 7)
    voices = [
        Reading(scores, False, QUALITY | {"pitch_hz": pitch}, "voice", "voice 1") for pitch in pitches or (PITCH,)
    ]
    fused = Reading(scores, False, {"doubt": 0.25}, "fusion", "fusion 1")
    return entries.add(session, NewEntry("fear", 3, date(2026, 1, 2), ZONE, note="a line"), readings=[*voices, fused])


def voices(session: Session) -> list[float]:
    return [quality["pitch_hz"] for quality in readings.latest_qualities(session, "voice", 1000)]


def is_in_file(folder: Path, pitch: float = PITCH) -> bool:
    files = (file for file in folder.glob("haru.db*") if file.is_file())
    return any(str(pitch).encode() in file.read_bytes() for file in files)


def proof_of_version_26(session: Session, row: tuple) -> bytes:
    return session.vault.proof(json.dumps(["readings", *row]).encode())


def back_to_version_26(*sessions_: Session) -> None:
    """The file as the version before this step left it: the same rows in clear, with proofs of that version."""
    columns = f"id, entry_id, source, model, sure, {', '.join(EMOTIONS)}, quality, created_at"
    with database.transaction() as db:
        for session in sessions_:
            mine = "entry_id in (select id from entries where account_id = ?)"
            for row in list(db.query(f"select * from readings where {mine}", [session.account_id])):
                clear = json.dumps(qualities.of_row(session.vault, row))
                db.execute("update readings set quality = ?, sealed = null where id = ?", [clear, row["id"]])
            ledger.accept(db, session.account_id, session.vault)
            for row in db.execute(f"select {columns} from readings where {mine}", [session.account_id]).fetchall():
                (proof,) = db.execute(
                    "select proof from proofs where account_id = ? and kind = 'readings' and row_id = ?",
                    [session.account_id, str(row[0])],
                ).fetchone()
                assert proof == proof_of_version_26(session, row)
        db.execute("alter table readings drop column sealed")
        db.execute("alter table accounts drop column has_clear_qualities")
        db.execute("delete from _sqlite_migrations where name = ?", [STEP])


@pytest.fixture
def earlier(person: Session, data_folder: Path) -> Session:
    """A person whose two entries an earlier version stored; this version has migrated the file since."""
    keep(person)
    keep(person, PITCH + 1)
    back_to_version_26(person)
    database.prepare()
    assert is_in_file(data_folder)
    return person


def test_nothing_that_was_measured_is_in_the_file(person: Session, data_folder: Path) -> None:
    entry_id = keep(person)
    assert readings.of_entry(person, entry_id)[0].quality == QUALITY
    assert voices(person) == [PITCH]
    assert not is_in_file(data_folder)
    with database.connect() as db:
        lengths = {length for (length,) in db.execute("select length(sealed) from readings")}
    assert len(lengths) == 1  # nor do lengths tell the sources apart


def test_it_opens_in_its_own_place_only(person: Session) -> None:
    one, other = keep(person), keep(person, 99.0)
    with database.transaction() as db:
        db.execute(
            "update readings set sealed = (select sealed from readings where entry_id = ? and source = 'voice') "
            "where entry_id = ? and source = 'voice'",
            [one, other],
        )
    assert [reading.source for reading in readings.of_entry(person, other)] == ["fusion"]
    finding = ledger_check.check(person)
    assert finding is not None
    assert finding.altered_others == 1


def test_an_earlier_diary_is_sealed_at_the_next_sign_in(earlier: Session, data_folder: Path) -> None:
    session = sessions.find(accounts.sign_in("Jiwoo", PASSWORD, address=HERE))
    assert session is not None
    assert not is_in_file(data_folder)
    assert not is_in_file(data_folder, PITCH + 1)
    assert voices(session) == [PITCH + 1, PITCH]
    finding = ledger_check.check(session)
    assert finding is not None
    assert finding.fits
    with database.connect() as db:
        assert db.execute("select distinct quality from readings").fetchall() == [("",)]
    assert sealed_parts.by_account()[session.account_id].damaged == 0


def test_or_when_a_browser_that_is_still_signed_in_opens_it(sign_up: Callable[..., str], data_folder: Path) -> None:
    token = sign_up()
    session = sessions.find(token)
    assert session is not None
    keep(session)
    back_to_version_26(session)
    database.prepare()
    assert voices(session) == [PITCH]  # it reads in clear, too: the disk may be too full to seal it
    assert sessions.find(token) is not None
    assert not is_in_file(data_folder)
    assert voices(session) == [PITCH]


def test_each_account_seals_its_own(earlier: Session, stranger: Session, data_folder: Path) -> None:
    keep(stranger, 301.25)
    back_to_version_26(stranger, earlier)
    database.prepare()
    keep(earlier, 205.5)  # any change of an open diary seals it first
    assert not is_in_file(data_folder)
    assert is_in_file(data_folder, 301.25)
    assert voices(stranger) == [301.25]
    keep(stranger)
    assert not is_in_file(data_folder, 301.25)


def test_sealing_does_not_vouch_for_what_was_changed_outside(earlier: Session) -> None:
    with database.transaction() as db:
        db.execute("update readings set fear = 0.5, happiness = 0 where id = (select min(id) from readings)")
        row = dict(next(db.query("select * from readings order by id desc limit 1")))
        db.table("readings").insert(row | {"id": 1000})
    before = ledger_check.check(earlier)
    keep(earlier)
    after = ledger_check.check(earlier)
    assert before is not None
    assert before.altered_others == 2
    assert after == Finding(changes=before.changes + 2, altered_others=2)


def test_damaged_text_stays_damaged(earlier: Session) -> None:
    with database.transaction() as db:
        db.execute("update readings set quality = '{' where source = 'fusion'")
    keep(earlier)
    assert readings.count_damaged(earlier, date.min, date.max).total() == 2


def test_a_ledger_that_was_removed_is_not_made_anew_in_silence(earlier: Session) -> None:
    with database.transaction() as db:
        db.execute("delete from ledgers")
    keep(earlier)
    finding = ledger_check.check(earlier)
    assert finding is not None
    assert not finding.is_complete


SEAL_AND_DIE = """
import os, signal, sys
from diary import ledger, sessions
from diary.vault import Vault

ledger._write = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
sessions.start(sys.argv[1], Vault(bytes.fromhex(sys.argv[2])))
"""


def test_a_kill_while_sealing_leaves_everything_as_it_was(earlier: Session, data_folder: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-c", SEAL_AND_DIE, earlier.account_id, earlier.vault._data_key.hex()],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
    )
    assert process.returncode == -signal.SIGKILL
    with closing(sqlite3.connect(database.path())) as db:
        assert db.execute("select count(*) from readings where sealed is null").fetchone() == (4,)
    assert voices(earlier) == [PITCH + 1, PITCH]
    keep(earlier)
    assert not is_in_file(data_folder)
    finding = ledger_check.check(earlier)
    assert finding is not None
    assert finding.fits


def test_of_many_no_copy_stays_in_the_file(person: Session, data_folder: Path) -> None:
    """The rows grow, so SQLite divides its pages: what it moves must not stay behind."""
    pitches = [100 + number / 7 for number in range(400)]
    keep(person, *pitches)
    back_to_version_26(person)
    database.prepare()
    assert all(is_in_file(data_folder, pitch) for pitch in pitches[::40])
    keep(person)
    assert [pitch for pitch in pitches if is_in_file(data_folder, pitch)] == []
    assert sorted(voices(person)) == sorted([*pitches, PITCH])


def test_an_export_has_it_and_another_account_seals_it_anew(
    person: Session, stranger: Session, data_folder: Path
) -> None:
    keep(person)
    content = export.as_json(person)
    assert str(PITCH).encode() in content
    entries.delete(person, entries.every(person)[0].id)
    arrival = detect.read(content, ZONE)
    importing.run_import(stranger, arrival, import_plan.plan(stranger, arrival, {}, zone=ZONE, was_mine=True))
    assert voices(stranger) == [PITCH]
    assert not is_in_file(data_folder)
