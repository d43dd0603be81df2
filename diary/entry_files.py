"""Opens and deletes the sealed files of entries: those of diary/media.py and of diary/photos.py."""

from __future__ import annotations

from dataclasses import dataclass

from diary import damage, database, deletions, errors, sessions
from diary.deletions import Deletion
from diary.sessions import Session


@dataclass(frozen=True)
class EntryFiles:
    """A table of sealed files, each of which belongs to an entry."""

    table: str
    noun: str
    """What a row is called in the associated data of its seal: with another one, no stored row would open."""

    def about(self, file_id: str, entry_id: str) -> str:
        """The name of a row for `Vault.seal` and `Vault.open`."""
        return f"{self.noun} {file_id} of entry {entry_id}"

    def content(self, session: Session, file_id: str) -> bytes:
        """The bytes of a stored file; raises `Unopenable` if they are damaged."""
        with database.connect() as db:
            found = db.query(
                f"select f.sealed, f.entry_id from {self.table} f join entries e on e.id = f.entry_id "  # noqa: S608
                "where f.id = ? and e.account_id = ?",
                [file_id, session.account_id],
            )
            row = next(found, None)
        if row is None:
            raise errors.EntryNotFound()
        return session.vault.open(row["sealed"], self.about(file_id, row["entry_id"]))

    def opens(self, session: Session, file_id: str) -> bool:
        try:
            self.content(session, file_id)
        except errors.Unopenable:
            return False
        return True

    def delete(self, session: Session, file_id: str) -> Deletion:
        """Deletes one file; a damaged one only if the key opens at least half of all entries.

        The deletion can be undone.
        """
        if not self.opens(session, file_id):
            damage.expect_key_fits(session)
        with sessions.transaction(session) as db:
            deletion = deletions.delete(
                db,
                session,
                self.table,
                "id = ? and entry_id in (select id from entries where account_id = ?)",
                [file_id, session.account_id],
            )
        if not deletion:
            raise errors.EntryNotFound()
        return deletion
