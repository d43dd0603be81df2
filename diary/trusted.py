"""Trusted people: with a person's consent, somebody with an account here sees whether they kept a day.

They see the last day that was kept, and the moods of the last days if the person allows that: never a word, a tag, a
reading or a time of day. The person invites by a code that works once, and the other accepts while signed in. Either
ends it at any time. Both names are as each gave them for this purpose; a key of the server's secret seals them, because
both must be able to read them.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from diary import calendar, database, days, errors, names, server_secret, sessions, throttle, vault
from diary.sessions import Session
from diary.vault import Vault

log = logging.getLogger("haru.trusted")

KEPT, MOODS = "kept", "moods"
SHOWS = (KEPT, MOODS)
"""Whether a day was kept; the colours of the last days besides."""
MOST = 5
MOOD_DAYS = 7
LONGEST = 30
"""Days after which nobody is told how many there are."""
CODE_LIFETIME = timedelta(days=3)
_CODES = throttle.Limit("trusted code", free=10, reset_after=timedelta(hours=1))
_CODE_TYPED_MAX = 100


@dataclass(frozen=True)
class Allowed:
    """Somebody who sees that this person is well, or who is invited to."""

    id: str
    name: str
    """Of the other; as the person wrote it until they accept, then as they did themselves."""
    shows: str
    since: datetime | None
    """When they accepted; None while they are only invited."""
    invited_until: datetime
    looked_at: datetime | None
    is_mailed: bool
    """Whether they also get it by mail, once a week."""


@dataclass(frozen=True)
class Invitation:
    """What a code offers to the person who has it."""

    id: str
    name: str
    shows: str


@dataclass(frozen=True)
class Seen:
    """What somebody lets this person see."""

    id: str
    name: str
    days_ago: int | None
    """Since the last day that they kept: 0 is today. None if they kept none in the last `LONGEST` days."""
    moods: tuple[tuple[date, str | None], ...]
    """The mood of each of the last days, the earliest first; empty if they do not show it."""
    is_mailed: bool = False


def invite(session: Session, their_name: str, own_name: str, shows: str) -> str:
    """Invites somebody; returns the code for them, which is stored nowhere."""
    their_name, own_name = names.tidy(their_name), names.tidy(own_name)
    if shows not in SHOWS:
        raise ValueError(f"nobody can be shown {shows!r}")
    code, row_id, now = vault.new_recovery_code(), secrets.token_hex(16), datetime.now(UTC)
    with sessions.transaction(session) as db:
        db.execute("delete from trusted where accepted_at is null and expires_at < ?", [database.timestamp(now)])
        if db.table("trusted").count_where("account_id = ?", [session.account_id]) >= MOST:
            raise errors.TooManyTrusted(most=MOST)
        db.table("trusted").insert(
            {
                "id": row_id,
                "account_id": session.account_id,
                "code_hash": _hash(code),
                "shows": shows,
                "sealed": _seal(row_id, {"theirs": their_name, "own": own_name}),
                "created_at": database.timestamp(now),
                "expires_at": database.timestamp(now + CODE_LIFETIME),
            }
        )
    return code


def find_invitation(session: Session, code: str) -> Invitation:
    """What the code offers; raises `CodeWrong` for one that is old, used, ended or the person's own."""
    throttle.count((_CODES, session.account_id))
    with database.connect() as db:
        row = next(db.query(_BY_CODE, _open_code(session, code)), None)
    if row is None:
        raise errors.CodeWrong()
    return Invitation(row["id"], _names(row)["own"], row["shows"])


def accept(session: Session, code: str, own_name: str) -> None:
    """Accepts an invitation. From now on this person sees what it offers, and its code opens nothing any more."""
    own_name = names.tidy(own_name)
    throttle.count((_CODES, session.account_id))
    with sessions.transaction(session) as db:
        row = next(db.query(_BY_CODE, _open_code(session, code)), None)
        if row is None:
            raise errors.CodeWrong()
        # A newer invitation of the same person takes the place of the one before.
        db.table("trusted").delete_where("account_id = ? and trusted_id = ?", [row["account_id"], session.account_id])
        db.execute(
            "update trusted set trusted_id = ?, code_hash = null, accepted_at = ?, sealed = ? where id = ?",
            [session.account_id, database.now(), _seal(row["id"], _names(row) | {"theirs": own_name}), row["id"]],
        )
    throttle.reset(_CODES, session.account_id)


def allowed(session: Session) -> list[Allowed]:
    """Everybody who sees that this person is well, and those invited whose code still works."""
    with database.connect() as db:
        rows = list(
            db.query(
                "select * from trusted where account_id = ? and (accepted_at is not null or expires_at >= ?) "
                "order by created_at",
                [session.account_id, database.now()],
            )
        )
    return [
        Allowed(
            row["id"],
            _names(row)["theirs"],
            row["shows"],
            _moment(row["accepted_at"]),
            datetime.fromisoformat(row["expires_at"]),
            _moment(row["looked_at"]),
            row["mailed_since"] is not None,
        )
        for row in rows
    ]


