"""The throw-away diary of the demo: entered by one click, and put back as it was (demo/build.py makes it).

It is on only in a folder that `python -m demo` has made for it and marked. No setting can turn a real diary into a
demo, so nothing here can ever empty one.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from diary import accounts, database, errors, server_secret

log = logging.getLogger("haru.demo")

MARK, PRISTINE = "this-is-a-demo.json", "pristine.db"
PASSWORD = "a day on the stage"  # noqa: S105 - of a person who does not exist, in a file that is thrown away
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Demo:
    """What the mark says."""

    language: str
    name: str


def is_on() -> bool:
    return (database.folder() / MARK).exists()


def facts() -> Demo:
    return Demo(**json.loads((database.folder() / MARK).read_text(encoding="utf-8")))


def sign_in() -> str:
    """A session of the fictional person; if a visitor deleted her or changed her password, she comes back first."""
    name = facts().name
    try:
        return accounts.sign_in(name, PASSWORD, address="demo")
    except (errors.SignInFailed, errors.TooManyTries):
        log.info("the demo's person was changed by a visitor; starting over")
        return reset()


def _clear_away(folder: Path) -> None:
    """All but what the demo is made of: backups, and what YouTube was asked for whose mood."""
    ours = {MARK, PRISTINE, server_secret.FILE, *(database.path().name + suffix for suffix in ("", "-wal", "-shm"))}
    for left in folder.rglob("*"):
        if left.is_file() and (left.name not in ours or left.parent != folder):
            left.unlink()


def reset() -> str:
    """Everything as it was: no entry, session, draft, account or file of a visitor is left. Returns a new session."""
    folder = database.folder()
    demo = facts()  # raises where there is no demo, before anything is touched
    with _ONE_AT_A_TIME, database.in_our_words():
        with (
            closing(sqlite3.connect(folder / PRISTINE)) as pristine,
            closing(sqlite3.connect(database.path(), timeout=5)) as live,
        ):
            pristine.backup(live)
        # What a visitor wrote is not to be read from the write-ahead log or from free pages either.
        database.forget_deleted()
        _clear_away(folder)
    return accounts.sign_in(demo.name, PASSWORD, address="demo")
