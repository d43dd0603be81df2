"""Kills Haru while it saves, changes, deletes, imports, migrates and signs people up, and starts it again.

What was acknowledged is there, nothing is half there, and nothing is left over. The kills of restores and backups are
in test_restore_kills.py. HARU_TEST_ALL=1 kills ten times as often: 300 times in this file.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from diary import accounts, consents, database, database_file, drafts, entries, errors, media, readings, sessions
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.sessions import Session
from diary.transfer import detect, export, import_plan, importing
from emotions import EMOTIONS
from reading import Reading
from tests.backups.folders import left_over
from tests.conftest import PASSWORD
from tests.diary.test_migrations import ACCOUNT, of_version_8  # noqa: F401 - a fixture
from tests.trial.bounded import EVERY
from tests.trial.killing import run_and_die

ZONE = "Asia/Seoul"
SECONDS = (0.02, 0.4)
"""The work goes on for a random time between these."""


class Acknowledged:
    """What the child process has told before it died: one JSON object a line, each written at once."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def say(self, **what: object) -> None:
        with self._file.open("ab", buffering=0) as out:
            out.write(json.dumps(what).encode() + b"\n")

    def read(self, since: int = 0) -> list[dict]:
        """All lines but the first `since`."""
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        return [json.loads(line) for line in lines[since:]]


@pytest.fixture
def acknowledged(tmp_path_factory: pytest.TempPathFactory) -> Acknowledged:
    return Acknowledged(tmp_path_factory.mktemp("acknowledged") / "lines")


@pytest.fixture
def keeper(person: Session) -> Session:
    consents.set_given(person, "media", True)
    return person


