"""What tests read from an export."""

from __future__ import annotations

import json

from diary import (
    database,
)
from diary.sessions import Session
from diary.transfer import export


def forget_entries(session: Session) -> None:
    with database.transaction() as db:
        db["entries"].delete_where("account_id = ?", [session.account_id])


def entries_of(content: bytes, without: tuple[str, ...] = ()) -> list[dict]:
    lines = json.loads(content)["entries"]
    return [{name: value for name, value in line.items() if name not in without} for line in lines]


def snapshot(session: Session) -> list[dict]:
    return entries_of(export.as_json(session))
