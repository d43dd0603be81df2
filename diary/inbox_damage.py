"""What waits in an inbox and does not open: a person sees that it is there, and may delete it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from diary import api_tokens, database, deletions, inbox, sessions
from diary.deletions import Deletion
from diary.sessions import Session


@dataclass(frozen=True)
class Unopenable:
    """The entries that nobody can read any more."""

    ids: tuple[str, ...]
    days: tuple[date, ...]
    """The days that they were for, each once."""
    key_is_damaged: bool
    """Whether it is the account's key, so that the entries of today's tokens would not open either."""


def unopenable(session: Session) -> Unopenable:
    with database.connect() as db:
        rows = list(
            db.query("select * from inbox where account_id = ? order by day, received_at", [session.account_id])
        )
        has_key = db.table("inbox_keys").count_where("account_id = ?", [session.account_id]) > 0
    key_opens = inbox.key_opens(session)
    found = [row for row in rows if not key_opens or not inbox.opens(session, row)]
    days = {day for row in found if (day := _day(row["day"]))}
    return Unopenable(tuple(row["id"] for row in found), tuple(sorted(days)), has_key and not key_opens)


def delete(session: Session) -> Deletion:
    """Deletes them. With a damaged key, also that key and the tokens that have its public half: they are of no use."""
    found = unopenable(session)
    tokens = _with_this_key(session) if found.key_is_damaged else []
    with sessions.transaction(session) as db:
        deletion = _delete(db, session, "inbox", found.ids).joined(_delete(db, session, "api_tokens", tokens))
        if found.key_is_damaged:
            deletion = deletion.joined(
                deletions.delete(db, session, "inbox_keys", "account_id = ?", [session.account_id])
            )
        return deletion


def _delete(db: Database, session: Session, table: str, ids: Sequence[str]) -> Deletion:
    where = "account_id = ? and id in (select value from json_each(?))"
    return deletions.delete(db, session, table, where, [session.account_id, json.dumps(ids)])


def _with_this_key(session: Session) -> list[str]:
    return [
        token.id
        for token in api_tokens.every(session)
        if token.is_damaged or (api_tokens.WRITE in token.scopes and api_tokens.NOTES not in token.scopes)
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:  # changed outside of Haru
        return None
