"""Trackers: what a person counts besides moods, such as sleep, pain or steps, with at most one value a day.

Name, emoji, kind and values are sealed. Every statement names the account, so the id of another person's tracker finds
nothing.
"""

from __future__ import annotations

import math
import re
import secrets
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlite_utils import Database

from diary import damage, database, days, deletions, errors, sessions
from diary.composing import composed
from diary.deletions import Deletion
from diary.sessions import Session

KINDS = ("scale", "minutes", "count", "yes_no")
HIGHEST = {"scale": 10, "minutes": 24 * 60, "count": 1_000_000, "yes_no": 1}
"""The largest value of each kind; the smallest is 0."""
TRACKERS_MAX = 10
NAME_MAX = 40
_JOINERS = "\u200c\u200d"
_DECIMALS = 2  # of a count: a weight in kilograms
_PARTS_OF_A_CHARACTER_MAX = 4  # Unicode composes at most this many characters into one

_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934-\u2b55\u3030\u303d\u3297"
    "\u3299\U0001f004-\U0001faff](?:\ufe0f|[\U0001f3fb-\U0001f3ff])?"
)
# A flag of two letters, a key with a digit, or pictures joined to one.
_EMOJI = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_PICTURE}(?:[\U000e0020-\U000e007f]{{1,8}}|(?:\u200d{_PICTURE}){{1,5}})?"
)


@dataclass(frozen=True)
class Tracker:
    """One tracker of a person."""

    name: str
    emoji: str
    kind: str
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    is_damaged: bool = False
    """True if it does not open: name, emoji and kind are empty here."""

    @property
    def label(self) -> str:
        return f"{self.emoji} {self.name}"


Value = int | float
ValuesByDay = dict[str, dict[date, Value]]
"""The values of each tracker, by its id and the day."""


def every(session: Session) -> list[Tracker]:
    """All trackers in the person's order, damaged ones too, so that they can be deleted."""
    with database.connect() as db:
        return _every(db, session)


def intact(session: Session) -> list[Tracker]:
    return [tracker for tracker in every(session) if not tracker.is_damaged]


def add(session: Session, new: Tracker) -> str:
    """Adds a tracker below the others and returns its id. The same new tracker twice (a double tap) is one."""
    tidied = tidy(new)
    with sessions.transaction(session) as db:
        here = _every(db, session)
        if any(tracker.id == new.id for tracker in here):
            return new.id
        if len(here) >= TRACKERS_MAX:
            raise errors.TooManyTrackers(most=TRACKERS_MAX)
        _expect_new_name(here, tidied)
        db.table("trackers").insert(as_row(session, tidied, _last_place(db, session) + 1))
    return new.id


def change(session: Session, tracker_id: str, name: str, emoji: str) -> None:
    """Gives a tracker another name and emoji. Its kind stays, because its values have that kind."""
    with sessions.transaction(session) as db:
        here = {tracker.id: tracker for tracker in _every(db, session)}
        if tracker_id not in here:
            raise errors.TrackerNotFound()
        if here[tracker_id].is_damaged:
            raise errors.Unopenable()
        changed = tidy(Tracker(name, emoji, here[tracker_id].kind, tracker_id))
        _expect_new_name([tracker for tracker in here.values() if tracker.id != tracker_id], changed)
        db.execute(
            "update trackers set sealed = ? where id = ? and account_id = ?",
            [_seal(session, changed), tracker_id, session.account_id],
        )


def move(session: Session, tracker_id: str, steps: int) -> None:
    """Moves a tracker `steps` places down; up if negative. It stops at both ends."""
    with sessions.transaction(session) as db:
        order = [tracker.id for tracker in _every(db, session)]
        if tracker_id not in order:
            raise errors.TrackerNotFound()
        place = order.index(tracker_id)
        order.insert(min(max(place + steps, 0), len(order) - 1), order.pop(place))
        db.conn.executemany(
            "update trackers set place = ? where id = ? and account_id = ?",
            [(place, moved, session.account_id) for place, moved in enumerate(order, start=1)],
        )


def delete(session: Session, tracker_id: str) -> Deletion:
    """Deletes a tracker with its values; a damaged one only if the key opens half of all entries.

    The deletion can be undone.
    """
    if any(tracker.id == tracker_id and tracker.is_damaged for tracker in every(session)):
        damage.expect_key_fits(session)
    with sessions.transaction(session) as db:
        deletion = deletions.delete(
            db, session, "trackers", "id = ? and account_id = ?", [tracker_id, session.account_id]
        )
    if not deletion:
        raise errors.TrackerNotFound()
    return deletion


