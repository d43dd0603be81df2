"""Makes the demo's diary: the story in an empty folder, with what the models say of it, and a copy to go back to.

Apart from demo/state.py, which the front door knows: the models that this needs would keep the door closed for seconds.
"""

from __future__ import annotations

import json
import logging
from datetime import date, timedelta

from demo import music_history, story
from demo.state import MARK, PASSWORD, PRISTINE
from diary import accounts, consents, database, days, entries, server_secret, sessions
from diary.sessions import Session
from inference.weights import WeightsError
from words import predict as words

log = logging.getLogger("haru.demo")


def build(language: str, today: date | None = None) -> None:
    """Fills an empty folder with the story and keeps a copy of it to go back to."""
    folder = database.folder()
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty: the demo only ever fills a folder of its own.")
    database.prepare()
    server_secret.server_secret()
    _write_the_story(language, today or days.today(story.ZONE))
    # Signing in left a session; the copy must open to nobody.
    with database.change() as db:
        db["sessions"].delete_where()
    database.backup(folder / PRISTINE)
    name = story.NAMES[language]
    (folder / MARK).write_text(json.dumps({"language": language, "name": name}), encoding="utf-8")


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
    told = list(story.moments(language, today, _reader()))
    # While one connection stays open, the others do not each wait for a checkpoint; nothing here outlives a power cut.
    with database.in_a_hurry(), database.connect():
        for moment in told:
            entries.add(hana, moment.draft, told=moment.told)
        music_history.write(hana, told)
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
