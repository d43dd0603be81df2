"""Throttles guessing of passwords and codes. It counts each try in the database before the try is checked.

Nobody is locked out: each further try waits longer, at most `LONGEST_WAIT`. Strangers who guess at one name share few
tries an hour, but neither a signed-in browser nor one that was signed in before waits for them
(diary/known_browsers.py). The database has only a keyed hash of the name or address.
"""

from __future__ import annotations

import hmac
import ipaddress
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import database, errors, server_secret, steady_clock

LONGEST_WAIT = timedelta(minutes=15)
_DELETED_AFTER = timedelta(hours=24)
_IPV6_NETWORK = 64


@dataclass(frozen=True)
class Limit:
    """The number of tries without a wait, and the first wait; each further try doubles it up to the longest."""

    kind: str
    free: int
    reset_after: timedelta
    """After so long without a try, counting starts again."""
    first_wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = LONGEST_WAIT


# One try of a browser that the account does not know counts against all three. In any hour, 16 passwords and 12 codes
# are judged for one name, from however many addresses; one address alone cannot use up the tries of the others.
BY_NAME = Limit("name", 7, timedelta(hours=1), timedelta(minutes=6), timedelta(minutes=6))
BY_NAME_AND_ADDRESS = Limit("name and address", 5, _DELETED_AFTER)
# A whole school may share one address.
BY_ADDRESS = Limit("address", 50, timedelta(hours=1))
RECOVERY_BY_NAME = Limit("recovery", 4, timedelta(hours=1), timedelta(minutes=7), timedelta(minutes=7))
RECOVERY_BY_NAME_AND_ADDRESS = Limit("recovery and address", 3, _DELETED_AFTER, timedelta(minutes=1))
# For a browser that the account knows, in place of the limits above.
BY_BROWSER = Limit("browser", 5, _DELETED_AFTER)
RECOVERY_BY_BROWSER = Limit("recovery and browser", 5, _DELETED_AFTER)
# Codes of the second factor, after a right password. Three of a million are right at a time.
CODES_BY_ACCOUNT = Limit("code", 5, _DELETED_AFTER)
CODES_BY_BROWSER = Limit("code and browser", 5, _DELETED_AFTER)
CODES_BY_SESSION = Limit("code and session", 5, _DELETED_AFTER)
# For a signed-in person who types the password again. A stolen session must not lock the owner's other sessions.
BY_SESSION = Limit("session", 5, _DELETED_AFTER)
# No name is guessed and no passkey can be: this only bounds the work.
PASSKEYS_BY_ADDRESS = Limit("passkey", 30, timedelta(hours=1))
# Each makes the server ask the provider.
PROVIDER_BY_ADDRESS = Limit("provider", 30, timedelta(hours=1))
SIGN_UPS_BY_ADDRESS = Limit("sign-up", 50, timedelta(hours=1))
# Requests to the API: after these many without a pause of a minute, a program has to wait between two of them.
API_BY_TOKEN = Limit("api token", 120, timedelta(minutes=1), timedelta(seconds=1), timedelta(seconds=1))
API_BY_ADDRESS = Limit("api address", 600, timedelta(minutes=1), timedelta(seconds=0.1), timedelta(seconds=0.1))
# A token cannot be guessed; this saves the work.
API_UNKNOWN_BY_ADDRESS = Limit("unknown api token", 30, timedelta(hours=1))

Try = tuple[Limit, str]
"""What a try counts against: a limit, and the name, address or browser that tries."""


def count(*tries: Try) -> str:
    """Counts one try against every given limit; while one of them has to wait, raises `TooManyTries` and counts none.

    A try that is refused learns nothing, so it makes nobody wait longer. Returns the moment, for `uncount`.
    """
    with database.transaction() as db:
        moment = steady_clock.now(db)
        db.execute("delete from tries where last_at < ?", [database.timestamp(moment - _DELETED_AFTER)])
        rows = _rows(db, tries, moment)
        wait = _wait(rows, moment)
        if not wait:
            for (limit, subject), row in zip(tries, rows, strict=True):
                db.table("tries").upsert(
                    {"subject": _key(limit, subject), **_counted(limit, row, moment)}, pk="subject"
                )
    # Not within the transaction, which would take back the start of the steady clock, too.
    _expect_none(wait)
    return database.timestamp(moment)


def check(*tries: Try) -> None:
    """Raises `TooManyTries` where `count` would, and counts nothing."""
    with database.transaction() as db:
        moment = steady_clock.now(db)
        wait = _wait(_rows(db, tries, moment), moment)
    _expect_none(wait)


def _rows(db: Database, tries: Iterable[Try], moment: datetime) -> list[dict | None]:
    return [_row(db, _key(limit, subject), since=moment - limit.reset_after) for limit, subject in tries]


def _wait(rows: Iterable[dict | None], moment: datetime) -> timedelta:
    """How long the longest of the locks still holds."""
    locks = (datetime.fromisoformat(row["locked_until"]) for row in rows if row and row["locked_until"])
    return max((lock - moment for lock in locks if lock > moment), default=timedelta(0))


def _expect_none(wait: timedelta) -> None:
    if wait:
        raise errors.TooManyTries(minutes=math.ceil(wait / timedelta(minutes=1)))


def _counted(limit: Limit, row: dict | None, moment: datetime) -> dict:
    failures = (row["failures"] if row else 0) + 1
    locked_until = None
    if failures >= limit.free:
        doublings = min(failures - limit.free, 10)
        locked_until = database.timestamp(moment + min(limit.longest_wait, limit.first_wait * 2**doublings))
    return {"failures": failures, "last_at": database.timestamp(moment), "locked_until": locked_until}


def reset(limit: Limit, subject: str) -> None:
    """Starts counting again, after a right answer."""
    with database.transaction() as db:
        db.table("tries").delete_where("subject = ?", [_key(limit, subject)])


def uncount(limit: Limit, subject: str, counted_at: str) -> None:
    """Takes one try back, after a right answer by one of many people who share the subject.

    Its wait ends with it, but not the wait of a wrong try that came meanwhile.
    """
    with database.transaction() as db:
        db.execute(
            "update tries set failures = max(failures - 1, 0), "
            "locked_until = case when last_at = ? then null else locked_until end where subject = ?",
            [counted_at, _key(limit, subject)],
        )


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 of IPv6 that one household has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    # A socket for both versions writes IPv4 as ::ffff:192.0.2.1: without this, all of it would be one network.
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(parsed), _IPV6_NETWORK), strict=False))


def _row(db: Database, key: str, since: datetime) -> dict | None:
    rows = db.query(
        "select failures, locked_until from tries where subject = ? and last_at >= ?", [key, database.timestamp(since)]
    )
    return next(rows, None)


def _key(limit: Limit, subject: str) -> str:
    return hmac.digest(
        server_secret.server_secret(), f"{limit.kind}:{subject}".encode(errors="surrogatepass"), "sha256"
    ).hex()
