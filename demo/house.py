"""The throw-away diary of the demo: how it is made, entered by one click, and put back as it was.

It is on only in a folder that `python -m demo` has made for it and marked. No setting can turn a real diary into a
demo, so nothing here can ever empty one.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock

from demo import story
from diary import accounts, consents, database, days, entries, errors, secret, sessions
from diary.sessions import Session
from learning.weights import WeightsError
from words import predict as words

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


def build(language: str, today: date | None = None) -> None:
    """Fills an empty folder with the story and keeps a copy of it to go back to."""
    folder = database.folder()
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty: the demo only ever fills a folder of its own.")
    database.prepare()
    secret.server_secret()
    _write_the_story(language, today or days.today(story.ZONE))
    # Signing in left a session; the copy must open to nobody.
    with database.change() as db:
        db["sessions"].delete_where()
    database.backup(folder / PRISTINE)
    name = story.NAMES[language]
    (folder / MARK).write_text(json.dumps({"language": language, "name": name}), encoding="utf-8")


def come_in() -> str:
    """A session of the fictional person; if a visitor deleted her or changed her password, she comes back first."""
    name = facts().name
    try:
        return accounts.sign_in(name, PASSWORD, address="demo")
    except (errors.SignInFailed, errors.TooManyTries):
        log.info("the demo's person was changed by a visitor; starting over")
        return reset()


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
        for left in (folder / "backups").glob("*"):
            left.unlink()
    return accounts.sign_in(demo.name, PASSWORD, address="demo")


def _write_the_story(language: str, today: date) -> None:
    begun = today - timedelta(days=story.DAYS + 1)
    token = accounts.sign_up(
        story.NAMES[language],
        PASSWORD,
        born=date(today.year - 29, 1, 1),
        today=today,
        allowed=(consents.DIARY, *consents.OPTIONAL),
        language=language,
        timezone=story.ZONE,
        address="demo",
    )
    hana = sessions.find(token)
    accounts.recovery_code(hana)
    accounts.note_recovery_code(hana)
    with database.connect():  # while one connection stays open, the others do not each wait for a checkpoint
        for moment in story.moments(language, today, _reader()):
            entries.add(hana, moment.draft, told=moment.told)
    _as_if_written_then(hana, database.written(days.moment_of(begun, None, story.ZONE)))


def _as_if_written_then(hana: Session, begun: str) -> None:
    """Entries were written when they happened, and the account is older than they are."""
    with database.change() as db:
        db.execute("update entries set created_at = happened_at, updated_at = happened_at")
        db.execute(
            "update readings set created_at = (select happened_at from entries where entries.id = readings.entry_id)"
        )
        db.execute("update consents set given_at = ?", [begun])
        db["accounts"].update(hana.account_id, {"created_at": begun, "learns_since": begun})


def _reader() -> words.Recogniser | None:
    try:
        return words.load()
    except WeightsError as error:
        log.warning("the demo's lines stay unread: %s", error)
        return None
