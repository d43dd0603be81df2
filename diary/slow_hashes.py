"""Bounds how many passwords are hashed at once: each hash takes 64 MiB, so the rest waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from diary import errors

AT_ONCE = 2
"""Each hash uses several cores, so more at once would not be faster."""
_PATIENCE = 60.0
_places = BoundedSemaphore(AT_ONCE)


@contextmanager
def place() -> Iterator[None]:
    """A place to hash in; raises `ServerBusy` if there is none for too long. Do not nest."""
    if not _places.acquire(timeout=_PATIENCE):
        raise errors.ServerBusy()
    try:
        yield
    finally:
        _places.release()
