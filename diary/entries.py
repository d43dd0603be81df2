"""Entries: saying how a day was, changing one's mind, taking it back.

Mood, intensity and time stay plain columns, so that charts are SQL; what was written is sealed. Every
statement names the account, so an id from somewhere else finds nothing.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from diary import damage, database, days, errors, sessions
from diary.composing import composed
from diary.media import NewMedium
from diary.media import insert as insert_media
from diary.readings import insert as insert_readings
from diary.sessions import Session
from emotions import EMOTIONS
from reading import Reading

NOTE_MAX = 100_000
TAGS_MAX = 20
TAG_LENGTH_MAX = 40
INTENSITIES = range(1, 6)
_TAG_SUGGESTIONS_FROM = 300  # newest entries whose tags are opened to suggest some


@dataclass(frozen=True)
class NewEntry:
    """What a person is about to save. `id` is made with the draft, so saving it twice saves it once."""

    mood: str
    intensity: int
    day: date
    timezone: str
    note: str = ""
    tags: tuple[str, ...] = ()
    at: time | None = None
    source: str = "hand"
    id: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True)
class Entry:
    """One saved moment of a day."""

    id: str
    day: date
    happened_at: datetime
    time_known: bool
    timezone: str
    mood: str
    intensity: int
    source: str
    note: str
    tags: tuple[str, ...]
    version: int
    created_at: datetime
    updated_at: datetime
    is_damaged: bool = False
    """Note and tags are empty because they could not be opened. Mood and time are stored apart, and are right."""


def add(session: Session, draft: NewEntry, readings: Sequence[Reading] = (), media: Sequence[NewMedium] = ()) -> str:
    """Saves a new entry, what the models told of it and what is kept with it: all of it or nothing.

    The same draft saved twice (two tabs, an impatient tap) is one entry.
    """
    row = _row(session, draft)
    moment = database.now()
    row |= {"id": draft.id, "account_id": session.account_id, "version": 1, "created_at": moment, "updated_at": moment}
    with sessions.transaction(session) as db:
        is_new = not db.table("entries").count_where("id = ?", [draft.id])
        db.table("entries").insert(row, ignore=True)
        if not db.table("entries").count_where("id = ? and account_id = ?", [draft.id, session.account_id]):
            raise errors.EntryNotFound()
        if is_new:
            insert_readings(db, draft.id, readings)
            insert_media(db, session, draft.id, media)
    return draft.id


def change(
    session: Session,
    entry_id: str,
    version: int,
    draft: NewEntry,
    readings: Sequence[Reading] | None = None,
    media: Sequence[NewMedium] = (),
) -> None:
    """Saves over the version the person saw; if another tab was faster, nothing is overwritten.

    `told` takes the place of what the models said before (None leaves that as it is); `kept` comes to what was kept.
    A damaged entry is not saved over: with the right key, its words may still open.
    """
    _expect_openable(session, entry_id)
    row = _row(session, draft, entry_id)
    assignments = ", ".join(f"{column} = :{column}" for column in row)
    with sessions.transaction(session) as db:
        changed = db.execute(
            f"update entries set {assignments}, version = version + 1, updated_at = :updated_at "  # noqa: S608
            "where id = :id and account_id = :account_id and version = :version",
            row
            | {
                "id": entry_id,
                "account_id": session.account_id,
                "version": version,
                "updated_at": database.now(),
            },
        ).rowcount
        if changed:
            if readings is not None:
                db.table("readings").delete_where("entry_id = ?", [entry_id])
                insert_readings(db, entry_id, readings)
            insert_media(db, session, entry_id, media)
            return
        exists = db.table("entries").count_where("id = ? and account_id = ?", [entry_id, session.account_id])
    raise errors.EntryChanged() if exists else errors.EntryNotFound()


def delete(session: Session, entry_id: str) -> None:
    """Deletes an entry with all that belongs to it; one that does not open, only if the key is surely the right one."""
    try:
        _expect_openable(session, entry_id)
    except errors.Unopenable:
        damage.expect_key_fits(session)
    with sessions.transaction(session) as db:
        gone = db.execute(
            "delete from entries where id = ? and account_id = ?", [entry_id, session.account_id]
        ).rowcount
    if not gone:
        raise errors.EntryNotFound()


def get(session: Session, entry_id: str) -> Entry:
    for entry in _find(session, "id = ?", [entry_id]):
        return entry
    raise errors.EntryNotFound()


def latest(session: Session) -> Entry | None:
    """The entry that was saved last, whichever day it is for."""
    newest = "id = (select id from entries where account_id = ? order by created_at desc, rowid desc limit 1)"
    return next(iter(_find(session, newest, [session.account_id])), None)


def of_day(session: Session, day: date) -> list[Entry]:
    return between(session, day, day)


def between(session: Session, first: date, last: date) -> list[Entry]:
    """Entries of these days, earliest first."""
    return _find(session, "day between ? and ?", [first.isoformat(), last.isoformat()])


def every(session: Session) -> list[Entry]:
    return _find(session, "1", [])


def tags_between(session: Session, first: date, last: date) -> list[tuple[date, list[str]]]:
    """The tags of each entry of these days that can be opened, and nothing else of it."""
    with database.connect() as db:
        rows = db.query(
            "select id, day, sealed from entries where account_id = ? and day between ? and ?",
            [session.account_id, first.isoformat(), last.isoformat()],
        )
        opened = ((row["day"], _open(session, row)) for row in rows)
        return [(date.fromisoformat(day), content["tags"]) for day, content in opened if content is not None]


def count(session: Session) -> int:
    with database.connect() as db:
        return db.table("entries").count_where("account_id = ?", [session.account_id])


def favourite_tags(session: Session, most: int = 12) -> list[str]:
    """The tags this person uses most in their latest entries."""
    with database.connect() as db:
        rows = db.query(
            "select id, sealed from entries where account_id = ? order by happened_at desc limit ?",
            [session.account_id, _TAG_SUGGESTIONS_FROM],
        )
        opened = (_open(session, row) for row in rows)
        used = Counter(tag for content in opened if content is not None for tag in content["tags"])
    return [tag for tag, _ in used.most_common(most)]


def tidy_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as they are compared and shown: composed, without '#', each once, in the order given."""
    tidied = (" ".join(composed(tag).strip().lstrip("#").split()) for tag in tags)
    unique = tuple(dict.fromkeys(tag for tag in tidied if tag))
    if len(unique) > TAGS_MAX:
        raise errors.TooManyTags(most=TAGS_MAX)
    if any(len(tag) > TAG_LENGTH_MAX for tag in unique):
        raise errors.TagTooLong(characters=TAG_LENGTH_MAX)
    return unique


