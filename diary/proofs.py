"""Proofs: a keyed hash of each row of a diary, by which a row shows that it was changed outside Haru.

A proof covers all columns, also the moods, days and times that are not sealed. Who has the file but not the account's
key can make none. The proofs stand beside the rows, so an entry whose columns were changed still opens its note.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from diary import vault
from diary.vault import Vault
from emotions import EMOTIONS

_OF_ENTRY = "entry_id in (select id from entries where account_id = :account)"


@dataclass(frozen=True)
class Covered:
    """A table whose rows have proofs."""

    table: str
    columns: tuple[str, ...]
    key: str = "id"
    """The primary key; with `day`, its first half."""
    day: str = "''"
    of_account: str = "account_id = :account"
    added: tuple[str, ...] = ()
    """Columns that came later. Where one is empty it is not in the proof, so that proofs from before still hold."""
    is_large: bool = False
    """Whether `sealed` may have megabytes, of which only the beginning is read."""


_ENTRY_COLUMNS = ("id", "account_id", "day", "happened_at", "time_known", "timezone", "mood", "intensity", "source")
ENTRIES = Covered("entries", (*_ENTRY_COLUMNS, "sealed", "version", "created_at", "updated_at"))
COVERED = (
    ENTRIES,
    Covered(
        "readings",
        ("id", "entry_id", "source", "model", "sure", *EMOTIONS, "quality", "created_at"),
        of_account=_OF_ENTRY,
        added=("sealed",),
    ),
    # Not `created_at`, which is behind a long recording or picture: SQLite would read all of it.
    Covered("media", ("id", "entry_id", "kind", "mime", "sealed"), of_account=_OF_ENTRY, is_large=True),
    Covered("photos", ("id", "entry_id", "sealed"), of_account=_OF_ENTRY, is_large=True),
    Covered(
        "transcripts",
        ("medium_id", "sealed", "created_at"),
        key="medium_id",
        of_account="medium_id in (select m.id from media m join entries e on e.id = m.entry_id "
        "where e.account_id = :account)",
    ),
    # Not `place`: moving a tracker must not vouch for a name that somebody put back.
    Covered("trackers", ("id", "account_id", "sealed", "created_at")),
    Covered(
        "tracker_values",
        ("tracker_id", "day", "sealed", "updated_at"),
        key="tracker_id",
        day="day",
        of_account="tracker_id in (select id from trackers where account_id = :account)",
    ),
)
BY_TABLE = {covered.table: covered for covered in COVERED}
READINGS = BY_TABLE["readings"]

RowKey = tuple[str, str]
"""The primary key of a row as text; the second half is empty where there is one column."""


def of_entry(opened: Vault, row: Mapping[str, Any]) -> bytes:
    """The proof that an entry with these columns should have."""
    sealed = row["sealed"]
    values = {**row, "sealed": _mark(sealed[: vault.MARK_BYTES], len(sealed))}
    return _proof(opened, ENTRIES, [values[column] for column in ENTRIES.columns])


def of_account(db: Database, opened: Vault, covered: Covered, account_id: str) -> dict[RowKey, bytes]:
    """The proof that each row of this account should have."""
    return dict(_proofs(db, opened, covered, f"{covered.table} where {covered.of_account}", account_id))


def of_touched(db: Database, opened: Vault, covered: Covered) -> dict[RowKey, bytes]:
    """The proof that each row should have that `temp.touched` names and that is still there."""
    day = "" if covered.day == "''" else f"and {covered.day} = touched_day"
    rows = f"{_touched(covered)} join {covered.table} on {covered.table}.{covered.key} = touched_id {day}"
    return dict(_proofs(db, opened, covered, rows, ""))


def stored(db: Database, covered: Covered, account_id: str) -> dict[RowKey, bytes]:
    """The proofs that the account's rows have."""
    query = "select row_id, day, proof from proofs where account_id = ? and kind = ?"
    return _by_key(db, query, [account_id, covered.table])


def stored_of_touched(db: Database, covered: Covered, account_id: str) -> dict[RowKey, bytes]:
    """The proofs that the rows had that `temp.touched` names."""
    query = (
        f"select row_id, day, proof from {_touched(covered)} join proofs "  # noqa: S608
        "on account_id = ? and kind = ? and row_id = touched_id and day = touched_day"
    )
    return _by_key(db, query, [account_id, covered.table])


def _touched(covered: Covered) -> str:
    return f"(select distinct touched_id, touched_day from temp.touched where kind = '{covered.table}')"  # noqa: S608


def _by_key(db: Database, query: str, values: list[str]) -> dict[RowKey, bytes]:
    return {(row_id, day): proof for row_id, day, proof in db.execute(query, values)}


def _proofs(
    db: Database, opened: Vault, covered: Covered, rows: str, account_id: str
) -> Iterator[tuple[RowKey, bytes]]:
    named = (*covered.columns, *covered.added)
    columns = [_sql_of_mark(covered) if column == "sealed" else column for column in named]
    query = f"select cast({covered.key} as text), {covered.day}, {', '.join(columns)} from {rows}"  # noqa: S608
    sealed = covered.columns.index("sealed") if covered.is_large else None
    for key, day, *values in db.execute(query, {"account": account_id} if ":account" in query else ()):
        if sealed is not None:
            values[sealed] = _mark_of_large(db, covered, values[sealed])
        while len(values) > len(covered.columns) and values[-1] is None:
            values.pop()
        yield (key, day), _proof(opened, covered, values)


def _proof(opened: Vault, covered: Covered, values: Sequence[object]) -> bytes:
    return opened.proof(json.dumps([covered.table, *values]).encode())


def _mark(beginning: bytes, length: int) -> str:
    """Stands for sealed content: only the bytes that Haru sealed with this nonce open, so the rest need not be read."""
    return f"{beginning.hex().upper()} {length}"


def _sql_of_mark(covered: Covered) -> str:
    if covered.is_large:
        return f"{covered.table}.rowid || ' ' || length(sealed)"
    return f"hex(substr(sealed, 1, {vault.MARK_BYTES})) || ' ' || length(sealed)"


def _mark_of_large(db: Database, covered: Covered, rowid_and_length: str) -> str:
    rowid, length = map(int, rowid_and_length.split())
    with db.conn.blobopen(covered.table, "sealed", rowid, readonly=True) as sealed:
        return _mark(sealed.read(vault.MARK_BYTES), length)
