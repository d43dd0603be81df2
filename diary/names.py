"""Names of accounts: found by a slow hash, shown from sealed copies, stored nowhere in clear.

The hash does not depend on the server's secret, so a backup that is restored without the secret still lets everybody
in. The name as shown is sealed twice: by the account's data key for the person, and by the server's secret for the
operator, who lists accounts. Whoever steals the database without the secret can only guess names, one slow hash each.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from sqlite_utils import Database

from diary import errors, server_secret
from diary.vault import Vault

NAME_MIN, NAME_MAX = 2, 40
# Unicode composes at most this many characters into one: ㅎ, ㅏ and ㄴ become 한. Composing a long run of accents takes
# quadratic time, so text that is too long is refused first.
_PARTS_OF_A_CHARACTER_MAX = 4
# OWASP's setting for Argon2id: 19 MiB, about 20 ms on one core. Changing it would change every hash.
_PASSES, _KIBIBYTES = 2, 19 * 1024
_SALT_BYTES = 16


def is_too_long_to_compose(text: str, most: int) -> bool:
    """Whether the text has more than `most` characters after any composition; checked before composing."""
    return len(text) > most * _PARTS_OF_A_CHARACTER_MAX


def tidy(name: str) -> str:
    """The name as Haru shows it; raises `NameUnusable`."""
    if is_too_long_to_compose(name, NAME_MAX):
        raise errors.NameUnusable(least=NAME_MIN, most=NAME_MAX)
    shown = _composed(name)
    # Letters, marks, digits, punctuation and inner spaces. Invisible characters could imitate another name.
    if not NAME_MIN <= len(shown) <= NAME_MAX or not all(c == " " or c.isprintable() for c in shown):
        raise errors.NameUnusable(least=NAME_MIN, most=NAME_MAX)
    return shown


def compared(name: str) -> str:
    """The form that no two accounts share."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def hashed(db: Database, compared_name: str) -> str:
    """What `accounts.name_hash` has for this name. Slow on purpose: call it within `slow_hashes.place`."""
    (salt,) = db.execute("select salt from name_salt").fetchone()
    # A lone surrogate has no UTF-8 form, and no name contains one: it is hashed and found nowhere.
    return hash_secret_raw(
        compared_name.encode(errors="surrogatepass"),
        salt,
        time_cost=_PASSES,
        memory_cost=_KIBIBYTES,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    ).hex()


def sealed_copies(name: str, account_id: str, opened: Vault) -> dict[str, object]:
    """The columns with the person's copy of the name and the operator's."""
    return {
        "own_name": sealed_by(opened, name, account_id),
        "server_name": sealed_by(_server_vault(), name, account_id),
    }


def sealed_by(opened: Vault, name: str, account_id: str) -> bytes:
    return opened.seal(name.encode(), _about(account_id))


def shown(account: Mapping[str, Any], opened: Vault) -> str:
    """The name of an account's row; empty if neither copy opens."""
    return _opened(account["own_name"], account["id"], opened) or for_operator(account) or ""


def for_operator(account: Mapping[str, Any]) -> str | None:
    """The name of an account's row by the server's secret; None if another secret sealed it."""
    return _opened(account["server_name"], account["id"], _server_vault())


def renewed_copies(account: Mapping[str, Any], opened: Vault, typed: str) -> dict[str, object]:
    """Both columns again if one of them does not open; `typed` is what the person signed in with.

    A database of an earlier version has no copy of the person's, and one whose secret was lost none of the operator's.
    """
    own, server = _opened(account["own_name"], account["id"], opened), for_operator(account)
    if own and server:
        return {}
    return sealed_copies(own or server or _composed(typed), account["id"], opened)


def hide(db: Database) -> int:
    """For the migration: turns names in clear into hashes and operator's copies; returns how many."""
    db.execute("insert into name_salt (id, salt) values (1, ?)", [os.urandom(_SALT_BYTES)])
    rows = db.execute("select id, name, shown_name from accounts").fetchall()
    for account_id, name, as_shown in rows:
        db.execute(
            "update accounts set name = ?, server_name = ? where id = ?",
            [hashed(db, name), sealed_by(_server_vault(), as_shown, account_id), account_id],
        )
    return len(rows)


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()


def _opened(sealed: bytes | None, account_id: str, opened: Vault) -> str | None:
    if sealed is None:
        return None
    try:
        return opened.open(sealed, _about(account_id)).decode()
    except errors.Unopenable:
        return None


def _server_vault() -> Vault:
    return Vault(server_secret.derived("names"))


def _about(account_id: str) -> str:
    return f"name of {account_id}"
