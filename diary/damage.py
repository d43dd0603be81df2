"""Tells damaged entries from a wrong key, so that nobody deletes intact entries as damaged.

A damaged disk spoils some entries; a wrong key opens only entries that were sealed with it. So a key counts as
right while it opens at least half of the entries.
"""

from __future__ import annotations

from dataclasses import dataclass

from diary import database, errors
from diary.sessions import Session


@dataclass(frozen=True)
class EntryCounts:
    """How many entries of a diary open with this session's key, and how many do not."""

    intact: int
    damaged: int

    @property
    def key_fits(self) -> bool:
        return self.intact >= self.damaged

    @property
    def none_opens(self) -> bool:
        return self.damaged > 0 and self.intact == 0


def count_entries(session: Session) -> EntryCounts:
    """Opens every entry, which takes a fraction of a second for eleven thousand: only for use after damage."""
    with database.connect() as db:
        opened = [
            session.vault.opens(sealed, about_entry(entry_id))
            for entry_id, sealed in db.execute(
                "select id, sealed from entries where account_id = ?", [session.account_id]
            )
        ]
    return EntryCounts(sum(opened), len(opened) - sum(opened))


def expect_key_fits(session: Session) -> None:
    """Raises `KeyDoesNotFit` while the key may be wrong; call it before deleting a damaged entry or medium."""
    if not count_entries(session).key_fits:
        raise errors.KeyDoesNotFit()


def about_entry(entry_id: str) -> str:
    """The name of an entry for `Vault.seal` and `Vault.open`."""
    return f"entry {entry_id}"
