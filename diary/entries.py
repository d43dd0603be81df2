"""Entries: adds, changes, deletes and reads a person's moods, notes and tags.

Mood, intensity and time are plain columns, so that SQL can count them; note and tags are sealed. Every statement names
the account, so the id of another person's entry finds nothing.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from sqlite_utils import Database

from diary import damage, database, days, deletions, drafts, errors, ledger, proofs, quotas, sessions
from diary.composing import composed
from diary.deletions import Deletion
from diary.media import NewMedium
from diary.media import insert as insert_media
from diary.photos import NewPhoto
from diary.photos import insert as insert_photos
from diary.readings import insert as insert_readings
from diary.sessions import Session
from emotions import EMOTIONS
from feelings import BY_KEY as FEELINGS
from reading import Reading

NOTE_MAX = 100_000
TAGS_MAX = 20
TAG_LENGTH_MAX = 40
FEELINGS_MAX = 10
INTENSITIES = range(1, 6)
_PROOF = (
    "(select proof from proofs p where p.account_id = entries.account_id and p.kind = 'entries' "
    "and p.row_id = entries.id and p.day = '') as proof"
)
_TAG_SUGGESTIONS_FROM = 300  # the newest entries, whose tags `favourite_tags` opens


@dataclass(frozen=True)
class NewEntry:
    """An entry that is about to be saved. It has its id already, so saving it twice stores it once."""

    mood: str
    intensity: int
    day: date
    timezone: str
    note: str = ""
    tags: tuple[str, ...] = ()
    feelings: tuple[str, ...] = ()
    """Finer words for the mood, by their keys."""
    at: time | None = None
    source: str = "hand"
    id: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True)
class Entry:
    """A saved entry."""

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
    feelings: tuple[str, ...] = ()
    is_damaged: bool = False
    """True if note, tags and feelings do not open and are empty here. Mood and time are columns of their own."""
    is_altered: bool = False
    """True if anything of the entry was changed outside Haru: by somebody, or by a disk."""


def add(
    session: Session,
    new: NewEntry,
    readings: Sequence[Reading] = (),
    media: Sequence[NewMedium] = (),
    photos: Sequence[NewPhoto] = (),
    draft: str | None = None,
) -> str:
    """Stores a new entry with its readings, media and photographs in one transaction. Returns its id.

    The same new entry saved twice (two tabs, a double tap) is one entry. `draft` is the form whose draft it was: it is
    deleted in the same transaction, so that there is always either the draft or the entry.
    """
    row = _columns(session, new)
    moment = database.now()
    row |= {"id": new.id, "account_id": session.account_id, "version": 1, "created_at": moment, "updated_at": moment}
    with sessions.transaction(session) as db:
        is_new = not db.table("entries").count_where("id = ?", [new.id])
        quotas.expect_entries(db, session, int(is_new))
        db.table("entries").insert(row, ignore=True)
        if not db.table("entries").count_where("id = ? and account_id = ?", [new.id, session.account_id]):
            raise errors.EntryNotFound()
        if is_new:
            insert_readings(db, session, new.id, readings)
            insert_media(db, session, new.id, media)
            insert_photos(db, session, new.id, photos)
        if draft is not None:
            drafts.delete_in(db, session, draft)
    return new.id


def change(
    session: Session,
    entry_id: str,
    version: int,
    new: NewEntry,
    readings: Sequence[Reading] | None = None,
    media: Sequence[NewMedium] = (),
    photos: Sequence[NewPhoto] = (),
) -> None:
    """Replaces the version that the person saw. If another tab saved meanwhile, it raises `EntryChanged`.

    `readings` replaces the earlier readings, unless it is None; `media` and `photos` add to the earlier ones. The draft
    of the change is deleted in the same transaction. A damaged entry stays as it is, because its note may still open
    with the right key.
    """
    earlier = _opened(session, entry_id)
    row = _columns(session, new, entry_id, earlier.get("feelings", ()))
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
                insert_readings(db, session, entry_id, readings)
            insert_media(db, session, entry_id, media)
            insert_photos(db, session, entry_id, photos)
            drafts.delete_in(db, session, entry_id)
            return
        raise _why_unchanged(db, session, entry_id)


def change_note(session: Session, entry_id: str, version: int, note: str) -> None:
    """Replaces only the note of the version that the person saw; raises the same errors as `change`."""
    if len(note) > NOTE_MAX:
        raise errors.NoteTooLong(characters=NOTE_MAX)
    entry = get(session, entry_id)
    if entry.is_damaged:
        raise errors.Unopenable()
    if entry.is_altered:  # a new note would make its mood and its day count as the person's own
        raise errors.EntryAltered()
    with sessions.transaction(session) as db:
        # The same version has the same tags and feelings as the entry above.
        changed = db.execute(
            "update entries set sealed = ?, version = version + 1, updated_at = ? "
            "where id = ? and account_id = ? and version = ?",
            [
                _seal(session, entry_id, note, entry.tags, entry.feelings),
                database.now(),
                entry_id,
                session.account_id,
                version,
            ],
        ).rowcount
        if not changed:
            raise _why_unchanged(db, session, entry_id)


def delete(session: Session, entry_id: str) -> Deletion:
    """Deletes an entry with its readings and media; a damaged one only if the key opens half of all entries.

    The deletion can be undone, together with the draft of a change.
    """
    try:
        _opened(session, entry_id)
    except errors.Unopenable:
        damage.expect_key_fits(session)
    with sessions.transaction(session) as db:
        deletion = deletions.delete(db, session, "entries", "id = ? and account_id = ?", [entry_id, session.account_id])
        of_change = deletions.delete(
            db, session, "drafts", "account_id = ? and form = ?", [session.account_id, entry_id]
        )
    if not deletion:
        raise errors.EntryNotFound()
    return deletion.joined(of_change)


def get(session: Session, entry_id: str) -> Entry:
    for entry in _find(session, "id = ?", [entry_id]):
        return entry
    raise errors.EntryNotFound()


def latest(session: Session) -> Entry | None:
    """The entry that the person saved last, for any day."""
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
    """The day and the tags of each entry of these days that opens."""
    return [(day, content["tags"]) for day, content in _contents_between(session, first, last)]


def feelings_between(session: Session, first: date, last: date) -> list[tuple[date, list[str]]]:
    """The day and the feelings of each entry of these days that opens."""
    return [(day, content.get("feelings", [])) for day, content in _contents_between(session, first, last)]


def _contents_between(session: Session, first: date, last: date) -> list[tuple[date, dict]]:
    with database.connect() as db:
        rows = db.query(
            "select id, day, sealed from entries where account_id = ? and day between ? and ?",
            [session.account_id, first.isoformat(), last.isoformat()],
        )
        opened = ((row["day"], _open(session, row)) for row in rows)
        return [(date.fromisoformat(day), content) for day, content in opened if content is not None]


def count(session: Session) -> int:
    with database.connect() as db:
        return db.table("entries").count_where("account_id = ?", [session.account_id])


def favourite_tags(session: Session, most: int = 12) -> list[str]:
    """The tags that this person uses most in their latest entries."""
    with database.connect() as db:
        rows = db.query(
            "select id, sealed from entries where account_id = ? order by happened_at desc limit ?",
            [session.account_id, _TAG_SUGGESTIONS_FROM],
        )
        opened = (_open(session, row) for row in rows)
        used = Counter(tag for content in opened if content is not None for tag in content["tags"])
    return [tag for tag, _ in used.most_common(most)]


def tidy_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags in the form in which Haru compares and shows them: composed, without '#', each once, in order."""
    tidied = (" ".join(composed(tag).strip().lstrip("#").split()) for tag in tags)
    unique = tuple(dict.fromkeys(tag for tag in tidied if tag))
    if len(unique) > TAGS_MAX:
        raise errors.TooManyTags(most=TAGS_MAX)
    if any(len(tag) > TAG_LENGTH_MAX for tag in unique):
        raise errors.TagTooLong(characters=TAG_LENGTH_MAX)
    return unique


