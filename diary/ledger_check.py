"""Finds what was changed in a diary outside Haru: rows that were altered, added, removed, or put back as they were."""

from __future__ import annotations

import time
from dataclasses import dataclass

from diary import damage, database, ledger, proofs, sessions
from diary.proofs import COVERED
from diary.sessions import Session

_INTERVAL = 3600.0
_REMEMBERED_MAX = 10_000
_checked: dict[str, float] = {}
"""When this process last checked the diary for a browser, by the hash of its session's token."""


@dataclass(frozen=True)
class Finding:
    """What does not match; the person compares it with a backup or a download."""

    changes: int
    """How many changes Haru has counted in this diary."""
    altered_entries: int = 0
    altered_others: int = 0
    """Readings, recordings, pictures, transcripts, trackers and values that were altered or added."""
    missing: int = 0
    """Rows that are gone."""
    is_complete: bool = True
    """Whether the ledger is there and its sum is that of the proofs: false after rows were removed with their proofs,
    or put back as they were at an earlier time."""

    @property
    def fits(self) -> bool:
        return self.is_complete and not (self.altered_entries or self.altered_others or self.missing)


def check(session: Session) -> Finding | None:
    """Compares each row with its proof, and all proofs with the ledger. It opens no content.

    None for a diary of an earlier version that nobody has signed in to yet.
    """
    wrong: dict[str, int] = {}
    missing = 0
    every_proof: list[bytes] = []
    with database.connect() as db:
        db.conn.execute("begin")  # one state of the file, whatever another tab writes meanwhile
        if not ledger.exists(db, session.account_id):
            return None
        known = ledger.read(db, session.account_id, session.vault)
        for covered in COVERED:
            stored = proofs.stored(db, covered, session.account_id)
            rows = proofs.of_account(db, session.vault, covered, session.account_id)
            wrong[covered.table] = sum(stored.get(key) != proof for key, proof in rows.items())
            missing += len(stored.keys() - rows.keys())
            every_proof += stored.values()
    return Finding(
        changes=known.changes if known else 0,
        altered_entries=wrong.pop(proofs.ENTRIES.table),
        altered_others=sum(wrong.values()),
        missing=missing,
        is_complete=known is not None and not known.was_lost and known.total == ledger.total(every_proof),
    )


def check_if_due(session: Session) -> Finding | None:
    """`check` at the first opening of the diary by a browser, and once an hour after it; otherwise None."""
    now = time.monotonic()
    if now - _checked.get(session.token_hash, -_INTERVAL) < _INTERVAL:
        return None
    _checked.pop(session.token_hash, None)  # to the end
    _checked[session.token_hash] = now
    for token_hash in list(_checked)[:-_REMEMBERED_MAX]:
        _checked.pop(token_hash, None)
    return check(session)


def accept(session: Session) -> None:
    """Takes the diary as it is now, after the person compared it; raises `KeyDoesNotFit` while the key may be wrong."""
    damage.expect_key_fits(session)
    with sessions.transaction(session) as db:
        ledger.accept(db, session.account_id, session.vault)
