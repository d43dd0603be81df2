"""Says which processes use the data folder, so that nobody exchanges its database under a running server."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diary import file_lock

log = logging.getLogger("haru.database")

FILE = "in-use.lock"


@contextmanager
def shared(folder: Path) -> Iterator[None]:
    """For a process that works with the database; waits while another one holds the folder alone."""
    try:
        descriptor = _open(folder)
    except OSError as error:  # a folder that may only be read: nobody can exchange its database either
        log.warning("the data folder cannot be locked: %s", error.strerror)
        yield
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def is_held_alone(folder: Path) -> bool:
    """Whether a process is exchanging the database just now."""
    descriptor = _open(folder)
    try:
        return not file_lock.take(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """For a process that exchanges the database; raises `file_lock.InUse` while another one works with it."""
    with file_lock.alone(_open(folder)):
        yield


def _open(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