def tidy_feelings(feelings: Iterable[str], earlier: Iterable[str] = ()) -> tuple[str, ...]:
    """Feelings by their keys, each once, in order. `earlier` are those of the entry that is being changed.

    A key that only a newer version of Haru knows may stay in an entry, but no form adds one.
    """
    unique = tuple(dict.fromkeys(feelings))
    if len(unique) > FEELINGS_MAX:
        raise errors.TooManyFeelings(most=FEELINGS_MAX)
    if not set(unique) <= FEELINGS.keys() | set(earlier):
        raise errors.UnknownFeeling()
    return unique


def _columns(session: Session, new: NewEntry, entry_id: str | None = None, earlier: Iterable[str] = ()) -> dict:
    """The columns of a new entry, after validation; `earlier` are the feelings of the entry that it replaces."""
    expect_valid(new)
    return {
        "day": new.day.isoformat(),
        "happened_at": database.timestamp(days.instant(new.day, new.at, new.timezone)),
        "time_known": int(new.at is not None),
        "timezone": new.timezone,
        "mood": new.mood,
        "intensity": int(new.intensity),
        "source": new.source,
        "sealed": _seal(
            session, entry_id or new.id, new.note, tidy_tags(new.tags), tidy_feelings(new.feelings, earlier)
        ),
    }