def set_value(session: Session, tracker_id: str, day: date, value: Value, zone: str) -> None:
    """Stores the value of a day and replaces an earlier one."""
    if day > days.today(zone):
        raise errors.DayInFuture()
    if day < days.EARLIEST:
        raise errors.DayTooEarly(year=days.EARLIEST.year)
    with sessions.transaction(session) as db:
        kind = _kind(db, session, tracker_id)
        row = value_row(session, tracker_id, day, tidy_value(kind, value))
        db.table("tracker_values").insert(row, replace=True)


def clear_value(session: Session, tracker_id: str, day: date) -> None:
    with sessions.transaction(session) as db:
        db.execute(
            "delete from tracker_values where tracker_id = ? and day = ? "
            "and tracker_id in (select id from trackers where account_id = ?)",
            [tracker_id, day.isoformat(), session.account_id],
        )


def of_day(session: Session, day: date) -> dict[str, Value]:
    """The values of one day, by the tracker's id."""
    return {tracker_id: values[day] for tracker_id, values in between(session, day, day).items()}


def between(session: Session, first: date, last: date) -> ValuesByDay:
    """The values of these days that open, earliest first."""
    found: ValuesByDay = defaultdict(dict)
    for tracker_id, day, sealed in _rows(session, first, last):
        value = _open_value(session, tracker_id, day, sealed)
        if value is not None:
            found[tracker_id][date.fromisoformat(day)] = value
    return dict(found)


def count_by_day(session: Session, first: date, last: date) -> dict[date, int]:
    """How many trackers have a value on each of these days, without the days that have none. Opens no value."""
    with database.connect() as db:
        rows = db.execute(
            "select v.day, count(*) from trackers t join tracker_values v on v.tracker_id = t.id "
            "where t.account_id = ? and v.day between ? and ? group by v.day",
            [session.account_id, first.isoformat(), last.isoformat()],
        )
        return {date.fromisoformat(day): count for day, count in rows}


def first_day(session: Session) -> date | None:
    """The earliest day that has a value."""
    with database.connect() as db:
        (day,) = db.execute(
            "select min(v.day) from tracker_values v join trackers t on t.id = v.tracker_id where t.account_id = ?",
            [session.account_id],
        ).fetchone()
    return date.fromisoformat(day) if day else None


def count_values(session: Session) -> dict[str, int]:
    """How many values each tracker has."""
    with database.connect() as db:
        rows = db.execute(
            "select v.tracker_id, count(*) from tracker_values v join trackers t on t.id = v.tracker_id "
            "where t.account_id = ? group by v.tracker_id",
            [session.account_id],
        )
        return dict(rows.fetchall())


def count_damaged_values(session: Session, first: date = date.min, last: date = date.max) -> int:
    """How many values of these days do not open, or belong to a damaged tracker."""
    damaged = {tracker.id for tracker in every(session) if tracker.is_damaged}
    return sum(
        tracker_id in damaged or _open_value(session, tracker_id, day, sealed) is None
        for tracker_id, day, sealed in _rows(session, first, last)
    )


def tidy(tracker: Tracker) -> Tracker:
    """The tracker with its name as Haru stores and compares it; raises an error if it cannot be stored."""
    if tracker.kind not in KINDS:
        raise errors.UnknownTrackerKind()
    return Tracker(tidy_name(tracker.name), tidy_emoji(tracker.emoji), tracker.kind, tracker.id)


def tidy_name(name: str) -> str:
    if len(name) > NAME_MAX * _PARTS_OF_A_CHARACTER_MAX:
        raise errors.TrackerNameTooLong(characters=NAME_MAX)
    tidied = " ".join("".join(sign for sign in composed(name) if not _is_invisible(sign)).split())
    if not any(sign.isprintable() and not sign.isspace() for sign in tidied):
        raise errors.TrackerNameEmpty()
    if len(tidied) > NAME_MAX:
        raise errors.TrackerNameTooLong(characters=NAME_MAX)
    return tidied


def compared_name(name: str) -> str:
    """The form of a tidy name that no two trackers share."""
    return name.casefold()


def tidy_emoji(emoji: str) -> str:
    tidied = emoji.strip()
    if not _EMOJI.fullmatch(tidied):
        raise errors.EmojiUnusable()
    return tidied


