"""The demo's diary at run time: sign-in by one click, and reset (demo/build.py makes it).

The demo is on only if the data folder holds the marker. Only demo/build.py writes it, into an empty folder: no setting
can turn a real diary into a demo, which a reset would empty.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock

from diary import accounts, database, errors, server_secret

log = logging.getLogger("haru.demo")

MARKER, SNAPSHOT = "this-is-a-demo.json", "pristine.db"
PASSWORD = "a day on the stage"  # noqa: S105 - of a fictional person, in a temporary folder
_reset_lock = Lock()


@dataclass(frozen=True)
class DemoInfo:
    """The content of the marker."""

    language: str
    name: str
    built: str
    """The visitor's first day, after the last one of the story; an ISO date."""

    @property
    def today(self) -> date:
        return date.fromisoformat(self.built)


def is_on() -> bool:
    return (database.folder() / MARKER).exists()


def info() -> DemoInfo:
    """Reads the marker; raises an OSError if this is no demo."""
    return DemoInfo(**json.loads((database.folder() / MARKER).read_text(encoding="utf-8")))


def sign_in() -> str:
    """Starts a session of the fictional person; resets first if a visitor deleted her or changed how she signs in."""
    try:
        if isinstance(token := accounts.sign_in(info().name, PASSWORD, address="demo"), str):
            return token
    except (errors.SignInFailed, errors.TooManyTries):
        pass
    log.info("a visitor changed the account of the demo: reset")
    return reset()


def _delete_other_files(folder: Path) -> None:
    """Deletes files that visits created: backups, the cache of YouTube searches."""
    needed = {MARKER, SNAPSHOT, server_secret.FILE, *(database.path().name + suffix for suffix in ("", "-wal", "-shm"))}
    for file in folder.rglob("*"):
        if file.is_file() and (file.name not in needed or file.parent != folder):
            file.unlink()


def reset() -> str:
    """Restores the snapshot: no entry, session, draft, account or file of a visitor stays. Returns a new session."""
    folder = database.folder()
    demo = info()  # raises in a real diary, before anything changes
    with _reset_lock, database.translated_errors():
        with (
            closing(sqlite3.connect(folder / SNAPSHOT)) as snapshot,
            closing(sqlite3.connect(database.path(), timeout=5)) as live,
        ):
            snapshot.backup(live)
        # Nothing that a visitor wrote stays in the write-ahead log or in free pages.
        database.erase_deleted()
        _delete_other_files(folder)
    token = accounts.sign_in(demo.name, PASSWORD, address="demo")
    assert isinstance(token, str)  # the snapshot has no second factor
    return token