def expect_valid(new: NewEntry) -> None:
    """Raises an error if mood, strength, day or note cannot be stored."""
    if new.mood not in EMOTIONS:
        raise errors.UnknownMood()
    if new.intensity not in INTENSITIES:
        raise errors.IntensityOutOfRange()
    if new.day > days.today(new.timezone):
        raise errors.DayInFuture()
    if new.day < days.EARLIEST:
        raise errors.DayTooEarly(year=days.EARLIEST.year)
    if len(new.note) > NOTE_MAX:
        raise errors.NoteTooLong(characters=NOTE_MAX)


def as_row(session: Session, entry: Entry) -> dict:
    """The row of an entry from an export, unchanged; the parser of the file has validated it."""
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
        "sealed": _seal(session, entry.id, entry.note, entry.tags, entry.feelings),
        "version": entry.version,
        "created_at": database.timestamp(entry.created_at),
        "updated_at": database.timestamp(entry.updated_at),
    }


def _find(session: Session, where: str, values: list) -> list[Entry]:
    with database.connect() as db:
        rows = db.table("entries").rows_where(
            f"account_id = ? and {where}",
            [session.account_id, *values],
            order_by="happened_at, created_at",
            select=f"*, {_PROOF}",
        )
        has_proofs = ledger.exists(db, session.account_id)
        return [_entry(session, row, has_proofs) for row in rows]


def _entry(session: Session, row: dict, has_proofs: bool) -> Entry:
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
        # Entries of older versions have none.
        feelings=() if is_damaged else tuple(content.get("feelings", ())),
        is_damaged=is_damaged,
        is_altered=has_proofs and row["proof"] != proofs.of_entry(session.vault, row),
    )


def _seal(session: Session, entry_id: str, note: str, tags: Sequence[str], feelings: Sequence[str]) -> bytes:
    content = {"note": note, "tags": tags, "feelings": feelings}
    return session.vault.seal_json(content, damage.about_entry(entry_id))


def _open(session: Session, row: dict) -> dict | None:
    """Note, tags and feelings; None if they do not open, so that one damaged entry does not hide the others."""
    try:
        return session.vault.open_json(row["sealed"], damage.about_entry(row["id"]))
    except errors.Unopenable:
        return None


def _why_unchanged(db: Database, session: Session, entry_id: str) -> errors.DiaryError:
    exists = db.table("entries").count_where("id = ? and account_id = ?", [entry_id, session.account_id])
    return errors.EntryChanged() if exists else errors.EntryNotFound()


def _opened(session: Session, entry_id: str) -> dict:
    """Note, tags and feelings of this entry, empty if there is none; raises `Unopenable` if they are damaged."""
    with database.connect() as db:
        row = db.execute(
            "select sealed from entries where id = ? and account_id = ?", [entry_id, session.account_id]
        ).fetchone()
    return {} if row is None else session.vault.open_json(row[0], damage.about_entry(entry_id))