def tidy_value(kind: str, value: Value) -> Value:
    """The value as Haru stores it; raises an error outside the range of its kind."""
    highest = HIGHEST[kind]
    is_number = isinstance(value, int | float) and math.isfinite(value)
    rounded = round(value, _DECIMALS) if is_number else math.nan
    is_whole = is_number and rounded == int(rounded)
    if not 0 <= rounded <= highest or (kind != "count" and not is_whole):
        raise errors.TrackerValueOutOfRange(highest="24:00" if kind == "minutes" else f"{highest:,}")
    return int(rounded) if is_whole else rounded


def as_row(session: Session, tracker: Tracker, place: int) -> dict:
    """The row of a tracker after `tidy`."""
    return {
        "id": tracker.id,
        "account_id": session.account_id,
        "sealed": _seal(session, tracker),
        "place": place,
        "created_at": database.now(),
    }


def value_row(session: Session, tracker_id: str, day: date, value: Value) -> dict:
    """The row of a value after `tidy_value`."""
    return {
        "tracker_id": tracker_id,
        "day": day.isoformat(),
        "sealed": session.vault.seal_json(value, _about_value(tracker_id, day.isoformat())),
        "updated_at": database.now(),
    }


def insert_all(db: Database, session: Session, new: Sequence[Tracker], value_rows: Sequence[dict]) -> None:
    """Inserts imported trackers and values inside the caller's transaction. A value that the diary has stays."""
    here = _every(db, session)
    if len(here) + len(new) > TRACKERS_MAX:
        raise errors.TooManyTrackers(most=TRACKERS_MAX)
    last = _last_place(db, session)
    for place, tracker in enumerate(new, start=last + 1):
        _expect_new_name(here, tracker)
        here.append(tracker)
        db.table("trackers").insert(as_row(session, tracker, place))
    if not {row["tracker_id"] for row in value_rows} <= {tracker.id for tracker in here}:
        raise errors.DiaryMovedOn()  # another tab deleted the tracker meanwhile
    db.conn.executemany(
        "insert or ignore into tracker_values (tracker_id, day, sealed, updated_at) "
        "values (:tracker_id, :day, :sealed, :updated_at)",
        value_rows,
    )


def _every(db: Database, session: Session) -> list[Tracker]:
    rows = db.query(
        "select id, sealed from trackers where account_id = ? order by place, created_at, rowid", [session.account_id]
    )
    return [_tracker(session, row) for row in rows]


def _tracker(session: Session, row: dict) -> Tracker:
    try:
        content = session.vault.open_json(row["sealed"], _about(row["id"]))
        return Tracker(content["name"], content["emoji"], content["kind"], row["id"])
    except errors.Unopenable:
        return Tracker("", "", "", row["id"], is_damaged=True)


def _expect_new_name(here: Sequence[Tracker], new: Tracker) -> None:
    if compared_name(new.name) in {compared_name(tracker.name) for tracker in here if not tracker.is_damaged}:
        raise errors.TrackerNameTaken()


def _kind(db: Database, session: Session, tracker_id: str) -> str:
    tracker = next((tracker for tracker in _every(db, session) if tracker.id == tracker_id), None)
    if tracker is None:
        raise errors.TrackerNotFound()
    if tracker.is_damaged:
        raise errors.Unopenable()
    return tracker.kind


def _last_place(db: Database, session: Session) -> int:
    (place,) = db.execute(
        "select coalesce(max(place), 0) from trackers where account_id = ?", [session.account_id]
    ).fetchone()
    return place


def _rows(session: Session, first: date, last: date) -> list[tuple[str, str, bytes]]:
    with database.connect() as db:
        return db.execute(
            "select v.tracker_id, v.day, v.sealed from tracker_values v join trackers t on t.id = v.tracker_id "
            "where t.account_id = ? and v.day between ? and ? order by v.day",
            [session.account_id, first.isoformat(), last.isoformat()],
        ).fetchall()


def _open_value(session: Session, tracker_id: str, day: str, sealed: bytes) -> Value | None:
    """The value; None if it does not open, so that one damaged value does not hide the others."""
    try:
        return session.vault.open_json(sealed, _about_value(tracker_id, day))
    except errors.Unopenable:
        return None


def _seal(session: Session, tracker: Tracker) -> bytes:
    content = {"name": tracker.name, "emoji": tracker.emoji, "kind": tracker.kind}
    return session.vault.seal_json(content, _about(tracker.id))


def _is_invisible(sign: str) -> bool:
    """Control and format characters, except spaces and the joiners inside an emoji or a word."""
    return unicodedata.category(sign).startswith("C") and not sign.isspace() and sign not in _JOINERS


def _about(tracker_id: str) -> str:
    return f"tracker {tracker_id}"


def _about_value(tracker_id: str, day: str) -> str:
    return f"value of tracker {tracker_id} on {day}"
