"""The inbox: entries that programs keep with a token that has no data key, until the diary is opened next.

Each account with such a token has a pair of X25519 keys, whose private half the data key seals. The token holds the
public half. So a program can add to a diary that it cannot read, and a stolen database reads none of it either.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from datetime import date, time
from itertools import islice
from threading import Lock
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from sqlite_utils import Database

from diary import database, entries, errors, quotas, sessions, vault
from diary.entries import NewEntry
from diary.sessions import Session
from diary.vault import Vault

log = logging.getLogger("haru.inbox")

AT_ONCE = 100
"""The most entries that one opening of the diary takes in; the next one goes on."""

_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
# Entries that do not open. They never will, and must not keep later ones from their turn.
_unopenable: set[str] = set()
# Two tabs must not take the same entry in: if the person deleted it meanwhile, it would come back.
_taking_in = Lock()


def public_key(session: Session) -> bytes:
    """The public half of the account's pair of keys, which is made at the first call."""
    new = X25519PrivateKey.generate()
    sealed = session.vault.seal(new.private_bytes_raw(), _about_key(session.account_id))
    with sessions.transaction(session) as db:
        db.table("inbox_keys").insert({"account_id": session.account_id, "private_key": sealed}, ignore=True)
    return _private_key(session).public_key().public_bytes_raw()


def add(session: Session, new: NewEntry, key: bytes) -> bool:
    """Stores an entry that `key`, the public half, encrypts. False if the diary or the inbox has it already.

    `session` needs no data key. The same rules hold as for `entries.add`.
    """
    entries.expect_valid(new)
    one_time = os.urandom(vault.KEY_BYTES)
    about = _about_item(session.account_id, new.id)
    row = {
        "id": new.id,
        "account_id": session.account_id,
        "day": new.day.isoformat(),
        "item_key": _HPKE.encrypt(one_time, X25519PublicKey.from_public_bytes(key), about.encode()),
        "sealed": Vault(one_time).seal_json(_content(new), about),
        "received_at": database.now(),
    }
    with sessions.transaction(session) as db:
        if any(db.table(table).count_where("id = ?", [new.id]) for table in ("entries", "inbox")):
            return False
        quotas.expect_entries(db, session, _count(db, session.account_id) + 1)
        db.table("inbox").insert(row)
    return True


def count(account_id: str) -> int:
    """How many entries wait until the diary is opened."""
    with database.connect() as db:
        return _count(db, account_id)


def keeps_day(db: Database, account_id: str, day: date) -> bool:
    """Whether an entry of this day waits."""
    return bool(db.table("inbox").count_where("account_id = ? and day = ?", [account_id, day.isoformat()]))


def take_in(session: Session) -> int:
    """Makes ordinary entries of what waits, the earliest first; returns how many.

    What cannot become an entry stays: it does not open (diary/inbox_damage.py), the account has no place for more
    entries, or its day has not come because the clock was set back.
    """
    if not count(session.account_id):
        return 0
    with _taking_in:
        with database.connect() as db:
            query = "select id, item_key, sealed from inbox where account_id = ? order by received_at"
            rows = list(
                islice((row for row in db.query(query, [session.account_id]) if row["id"] not in _unopenable), AT_ONCE)
            )
        return _add_all(session, rows) if rows else 0


def _add_all(session: Session, rows: Sequence[dict]) -> int:
    taken = 0
    try:
        private = _private_key(session)
    except errors.Unopenable:
        log.error("the private key of an inbox does not open; its entries stay there")
        return 0
    for row in rows:
        try:
            entries.add(session, _opened(session, row, private))
            # Killed before this, the next opening adds the entry once more, which changes nothing, and goes on here.
            with sessions.transaction(session) as db:
                db.table("inbox").delete_where("id = ? and account_id = ?", [row["id"], session.account_id])
        except (errors.TooManyEntries, errors.DatabaseError):
            break  # the diary opens all the same, also while the disk is full
        except (errors.SessionEnded, errors.AccountLocked):
            raise
        except errors.Unopenable:
            log.error("an entry of an inbox does not open; it stays there")
            _unopenable.add(row["id"])
            continue
        except errors.DiaryError as error:
            log.error("an entry of an inbox cannot be kept: %s", error.code)
            continue
        taken += 1
    return taken


def key_opens(session: Session) -> bool:
    """Whether the account has the key of its inbox, undamaged."""
    try:
        _private_key(session)
    except errors.Unopenable:
        return False
    return True


def opens(session: Session, row: dict) -> bool:
    """Whether what waits opens; raises `Unopenable` where the key itself does not."""
    private = _private_key(session)
    try:
        _opened(session, row, private)
    except errors.Unopenable:
        return False
    return True


def _private_key(session: Session) -> X25519PrivateKey:
    with database.connect() as db:
        row = db.execute("select private_key from inbox_keys where account_id = ?", [session.account_id]).fetchone()
    if row is None:
        raise errors.Unopenable()
    opened = session.vault.open(row[0], _about_key(session.account_id))
    return X25519PrivateKey.from_private_bytes(opened)


def _opened(session: Session, row: dict, private: X25519PrivateKey) -> NewEntry:
    about = _about_item(session.account_id, row["id"])
    try:
        one_time = _HPKE.decrypt(row["item_key"], private, about.encode())
    except InvalidTag as error:
        raise errors.Unopenable() from error
    content = Vault(one_time).open_json(row["sealed"], about)
    return NewEntry(
        mood=content["mood"],
        intensity=content["intensity"],
        day=date.fromisoformat(content["day"]),
        timezone=content["timezone"],
        note=content["note"],
        tags=tuple(content["tags"]),
        feelings=tuple(content["feelings"]),
        at=time.fromisoformat(content["at"]) if content["at"] else None,
        id=row["id"],
    )


def _content(new: NewEntry) -> dict[str, Any]:
    return {
        "mood": new.mood,
        "intensity": new.intensity,
        "day": new.day.isoformat(),
        "timezone": new.timezone,
        "note": new.note,
        # The same form, and the same refusals, as in the diary.
        "tags": entries.tidy_tags(new.tags),
        "feelings": entries.tidy_feelings(new.feelings),
        "at": new.at.isoformat() if new.at else None,
    }


def _count(db: Database, account_id: str) -> int:
    return db.table("inbox").count_where("account_id = ?", [account_id])


def _about_key(account_id: str) -> str:
    return f"inbox key of {account_id}"


def _about_item(account_id: str, entry_id: str) -> str:
    return f"inbox of {account_id}: {entry_id}"
