"""Seals again, with padding, what a version before 1.0 sealed; recordings and pictures are left as they are.

Content with padding also shows that an account has had a ledger (diary/ledger.py).
"""

from __future__ import annotations

from sqlite_utils import Database

from diary import errors, vault
from diary.vault import Vault

_MINE = "account_id = :account"
_OF_ENTRY = "entry_id in (select id from entries where account_id = :account)"
# Each table with the place that its contents are sealed for, as the modules of the tables name it.
_TABLES = (
    ("entries", "'entry ' || id", _MINE),
    (
        "drafts",
        "'draft of ' || account_id || case form when 'new' then '' else ': ' || form end",
        _MINE,
    ),
    ("trackers", "'tracker ' || id", _MINE),
    (
        "tracker_values",
        "'value of tracker ' || tracker_id || ' on ' || day",
        "tracker_id in (select id from trackers where account_id = :account)",
    ),
    (
        "transcripts",
        "'transcript of medium ' || medium_id || ' of entry ' || (select entry_id from media where id = medium_id)",
        "medium_id in (select m.id from media m join entries e on e.id = m.entry_id where e.account_id = :account)",
    ),
    ("tastes", "'taste ' || id", _MINE),
    ("readings", "'quality of the ' || source || ' of entry ' || entry_id", _OF_ENTRY),
    ("own_tracks", "'own track ' || id", _MINE),
    ("music_lists", "'music list ' || id", _MINE),
)
# A copy of the data key: a session or a password since the first ledger.
_KEYS = (("accounts", "key_by_password", "id = :account"), ("sessions", "data_key", _MINE))


def has_padded(db: Database, account_id: str) -> bool:
    """Whether a version with padding sealed anything for this account."""
    places = [(table, "sealed", mine) for table, _, mine in _TABLES]
    return any(
        db.execute(
            f"select 1 from {table} where {mine} and substr({column}, 1, 1) = :padded limit 1",  # noqa: S608
            {"account": account_id, "padded": vault.PADDED},
        ).fetchone()
        for table, column, mine in (*_KEYS, *places)
    )


def reseal(db: Database, account_id: str, opened: Vault) -> None:
    """Damaged contents stay as they are: they may open with the right key."""
    for table, about, mine in _TABLES:
        rows = db.execute(
            f"select rowid, sealed, {about} from {table} where {mine} and substr(sealed, 1, 1) <> :padded",  # noqa: S608
            {"account": account_id, "padded": vault.PADDED},
        ).fetchall()
        for rowid, sealed, place in rows:
            try:
                again = opened.seal(opened.open(sealed, place), place)
            except (errors.Unopenable, TypeError):  # TypeError: there is no such place, for the row is damaged
                continue
            db.execute(f"update {table} set sealed = ? where rowid = ?", [again, rowid])  # noqa: S608
