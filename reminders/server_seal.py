"""Seals where reminders go with a key of the server's secret.

The server sends while the person is signed out, so the person's own key cannot seal an endpoint or an address. The
database and its backups alone open neither, because the secret is in a file of its own.
"""

from __future__ import annotations

from typing import Any

from diary import server_secret
from diary.vault import Vault


def seal(content: object, about: str) -> bytes:
    """Encrypts JSON. `about` names its place: moved to another row, it does not open."""
    return _vault().seal_json(content, about)


def open_(sealed: bytes, about: str) -> Any:
    """What `seal` encrypted; raises `Unopenable` if it is damaged, moved, or of another server's secret."""
    return _vault().open_json(sealed, about)


def _vault() -> Vault:
    return Vault(server_secret.derived("reminders"))
