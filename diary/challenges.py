"""Challenges: random values that a browser must answer soon and once, so that nobody can replay its answer.

The browser holds a challenge in a cookie that the server signed, so asking for one stores nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import sqlite3
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

from diary import database, errors, server_secret

LIFETIME = timedelta(minutes=5)
_BYTES = 32
_LONGEST = 256


def new(purpose: str, lifetime: timedelta = LIFETIME) -> tuple[bytes, str]:
    """A challenge and what the browser's cookie must hold. `purpose` names the act, and whose it is."""
    challenge = os.urandom(_BYTES)
    text = urlsafe_b64encode(challenge).decode()
    until = f"{text}.{int((datetime.now(UTC) + lifetime).timestamp())}"
    return challenge, f"{until}.{_signature(purpose, until)}"


def redeem(cookie: str, purpose: str) -> bytes:
    """The challenge in a cookie; raises `ChallengeExpired` if it was used, is too old or has another purpose."""
    until, _, signature = cookie[:_LONGEST].rpartition(".")
    if not hmac.compare_digest(_signature(purpose, until).encode(), signature.encode(errors="replace")):
        raise errors.ChallengeExpired()
    text, _, expires = until.partition(".")
    moment = datetime.now(UTC)
    expires_at = datetime.fromtimestamp(int(expires), UTC)
    if moment >= expires_at:
        raise errors.ChallengeExpired()
    with database.transaction() as db:
        db.execute("delete from used_challenges where expires_at < ?", [database.timestamp(moment)])
        try:
            db.table("used_challenges").insert(
                {"hash": hashlib.sha256(text.encode()).hexdigest(), "expires_at": database.timestamp(expires_at)}
            )
        except sqlite3.IntegrityError as error:
            raise errors.ChallengeExpired() from error
    return urlsafe_b64decode(text)


def _signature(purpose: str, until: str) -> str:
    text = f"{purpose}:{until}".encode(errors="replace")
    return hmac.digest(server_secret.derived("challenges"), text, "sha256").hex()
