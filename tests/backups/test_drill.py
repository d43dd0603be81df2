"""The restore drill: a backup of a diary in use, restored into an empty folder, has every row and opens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from backups import restore
from diary import accounts, database, entries, ledger_check, media, server_secret, sessions
from diary.entries import NewEntry
from diary.sessions import Session
from tests.backups.folders import SIGN_INS, content
from tests.conftest import PASSWORD
from tests.test_settings import BACKUP_KEY
from web import admin

WAV = b"RIFF\x24\x50\x00\x00WAVEfmt " + bytes(20_000)
NAMES = ("Jiwoo", "Somebody else", "하루")


class Writer(threading.Thread):
    """Writes into one diary until it is stopped; `kept` has what was acknowledged."""

    def __init__(self, person: Session) -> None:
        super().__init__(daemon=True)
        self._person, self._stopping, self.kept = person, threading.Event(), {}

    def run(self) -> None:
        number = 0
        while not self._stopping.is_set():
            number += 1
            note = f"note {number} of {self._person.name}"
            sound = [media.NewMedium("sound", WAV)] if number % 5 == 0 else []
            draft = NewEntry("fear", 3, date(2026, 1, 1), "Asia/Seoul", note=note)
            self.kept[entries.add(self._person, draft, media=sound)] = note

    def stop(self) -> None:
        self._stopping.set()
        self.join()


def wait_for(writers: list[Writer]) -> None:
    writers[0].join(0.01)
    assert all(writer.is_alive() for writer in writers)


@pytest.mark.parametrize("how", ["plain", "sealed"])
def test_the_drill(how: str, sign_up: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [sessions.find(sign_up(name, allowed=["diary", "media"])) for name in NAMES]
    writers = [Writer(person) for person in people]
    for writer in writers:
        writer.start()
    while min(len(writer.kept) for writer in writers) < 10:
        wait_for(writers)
    before = [dict(writer.kept) for writer in writers]
    file = tmp_path / "copy"
    if how == "sealed":
        monkeypatch.setenv("HARU_BACKUP_KEY", BACKUP_KEY)
        assert admin.main(["backup", "--sealed", str(file)]) == 0
    else:
        assert admin.main(["backup", str(file)]) == 0
    while min(len(writer.kept) - len(there) for writer, there in zip(writers, before, strict=True)) < 5:
        wait_for(writers)
    for writer in writers:
        writer.stop()
    live, secret = content(database.path(), SIGN_INS), server_secret.server_secret()

    monkeypatch.setenv("HARU_DATA", str(tmp_path / "new machine"))
    restore.restore(file)
    database.prepare()
    restored = content(database.path(), SIGN_INS)
    for table, rows in restored.items():
        if table not in ("accounts", "tries", "ledgers"):  # which each sign-in or entry changes
            assert set(rows) <= set(live[table]), f"every restored row of {table} was one of the live database"
    assert len(restored["accounts"]) == len(NAMES)
    assert len(live["entries"]) > len(restored["entries"]) >= sum(map(len, before))
    for name, there, writer in zip(NAMES, before, writers, strict=True):
        session = sessions.find(accounts.sign_in(name, PASSWORD, address="192.0.2.1"))
        notes = {entry.id: entry.note for entry in entries.every(session)}
        assert there.items() <= notes.items(), "what was acknowledged before the backup began is in it"
        assert notes.items() <= writer.kept.items()
        assert ledger_check.check(session).fits, "nothing was changed outside Haru"
        sounds = [found for entry_id in notes for found in media.of_entry(session, entry_id)]
        assert sounds
    assert how == "plain" or server_secret.server_secret() == secret
