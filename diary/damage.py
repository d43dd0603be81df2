"""What does not open: is it damaged, or is the key the wrong one? Nothing is deleted as damaged while that is unclear.

A damaged disk spoils some entries, a wrong key opens none. An entry that was written with the wrong key opens with it,
so a single one that opens proves little: the key counts as the right one while it opens at least half of the entries.
"""

from __future__ import annotations

from dataclasses import dataclass

from diary import database, errors
from diary.sessions import Session


@dataclass(frozen=True)
class EntryCounts:
    """How many entries of a diary open with this session's key, and how many do not."""

    whole: int
    damaged: int

    @property
    def key_fits(self) -> bool:
        return self.whole >= self.damaged

    @property
    def none_opens(self) -> bool:
        return self.damaged > 0 and self.whole == 0


def count_entries(session: Session) -> EntryCounts:
    """Opens every entry: a fraction of a second for eleven thousand, so only where something did not open."""
    with database.connect() as db:
        opened = [
            session.vault.opens(sealed, about_entry(entry_id))
            for entry_id, sealed in db.execute(
                "select id, sealed from entries where account_id = ?", [session.account_id]
            )
        ]
    return EntryCounts(sum(opened), len(opened) - sum(opened))


def expect_key_fits(session: Session) -> None:
    """Before something is deleted because it does not open."""
    if not count_entries(session).key_fits:
        raise errors.KeyDoesNotFit()


def about_entry(entry_id: str) -> str:
    """What a sealed entry is sealed for."""
    return f"entry {entry_id}"
