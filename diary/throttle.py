"""Throttles guessing of passwords and codes. It counts each try in the database before the try is checked.

A lock also delays the owner, but never longer than `LONGEST_WAIT`. The database has only a keyed hash of the
name or address.
"""

from __future__ import annotations

import hmac
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from diary import database, errors, server_secret

LONGEST_WAIT = timedelta(minutes=15)
_DELETED_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Limit:
    """The number of tries without a wait, and the first wait; each further try doubles it."""

    kind: str
    free: int
    reset_after: timedelta
    """After so long without a try, counting starts again."""
    first_wait: timedelta = timedelta(seconds=30)


BY_NAME = Limit("name", free=5, reset_after=_DELETED_AFTER)
RECOVERY_BY_NAME = Limit("recovery", free=5, reset_after=_DELETED_AFTER)
# A whole school may share one address.
BY_ADDRESS = Limit("address", free=50, reset_after=timedelta(hours=1))
SIGN_UPS_BY_ADDRESS = Limit("sign-up", free=50, reset_after=timedelta(hours=1))
# For a signed-in person who types the password again. Strangers who guess at the name must not lock it, and a stolen
# session must not lock the owner's other sessions.
BY_SESSION = Limit("session", free=5, reset_after=_DELETED_AFTER)


def count(limit: Limit, subject: str) -> None:
    """Counts one try; raises `TooManyTries` while the subject is locked."""
    moment = datetime.now(UTC)
    key = _key(limit, subject)
    with database.transaction() as db:
        db.execute("delete from tries where last_at < ?", [database.timestamp(moment - _DELETED_AFTER)])
        row = _row(db, key, since=moment - limit.reset_after)
        if row and row["locked_until"]:
            left = datetime.fromisoformat(row["locked_until"]) - moment
            # A longer lock means that the server's clock was set back; it must not count.
            if timedelta(0) < left <= LONGEST_WAIT:
                raise errors.TooManyTries(minutes=max(1, math.ceil(left.total_seconds() / 60)))
        failures = (row["failures"] if row else 0) + 1
        locked_until = None
        if failures >= limit.free:
            doublings = min(failures - limit.free, 10)
            locked_until = database.timestamp(moment + min(LONGEST_WAIT, limit.first_wait * 2**doublings))
        db.table("tries").upsert(
            {"subject": key, "failures": failures, "last_at": database.timestamp(moment), "locked_until": locked_until},
            pk="subject",
        )


def reset(limit: Limit, subject: str) -> None:
    """Starts counting again, after a right answer."""
    with database.transaction() as db:
        db.table("tries").delete_where("subject = ?", [_key(limit, subject)])


def uncount(limit: Limit, subject: str) -> None:
    """Removes one try, after a right answer by one of many people who share the subject."""
    with database.transaction() as db:
        db.execute(
            "update tries set failures = max(failures - 1, 0), "
            "locked_until = case when failures - 1 < ? then null else locked_until end where subject = ?",
            [limit.free, _key(limit, subject)],
        )


def _row(db: Database, key: str, since: datetime) -> dict | None:
    rows = db.query(
        "select failures, locked_until from tries where subject = ? and last_at >= ?", [key, database.timestamp(since)]
    )
    return next(rows, None)


def _key(limit: Limit, subject: str) -> str:
    return hmac.digest(
        server_secret.server_secret(), f"{limit.kind}:{subject}".encode(errors="surrogatepass"), "sha256"
    ).hex()
