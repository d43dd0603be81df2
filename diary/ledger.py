"""The ledger of a diary: by it, removed rows and old rows that were put back are noticed.

It is sealed by the account's key, and holds the number of changes so far and the sum of the proofs of all rows
(diary/proofs.py). Each transaction of a signed-in person brings proofs and ledger up to date with what it changed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from sqlite_utils import Database

from diary import errors, proofs, qualities, resealing
from diary.proofs import COVERED, READINGS, Covered, RowKey
from diary.vault import Vault

log = logging.getLogger("haru.ledger")

_MODULUS = 2**256


@dataclass(frozen=True)
class Ledger:
    changes: int
    """Grows by one with each transaction that changes the diary."""
    total: str
    """The sum of all proofs, modulo 2**256, in hexadecimal."""
    was_lost: bool = False
    """Whether the account had a ledger before, which somebody removed from the file."""


def exists(db: Database, account_id: str) -> bool:
    return bool(db.table("ledgers").count_where("account_id = ?", [account_id]))


def begin(db: Database, account_id: str, opened: Vault) -> None:
    """Writes the ledger of a new account, in the transaction that makes it."""
    _write(db, account_id, opened, Ledger(0, _hex(0)))


def ensure(db: Database, account_id: str, opened: Vault) -> None:
    """Adopts the diary of an earlier version: seals its contents again, and makes its proofs and its ledger.

    What that version stored in clear is sealed (diary/qualities.py), also beside a ledger.

    Call it before the same transaction seals anything. Every content that a version with ledgers sealed is padded, so
    where such content has no ledger, somebody removed it. Then the proofs stay as they are, and `was_lost` tells.
    """
    if not exists(db, account_id):
        _adopt_earlier(db, account_id, opened)
    if qualities.has_clear(db, account_id):
        _seal_qualities(db, account_id, opened)


def _adopt_earlier(db: Database, account_id: str, opened: Vault) -> None:
    if resealing.has_padded(db, account_id):
        log.error("the ledger of a diary is gone from the database")
        stored = (proof for covered in COVERED for proof in proofs.stored(db, covered, account_id).values())
        _write(db, account_id, opened, Ledger(0, _hex(_sum(stored)), was_lost=True))
    else:
        resealing.reseal(db, account_id, opened)
        qualities.seal_clear(db, account_id, opened)
        _adopt(db, account_id, opened, changes=0)


def _seal_qualities(db: Database, account_id: str, opened: Vault) -> None:
    """Only a row whose proof held gets a new one: sealing must not vouch for what somebody changed outside Haru."""
    stored = proofs.stored(db, READINGS, account_id)
    before = proofs.of_account(db, opened, READINGS, account_id)
    qualities.seal_clear(db, account_id, opened)
    after = proofs.of_account(db, opened, READINGS, account_id)
    now = {key: proof for key, proof in after.items() if key in stored and stored[key] == before[key] != proof}
    _store(db, account_id, READINGS, now)
    if now:
        _count(db, account_id, opened, _sum(now.values()) - _sum(stored[key] for key in now))


def accept(db: Database, account_id: str, opened: Vault) -> None:
    """Takes every row as it is now, after the person looked through the diary."""
    known = read(db, account_id, opened)
    _adopt(db, account_id, opened, changes=known.changes + 1 if known else 0)


def read(db: Database, account_id: str, opened: Vault) -> Ledger | None:
    """None if there is no ledger that opens with this key."""
    row = db.execute("select sealed from ledgers where account_id = ?", [account_id]).fetchone()
    try:
        return Ledger(**opened.open_json(row[0], _about(account_id))) if row else None
    except errors.Unopenable:
        return None


def total(stored: Iterable[bytes]) -> str:
    """What `Ledger.total` is for these proofs."""
    return _hex(_sum(stored))


@contextmanager
def recorded(db: Database, account_id: str, opened: Vault) -> Iterator[None]:
    """Brings proofs and ledger up to date with what the caller's transaction changes in this account's diary."""
    _watch(db)
    yield
    if db.execute("select 1 from temp.touched limit 1").fetchone():
        _settle(db, account_id, opened)


def _watch(db: Database) -> None:
    # Triggers of this connection only. They see what a deletion deletes with a row, too.
    db.execute("create temp table touched (kind text, touched_id text, touched_day text)")
    for covered in COVERED:
        update = f"update of {', '.join((*covered.columns, *covered.added))}"
        for number, (event, row) in enumerate((("insert", "new"), (update, "new"), ("delete", "old"))):
            day = f"{row}.{covered.day}" if covered.day == "day" else covered.day
            then = f"insert into touched values ('{covered.table}', {row}.{covered.key}, {day})"  # noqa: S608
            db.execute(
                f"create temp trigger touched_{covered.table}_{number} after {event} on main.{covered.table} "
                f"begin {then}; end"
            )


def _settle(db: Database, account_id: str, opened: Vault) -> None:
    before = after = 0
    for covered in COVERED:
        earlier = proofs.stored_of_touched(db, covered, account_id)
        now = proofs.of_touched(db, opened, covered)
        before, after = before + _sum(earlier.values()), after + _sum(now.values())
        gone = earlier.keys() - now.keys()
        db.conn.executemany(
            "delete from proofs where account_id = ? and kind = ? and row_id = ? and day = ?",
            [(account_id, covered.table, *key) for key in gone],
        )
        _store(db, account_id, covered, now)
    _count(db, account_id, opened, after - before)


def _count(db: Database, account_id: str, opened: Vault, difference: int) -> None:
    """Counts a change that changes the sum of all proofs by so much."""
    known = read(db, account_id, opened)
    if known is None:
        log.error("the ledger of a diary does not open and stays as it is")
        return
    changed = _hex(int(known.total, 16) + difference)
    _write(db, account_id, opened, Ledger(known.changes + 1, changed, known.was_lost))


def _adopt(db: Database, account_id: str, opened: Vault, changes: int) -> None:
    db.table("proofs").delete_where("account_id = ?", [account_id])
    total = 0
    for covered in COVERED:
        found = proofs.of_account(db, opened, covered, account_id)
        _store(db, account_id, covered, found)
        total += _sum(found.values())
    _write(db, account_id, opened, Ledger(changes, _hex(total)))


def _store(db: Database, account_id: str, covered: Covered, found: Mapping[RowKey, bytes]) -> None:
    db.conn.executemany(
        "insert or replace into proofs (account_id, kind, row_id, day, proof) values (?, ?, ?, ?, ?)",
        [(account_id, covered.table, *key, proof) for key, proof in found.items()],
    )


def _write(db: Database, account_id: str, opened: Vault, ledger: Ledger) -> None:
    row = {"account_id": account_id, "sealed": opened.seal_json(asdict(ledger), _about(account_id))}
    db.table("ledgers").insert(row, replace=True)


def _sum(found: Iterable[bytes]) -> int:
    return sum(map(int.from_bytes, found))


def _hex(number: int) -> str:
    return f"{number % _MODULUS:064x}"


def _about(account_id: str) -> str:
    return f"ledger of {account_id}"
