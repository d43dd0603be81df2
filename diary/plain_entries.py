"""Entries as their unsealed columns tell them: days, moods and strengths, for programs that have no data key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from diary import database, days, errors
from diary.sessions import Session

_COLUMNS = "select id, day, happened_at, time_known, timezone, mood, intensity from entries"
_ORDER = "happened_at, created_at, id"


@dataclass(frozen=True)
class PlainEntry:
    id: str
    day: date
    at: time | None
    timezone: str
    mood: str
    intensity: int


def page(session: Session, first: date, last: date, after: str | None, most: int) -> list[PlainEntry]:
    """At most so many entries of these days, earliest first; those behind the entry with the id `after`."""
    if after is not None:
        get(session, after)  # another person's id is none
    behind = f"and ({_ORDER}) > (select {_ORDER} from entries where id = :after)" if after else ""  # noqa: S608
    with database.connect() as db:
        rows = db.query(
            f"{_COLUMNS} where account_id = :account and day between :first and :last {behind} "
            f"order by {_ORDER} limit :most",
            {
                "account": session.account_id,
                "first": first.isoformat(),
                "last": last.isoformat(),
                "after": after,
                "most": most,
            },
        )
        return [_entry(row) for row in rows]


def get(session: Session, entry_id: str) -> PlainEntry:
    with database.connect() as db:
        rows = db.query(f"{_COLUMNS} where id = ? and account_id = ?", [entry_id, session.account_id])
        row = next(rows, None)
    if row is None:
        raise errors.EntryNotFound()
    return _entry(row)


def exists(session: Session, entry_id: str) -> bool:
    with database.connect() as db:
        return bool(db.table("entries").count_where("id = ? and account_id = ?", [entry_id, session.account_id]))


def _entry(row: dict) -> PlainEntry:
    at = days.local_time(datetime.fromisoformat(row["happened_at"]), row["timezone"]) if row["time_known"] else None
    return PlainEntry(row["id"], date.fromisoformat(row["day"]), at, row["timezone"], row["mood"], row["intensity"])
