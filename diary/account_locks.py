"""The operator's lock on an account: nobody signs in to it, and nothing in it is read, changed or sent.

It deletes nothing: sessions stay, and are good again once the operator unlocks the account.
"""

from __future__ import annotations

from sqlite_utils import Database

from diary import database, errors


def lock(account_id: str) -> bool:
    """Locks the account; False if it was locked before."""
    with database.transaction() as db:
        row = {"account_id": account_id, "locked_at": database.now()}
        return db.execute("insert or ignore into account_locks values (:account_id, :locked_at)", row).rowcount > 0


def unlock(account_id: str) -> bool:
    """Unlocks the account; False if it was not locked."""
    with database.transaction() as db:
        return db.execute("delete from account_locks where account_id = ?", [account_id]).rowcount > 0


def refuse_locked(db: Database, account_id: str) -> None:
    """Raises `AccountLocked` for a locked account, inside the caller's transaction."""
    if is_locked(db, account_id):
        raise errors.AccountLocked()


def is_locked(db: Database, account_id: str) -> bool:
    return db.table("account_locks").count_where("account_id = ?", [account_id]) > 0