def _row(session: Session, draft: NewEntry, entry_id: str | None = None) -> dict:
    """What of a draft is stored, once it is found to be sound."""
    if draft.mood not in EMOTIONS:
        raise errors.UnknownMood()
    if draft.intensity not in INTENSITIES:
        raise errors.IntensityOutOfRange()
    if draft.day > days.today(draft.timezone):
        raise errors.DayInFuture()
    if draft.day < days.EARLIEST:
        raise errors.DayTooEarly(year=days.EARLIEST.year)
    if len(draft.note) > NOTE_MAX:
        raise errors.NoteTooLong(characters=NOTE_MAX)
    return {
        "day": draft.day.isoformat(),
        "happened_at": database.timestamp(days.instant(draft.day, draft.at, draft.timezone)),
        "time_known": int(draft.at is not None),
        "timezone": draft.timezone,
        "mood": draft.mood,
        "intensity": int(draft.intensity),
        "source": draft.source,
        "sealed": _seal(session, entry_id or draft.id, draft.note, tidy_tags(draft.tags)),
    }


def as_row(session: Session, entry: Entry) -> dict:
    """The row of an entry that comes back from a file exactly as it left; the reader of the file has checked it."""
    return {
        "id": entry.id,
        "account_id": session.account_id,
        "day": entry.day.isoformat(),
        "happened_at": database.timestamp(entry.happened_at),
        "time_known": int(entry.time_known),
        "timezone": entry.timezone,
        "mood": entry.mood,
        "intensity": entry.intensity,
        "source": entry.source,
        "sealed": _seal(session, entry.id, entry.note, entry.tags),
        "version": entry.version,
        "created_at": database.timestamp(entry.created_at),
        "updated_at": database.timestamp(entry.updated_at),
    }


def _find(session: Session, where: str, values: list) -> list[Entry]:
    with database.connect() as db:
        rows = db.table("entries").rows_where(
            f"account_id = ? and {where}", [session.account_id, *values], order_by="happened_at, created_at"
        )
        return [_entry(session, row) for row in rows]


def _entry(session: Session, row: dict) -> Entry:
    content = _open(session, row)
    is_damaged = content is None
    return Entry(
        id=row["id"],
        day=date.fromisoformat(row["day"]),
        happened_at=datetime.fromisoformat(row["happened_at"]).astimezone(UTC),
        time_known=bool(row["time_known"]),
        timezone=row["timezone"],
        mood=row["mood"],
        intensity=row["intensity"],
        source=row["source"],
        note="" if is_damaged else content["note"],
        tags=() if is_damaged else tuple(content["tags"]),
        version=row["version"],
        created_at=datetime.fromisoformat(row["created_at"]),
        updated_at=datetime.fromisoformat(row["updated_at"]),
        is_damaged=is_damaged,
    )


def _seal(session: Session, entry_id: str, note: str, tags: Sequence[str]) -> bytes:
    return session.vault.seal_json({"note": note, "tags": tags}, damage.about_entry(entry_id))


def _open(session: Session, row: dict) -> dict | None:
    """Note and tags; None if they cannot be opened, so that one damaged entry does not take the others with it."""
    try:
        return session.vault.open_json(row["sealed"], damage.about_entry(row["id"]))
    except errors.Unopenable:
        return None


def _expect_openable(session: Session, entry_id: str) -> None:
    with database.connect() as db:
        row = db.execute(
            "select sealed from entries where id = ? and account_id = ?", [entry_id, session.account_id]
        ).fetchone()
    if row is not None:
        session.vault.open_json(row[0], damage.about_entry(entry_id))
