"""The server's secret: it signs forms, hashes what the throttle counts and seals where reminders go.

It opens no diary.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import settings
from diary import errors

FILE = "server.secret"


def server_secret() -> bytes:
    """The secret in the data folder, made at the first call; several processes share it."""
    # Not by way of diary.database, whose migrations need the secret.
    file = settings.DATA.get() / FILE
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return _make(file)
    except OSError as error:
        raise errors.DatabaseReadOnly() from error


def derived(purpose: str, length: int = 32) -> bytes:
    """A key for one purpose. It reveals neither the secret nor the keys for other purposes."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=f"haru {purpose}".encode()).derive(server_secret())


def _make(file: Path) -> bytes:
    made = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made.write_bytes(os.urandom(32))
        made.chmod(0o600)
        try:
            os.link(made, file)  # fails if another process was first, whose secret then counts
        except FileExistsError:
            pass
        finally:
            made.unlink()
        return file.read_bytes()
    except OSError as error:
        raise errors.DatabaseReadOnly() from error