def exported(session: Session) -> list[dict[str, Any]]:
    """`allowed` for the export of a person's data."""
    return [
        {
            "name": one.name,
            "shows": one.shows,
            "since": database.timestamp(one.since) if one.since else None,
            "last_looked_at": database.timestamp(one.looked_at) if one.looked_at else None,
            "by_mail": one.is_mailed,
        }
        for one in allowed(session)
    ]


def choose(session: Session, trusted_id: str, shows: str) -> None:
    """Changes what somebody sees."""
    if shows not in SHOWS:
        raise ValueError(f"nobody can be shown {shows!r}")
    with sessions.transaction(session) as db:
        db.execute(
            "update trusted set shows = ? where id = ? and account_id = ?", [shows, trusted_id, session.account_id]
        )


def end(session: Session, trusted_id: str) -> None:
    """Ends it for both; either may."""
    with sessions.transaction(session) as db:
        db.table("trusted").delete_where("id = ? and ? in (account_id, trusted_id)", [trusted_id, session.account_id])


def seen(session: Session) -> list[Seen]:
    """What others let this person see now, and notes for each of them that it was looked at."""
    with sessions.transaction(session) as db:
        rows = list(db.query(_SEEN, [session.account_id]))
        db.execute("update trusted set looked_at = ? where trusted_id = ?", [database.now(), session.account_id])
        return [_seen(db, row) for row in rows]


def choose_mail(session: Session, trusted_id: str, is_wanted: bool) -> None:
    """Whether this person, who sees it, also gets it by mail once a week (reminders/trusted_mail.py)."""
    with sessions.transaction(session) as db:
        db.execute(
            "update trusted set mailed_since = ? where id = ? and trusted_id = ?",
            [database.now() if is_wanted else None, trusted_id, session.account_id],
        )


def for_mail(trusted_id: str) -> Seen | None:
    """What may be mailed now; None once it has ended or is not wanted any more. Moods are in no mail."""
    with database.connect() as db:
        rows = db.query(f"{_ACCEPTED} and t.id = ? and t.mailed_since is not null", [trusted_id])
        row = next(rows, None)
        return _seen(db, {**row, "shows": KEPT}) if row else None


def _seen(db: Database, row: dict[str, Any]) -> Seen:
    today = days.today(days.known_zone(row["timezone"]))
    last = _last_day(db, row["account_id"], today)
    moods: tuple[tuple[date, str | None], ...] = ()
    if row["shows"] == MOODS:
        moods = _moods(db, row["account_id"], today)
    days_ago = (today - last).days if last else None
    return Seen(row["id"], _names(row)["own"], days_ago, moods, row["mailed_since"] is not None)


def _last_day(db: Database, account_id: str, today: date) -> date | None:
    """The last day that was kept; also where its entry waits for the diary to be opened (diary/inbox.py)."""
    found = [
        db.execute(
            f"select max(day) from {table} where account_id = ? and day between ? and ?",  # noqa: S608
            [account_id, (today - timedelta(days=LONGEST)).isoformat(), today.isoformat()],
        ).fetchone()[0]
        for table in ("entries", "inbox")
    ]
    return max((date.fromisoformat(day) for day in found if day), default=None)


def _moods(db: Database, account_id: str, today: date) -> tuple[tuple[date, str | None], ...]:
    shown = [today - timedelta(days=ago) for ago in reversed(range(MOOD_DAYS))]
    rows = db.execute(
        "select day, mood, intensity from entries where account_id = ? and day between ? and ? "
        "order by day, happened_at, created_at",
        [account_id, shown[0].isoformat(), today.isoformat()],
    ).fetchall()
    kept = calendar.days_of(_typed(rows), "latest")
    return tuple((day, kept[day].mood if day in kept else None) for day in shown)


def _typed(rows: Iterable[tuple[str, str, int]]) -> Iterable[tuple[date, str, int]]:
    return ((date.fromisoformat(day), mood, intensity) for day, mood, intensity in rows)


_BY_CODE = "select * from trusted where code_hash = ? and account_id != ? and accepted_at is null and expires_at >= ?"
_ACCEPTED = (
    "select t.*, a.timezone from trusted t join accounts a on a.id = t.account_id where t.accepted_at is not null "
    "and t.account_id not in (select account_id from account_locks)"
)
_SEEN = f"{_ACCEPTED} and t.trusted_id = ? order by t.accepted_at"


def _open_code(session: Session, code: str) -> list[str]:
    return [_hash(code[:_CODE_TYPED_MAX]), session.account_id, database.now()]


def _hash(code: str) -> str:
    """Without a slow hash: a code has 125 bits."""
    return hashlib.sha256(vault.tidy_recovery_code(code).encode()).hexdigest()


def _seal(row_id: str, both: dict[str, str]) -> bytes:
    return _vault().seal_json(both, f"trusted {row_id}")


def _names(row: dict[str, Any]) -> dict[str, str]:
    try:
        return _vault().open_json(row["sealed"], f"trusted {row['id']}")
    except errors.Unopenable:  # of another server's secret
        log.warning("the names of trusted people do not open")
        return {"theirs": "", "own": ""}


def _vault() -> Vault:
    return Vault(server_secret.derived("trusted people"))


def _moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
