"""Consents: what a person allowed, when, and when they withdrew it. Without a consent nothing is allowed."""

from __future__ import annotations

from sqlite_utils import Database

from diary import database, sessions
from diary.sessions import Session

DIARY = "diary"
"""Consent to store moods: given at sign-up, withdrawn by deleting the account."""
OPTIONAL = ("voice", "transcript", "face", "media")


def given(account_id: str) -> frozenset[str]:
    """The kinds of consent that the account gives now."""
    with database.connect() as db:
        rows = db.query(
            "select distinct kind from consents where account_id = ? and withdrawn_at is null", [account_id]
        )
        return frozenset(row["kind"] for row in rows)


def set_given(session: Session, kind: str, allowed: bool) -> None:
    """Gives or withdraws one consent, and stores the moment of both."""
    with sessions.transaction(session) as db:
        db.execute(
            "update consents set withdrawn_at = ? where account_id = ? and kind = ? and withdrawn_at is null",
            [database.now(), session.account_id, kind],
        )
        if allowed:
            insert(db, session.account_id, kind)
        elif kind == "media":
            # Without the consent, stored recordings, pictures and photographs must not stay.
            for table in ("media", "photos"):
                db.execute(
                    f"delete from {table} where entry_id in (select id from entries where account_id = ?)",  # noqa: S608
                    [session.account_id],
                )
            db.execute("update own_tracks set sound = null where account_id = ?", [session.account_id])


def insert(db: Database, account_id: str, kind: str) -> None:
    """Stores a consent inside the caller's transaction."""
    db.table("consents").insert({"account_id": account_id, "kind": kind, "given_at": database.now()})


def history(account_id: str) -> list[dict]:
    """All consents, oldest first, with the moments at which they were given and withdrawn."""
    with database.connect() as db:
        return list(
            db.query("select kind, given_at, withdrawn_at from consents where account_id = ? order by id", [account_id])
        )