def killed(times: int, work: Callable[[int], object], seed: int) -> Iterator[int]:
    """Kills `work` again and again; after each kill, Haru has started and looked at its folder."""
    rng = random.Random(seed)
    for number in range(max(1, times // EVERY)):
        assert run_and_die(lambda number=number: work(number), 0, seconds=rng.uniform(*SECONDS))
        database.prepare()
        assert database_file.fault(database.path()) == ""
        with closing(sqlite3.connect(database.path())) as opened:
            assert opened.execute("pragma foreign_key_check").fetchall() == []
            assert opened.execute("pragma journal_mode").fetchone() == ("wal",)
        assert left_over(database.folder()) == []
        yield number


def reading(source: str) -> Reading:
    return Reading({mood: 1 / len(EMOTIONS) for mood in EMOTIONS}, False, {"weight": 1.0}, source, "trial 1")


def note_of(entry_id: str, version: int) -> str:
    return f"{entry_id} {version} " + "하루 " * (int(entry_id[:2], 16) * version % 500)


def new_entry(entry_id: str, version: int = 1) -> NewEntry:
    return NewEntry("fear", 3, date(2026, 11, 1), ZONE, note_of(entry_id, version), ("trial",), id=entry_id)


def sound_of(entry_id: str) -> bytes:
    return random.Random(entry_id).randbytes(40_000 + int(entry_id[:4], 16))


def is_whole(person: Session, entry_id: str) -> bool:
    """Whether the entry has everything that its version was saved with; false if it is not there at all."""
    try:
        entry = entries.get(person, entry_id)
    except errors.EntryNotFound:
        return False
    assert entry.note == note_of(entry_id, entry.version)
    assert len(readings.of_entry(person, entry_id)) == (3 if entry.version == 1 else 2)
    contents = [media.content(person, medium.id) for medium in media.of_entry(person, entry_id)]
    assert contents == [sound_of(entry_id)] * (1 if entry.version == 1 else 2)
    return True


def test_saves_edits_and_deletions(keeper: Session, acknowledged: Acknowledged) -> None:
    def work(number: int) -> None:
        rng = random.Random(number)
        while True:
            entry_id = rng.randbytes(16).hex()
            sound = [NewMedium("sound", sound_of(entry_id))]
            drafts.save(keeper, {"id": entry_id})
            acknowledged.say(begins=entry_id)
            told = [reading("voice"), reading("words"), reading("fusion")]
            entries.add(keeper, new_entry(entry_id), told, sound, draft=drafts.NEW_ENTRY)
            acknowledged.say(saved=entry_id, version=1)
            if rng.random() < 0.5:
                entries.change(keeper, entry_id, 1, new_entry(entry_id, 2), told[:2], sound)
                acknowledged.say(saved=entry_id, version=2)
            if rng.random() < 0.3:
                acknowledged.say(deletes=entry_id)
                entries.delete(keeper, entry_id)
                acknowledged.say(deleted=entry_id)

    looked_at = 0
    for _ in killed(140, work, seed=1):
        lines = acknowledged.read(since=looked_at)
        looked_at += len(lines)
        expect_acknowledged(keeper, lines)
    lines = acknowledged.read()
    expect_acknowledged(keeper, lines)
    assert sum("saved" in line for line in lines) > 5


def expect_acknowledged(keeper: Session, lines: list[dict]) -> None:
    versions = {line["saved"]: line["version"] for line in lines if "saved" in line}
    may_be_gone = {line["deletes"] for line in lines if "deletes" in line}
    gone = {line["deleted"] for line in lines if "deleted" in line}
    for entry_id, version in versions.items():
        if is_whole(keeper, entry_id):
            assert entry_id not in gone
            assert entries.get(keeper, entry_id).version >= version
        else:
            assert entry_id in may_be_gone
    begun = [line["begins"] for line in lines if "begins" in line]
    for entry_id in begun[-1:]:  # the words are in the draft or in the entry, never in both or in neither
        draft = drafts.load(keeper)
        is_draft = draft is not None and draft.content["id"] == entry_id
        assert is_draft != (is_whole(keeper, entry_id) or entry_id in may_be_gone)


def test_imports(keeper: Session, stranger: Session, acknowledged: Acknowledged) -> None:
    for number in range(150):
        entries.add(stranger, new_entry(f"{number:032x}"), [reading("words")])
    content = export.as_json(stranger)

    def work(number: int) -> None:
        for turn in range(100):
            # Other entries each time: an import leaves out what the diary has already.
            file = detect.read(
                content.replace(bytes(28).hex().encode()[:28], f"{number:014d}{turn:014d}".encode()), ZONE
            )
            planned = import_plan.plan(keeper, file, {}, zone=ZONE, was_mine=True)
            importing.run_import(keeper, file, planned)
            acknowledged.say(imported=True)

    for number in killed(40, work, seed=2):
        imported = len(acknowledged.read())
        assert imported <= entries.count(keeper) / 150 <= imported + number + 1
        assert entries.count(keeper) % 150 == 0
        assert not any(entry.is_damaged for entry in entries.every(keeper))


def test_sign_ups(sign_up: Callable[..., str], acknowledged: Acknowledged) -> None:
    def work(number: int) -> None:
        for turn in range(10_000):
            name = f"person {number} {turn}"
            token = sign_up(name, address=f"192.0.{number % 250}.{turn % 250}")
            acknowledged.say(name=name, token=token)

    for _ in killed(60, work, seed=3):
        people = acknowledged.read()[-3:]
        for told in people:
            assert sessions.find(told["token"]) is not None
            assert sessions.find(accounts.sign_in(told["name"], PASSWORD, address="192.0.2.77")) is not None
        with database.connect() as db:  # an account has its consents and its session, or is not there
            counted = [db.table(table).count for table in ("accounts", "consents")]
        assert counted[0] == counted[1]


def test_migrations_of_an_old_database(
    of_version_8: object,  # noqa: F811 - the fixture
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = {file: (tmp_path / file).read_bytes() for file in os.listdir(tmp_path) if (tmp_path / file).is_file()}
    started = time.perf_counter()
    database.prepare()
    takes, rng = time.perf_counter() - started, random.Random(4)
    for _ in range(60 // EVERY):
        for leftover in tmp_path.iterdir():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        for file, content in old.items():
            (tmp_path / file).write_bytes(content)
        run_and_die(database.prepare, 0, seconds=rng.uniform(0, takes))
        database.prepare()
        assert database_file.fault(database.path()) == ""
        assert left_over(tmp_path) == []
        session = sessions.find(sessions.start(ACCOUNT, of_version_8))  # type: ignore[arg-type]
        assert session is not None
        (entry,) = entries.every(session)
        assert (entry.note, entry.mood) == ("비", "fear")
        assert len(media.of_entry(session, entry.id)) == 1
