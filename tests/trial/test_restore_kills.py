"""Kills a restore and a backup at every step: the database is the old or the new one, whole, and nothing is left over.

A child process dies (SIGKILL) just before it opens, renames, links or removes its nth file. HARU_TEST_ALL=1 tries every
step with each of the databases, and a hundred moments in between.
"""

from __future__ import annotations

import random
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from backups import kept, restore, sealing
from diary import database, database_file, entries, server_secret
from diary.entries import NewEntry
from diary.sessions import Session
from tests.backups.folders import SIGN_INS, content, left_over
from tests.trial.bounded import EVERY
from tests.trial.killing import run_and_die

AT_RANDOM = 100 // EVERY
BACKUP_KEY = bytes(range(32))


def write(person: Session) -> None:
    for _ in range(20):
        entries.add(person, NewEntry("happiness", 3, date(2026, 1, 2), "Asia/Seoul", note="x" * 5000))


class Folder:
    """A data folder with a database, and a sealed backup of another one with another secret."""

    def __init__(self, person: Session, folder: Path) -> None:
        self.backup, self._folder = folder.parent / f"{folder.name}.sealed", folder
        write(person)
        database.backup(folder / "copy.db")
        self.new_secret = b"the secret of the backup........"
        with sealing.sealed(folder / "copy.db", sealing.Facts("then", self.new_secret), BACKUP_KEY) as opened:
            self.backup.write_bytes(opened.read())
        self.new = content(folder / "copy.db", SIGN_INS)
        (folder / "copy.db").unlink()
        write(person)
        self.old, self.old_secret = content(database.path()), server_secret.server_secret()
        self._files = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}

    def put_back(self) -> None:
        for file in sorted(self._folder.rglob("*"), reverse=True):
            if file.is_file():
                file.unlink()
        for name, held in self._files.items():
            (self._folder / name).write_bytes(held)

    def check(self) -> str:
        """Looks at the folder after the next start; which of the two databases it has."""
        database.prepare()
        assert left_over(self._folder) == []
        assert database_file.fault(database.path()) == ""
        present, secret = content(database.path(), SIGN_INS), server_secret.server_secret()
        copies = list(self._folder.glob("backups/*-before-restore.db"))
        if present == self.new:
            assert secret == self.new_secret
            assert [content(copy) for copy in copies] == [self.old]
            return "new"
        assert content(database.path()) == self.old
        assert secret == self.old_secret
        assert copies == []
        return "old"


@pytest.fixture
def folder(person: Session, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    from tests.test_settings import BACKUP_KEY as key

    monkeypatch.setenv("HARU_BACKUP_KEY", key)
    return Folder(person, data_folder)


def test_a_restore_that_is_killed_leaves_the_old_or_the_new_database(folder: Folder) -> None:
    found = []
    for step in range(1, 1000):
        folder.put_back()
        if not run_and_die(lambda: restore.restore(folder.backup), step):
            break
        found.append(folder.check())
    assert len(found) > 20
    assert found == sorted(found, reverse=True), "first the old one, from some step on the new one"
    assert set(found) == {"old", "new"}
    assert folder.check() == "new"


def test_a_restore_that_is_killed_at_any_moment(folder: Folder) -> None:
    folder.put_back()
    started = time.perf_counter()
    assert not run_and_die(lambda: restore.restore(folder.backup), 0)
    takes, rng = time.perf_counter() - started, random.Random(15)
    for _ in range(AT_RANDOM):
        folder.put_back()
        run_and_die(lambda: restore.restore(folder.backup), 0, seconds=rng.uniform(0, takes))
        folder.check()


def backups_are_whole(folder: Path, contents: dict[str, list[str]]) -> None:
    for copy in (folder / "backups").glob("*.db"):
        assert database_file.fault(copy) == ""
        assert content(copy) == contents


def test_a_backup_that_is_killed_leaves_no_half(person: Session, data_folder: Path) -> None:
    write(person)
    present, moment = content(database.path()), datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    kept.make(moment.replace(year=2025))
    died, rng = 0, random.Random(15)
    for step in range(1, 1000):
        if not run_and_die(lambda: kept.make(moment), step):
            break
        died += 1
        backups_are_whole(data_folder, present)
        database.prepare()
        assert left_over(data_folder) == []
    assert died > 5
    assert len(kept.names()) == 2
    for number in range(AT_RANDOM):
        now = moment.replace(minute=number % 60, second=number // 60)
        run_and_die(lambda now=now: kept.make(now), 0, seconds=rng.uniform(0, 0.03))
        backups_are_whole(data_folder, present)
        database.prepare()
        assert left_over(data_folder) == []
    assert content(database.path()) == present
