"""How much one account may keep, where the operator limits it: entries, and the bytes of its media.

Each check runs in the transaction that stores more, so that two tabs together keep to the limit too.
"""

from __future__ import annotations

from sqlite_utils import Database

import settings
from diary import errors
from diary.sessions import Session

MEGABYTE = 2**20
# The length of a blob is in its row's header: SQLite does not read the content.
_MEDIA_BYTES = """
    select coalesce(sum(bytes), 0) from (
        select length(m.sealed) as bytes from media m join entries e on e.id = m.entry_id where e.account_id = :account
        union all
        select length(p.sealed) from photos p join entries e on e.id = p.entry_id where e.account_id = :account
        union all
        select length(sound) from own_tracks where account_id = :account and sound is not null
    )
"""


def expect_entries(db: Database, session: Session, new: int) -> None:
    """Raises `TooManyEntries` if the account cannot keep this many further ones."""
    most = settings.ACCOUNT_ENTRIES.get()
    if most is None or not new:
        return
    if db.table("entries").count_where("account_id = ?", [session.account_id]) + new > most:
        raise errors.TooManyEntries(most=f"{most:,}")


def expect_media(db: Database, session: Session, new_bytes: int) -> None:
    """Raises `TooMuchMedia` if the account cannot keep this many further bytes of sealed media."""
    most = settings.ACCOUNT_MEGABYTES.get()
    if most is None or not new_bytes:
        return
    (stored,) = db.execute(_MEDIA_BYTES, {"account": session.account_id}).fetchone()
    if stored + new_bytes > most * MEGABYTE:
        raise errors.TooMuchMedia(megabytes=f"{most:,}")
