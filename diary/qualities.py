"""What was measured of the input of a reading: sealed, because loudness, speed and pitch say something about a voice.

A version before 1.0 stored it in clear. That still reads, until the person's next sign-in seals it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from diary import errors
from diary.vault import Vault

Quality = dict[str, float]
SEALED = ""
"""Stands in the column of the clear text once it is sealed."""


def about(entry_id: str, source: str) -> str:
    """The place that it is sealed for."""
    return f"quality of the {source} of entry {entry_id}"


def sealed(opened: Vault, entry_id: str, source: str, quality: Mapping[str, float]) -> bytes:
    return opened.seal_json(dict(quality), about(entry_id, source))


def of_row(opened: Vault, row: Mapping[str, Any]) -> Quality | None:
    """That of a row of `readings`; None if it is damaged."""
    try:
        if row["sealed"] is None:
            found = json.loads(row["quality"])
        else:
            found = opened.open_json(row["sealed"], about(row["entry_id"], row["source"]))
    except (ValueError, errors.Unopenable):
        return None
    if not isinstance(found, dict) or not all(isinstance(value, int | float) for value in found.values()):
        return None
    return found


def has_clear(db: Database, account_id: str) -> bool:
    """Whether the account has any in clear, as the migration noted."""
    return bool(db.table("accounts").count_where("id = ? and has_clear_qualities", [account_id]))


def seal_clear(db: Database, account_id: str, opened: Vault) -> None:
    """Seals all that is in clear inside the caller's transaction, damaged text as it is."""
    rows = db.execute(
        "select r.id, r.entry_id, r.source, r.quality from readings r join entries e on e.id = r.entry_id "
        "where e.account_id = ? and r.sealed is null",
        [account_id],
    ).fetchall()
    db.conn.executemany(
        "update readings set sealed = ?, quality = ? where id = ?",
        [
            (opened.seal(quality.encode(), about(entry_id, source)), SEALED, reading_id)
            for reading_id, entry_id, source, quality in rows
        ],
    )
    db.execute("update accounts set has_clear_qualities = 0 where id = ?", [account_id])
