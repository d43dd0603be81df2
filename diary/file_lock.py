"""Locks between processes, on an open file or folder. A lock ends with its descriptor, or with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager


class InUse(Exception):
    """Another process holds the lock."""


def take(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    """Takes the lock, and does not wait for it; False if another process holds it."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def alone(descriptor: int) -> Iterator[None]:
    """Holds the lock and closes the descriptor at the end; raises `InUse`."""
    try:
        if not take(descriptor):
            raise InUse()
        yield
    finally:
        os.close(descriptor)
