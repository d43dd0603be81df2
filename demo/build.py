"""Builds the demo's diary in an empty folder, with readings and a snapshot for resets.

Separate from demo/state.py, which app.py imports, because this module imports torch, which takes seconds.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from demo import music_history, story
from demo.state import MARKER, PASSWORD, SNAPSHOT
from diary import accounts, consents, database, days, entries, server_secret, sessions, trackers
from diary.sessions import Session
from diary.trackers import Tracker
from inference.weights import WeightsError
from words import predict as words

log = logging.getLogger("haru.demo")


def build(language: str, today: date | None = None) -> None:
    """Fills the empty data folder with the story, then writes the snapshot and the marker."""
    folder = database.folder()
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty: the demo fills only an empty folder.")
    database.prepare()
    server_secret.server_secret()
    today = today or days.today(story.ZONE)
    _write_story(language, today)
    # Sign-up started a session: the snapshot must not contain it.
    with database.transaction() as db:
        db.table("sessions").delete_where()
    database.backup(folder / SNAPSHOT)
    marker = {"language": language, "name": story.NAMES[language], "built": today.isoformat()}
    (folder / MARKER).write_text(json.dumps(marker), encoding="utf-8")


def _write_story(language: str, today: date) -> None:
    start = today - timedelta(days=story.DAYS + 1)
    token = accounts.sign_up(
        accounts.NewAccount(
            story.NAMES[language],
            PASSWORD,
            born=date(today.year - 29, 1, 1),
            allowed=(consents.DIARY, *consents.OPTIONAL),
            language=language,
            timezone=story.ZONE,
        ),
        today=today,
        address="demo",
    )
    hana = sessions.find(token)
    assert hana is not None
    accounts.recovery_code(hana)
    accounts.note_recovery_code(hana)
    story_entries = list(story.entries_until(today, language, _recogniser()))
    # The open connection keeps SQLite from making a checkpoint each time that another one closes.
    with database.without_sync(), database.connect():
        for entry in story_entries:
            entries.add(hana, entry.new_entry, readings=entry.readings)
        music_history.write(hana, story_entries)
        _write_trackers(hana, story.trackers_until(today, language))
    _backdate(hana, database.timestamp(days.instant(start, None, story.ZONE)))


def _write_trackers(hana: Session, story_trackers: Sequence[tuple[Tracker, Mapping[date, int]]]) -> None:
    rows = [
        trackers.value_row(hana, tracker.id, day, value)
        for tracker, values in story_trackers
        for day, value in values.items()
    ]
    with sessions.transaction(hana) as db:
        trackers.insert_all(db, hana, [tracker for tracker, _ in story_trackers], rows)


def _backdate(hana: Session, start: str) -> None:
    """Sets the creation time of each entry to when it happened, and of the account to `start`."""
    with sessions.transaction(hana) as db:
        db.execute("update entries set created_at = happened_at, updated_at = happened_at")
        db.execute(
            "update readings set created_at = (select happened_at from entries where entries.id = readings.entry_id)"
        )
        db.execute("update consents set given_at = ?", [start])
        db.table("accounts").update(hana.account_id, {"created_at": start, "learns_since": start})


def _recogniser() -> words.Recogniser | None:
    try:
        return words.load()
    except WeightsError as error:
        log.warning("the demo's notes get no readings: %s", error)
        return None
