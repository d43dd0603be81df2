"""Makes the day's backup, from one thread of the server."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime

from backups import kept
from diary import errors

log = logging.getLogger("haru.backups")

_INTERVAL = 300.0
"""Seconds between two looks at whether a backup is due."""
_FIRST = 60.0
"""Seconds after the start: the first visitors come first."""


class Keeper:
    """The thread that makes backups. `stop` waits for the one that is being made."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backups", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        wait = _FIRST
        while not self._stopping.wait(wait):
            work(datetime.now(UTC))
            wait = _INTERVAL


_problem = ""


def problem() -> str:
    """Why this process could not make the last backup, as a code for the health page; empty if it could."""
    return _problem


def work(now: datetime) -> None:
    """Makes the day's backup if it is due. A failure is logged once, however long it lasts."""
    try:
        kept.make_if_due(now)
        _note("")
    except errors.DiskFull:
        _note("backup_disk_full", "there is no space on the disk for a backup; the last ones stay")
    except errors.DiaryError as error:
        _note("backup_failed", f"no backup could be made: {error.code}")
    except Exception:
        if _problem != "backup_failed":
            log.exception("no backup could be made")
        _note("backup_failed")


def _note(code: str, message: str = "") -> None:
    global _problem
    if message and _problem != code:
        log.warning("backups: %s", message)
    _problem = code
