"""Makes the day's backup, from one thread of the server."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta

import settings
from backups import kept, place
from backups.place import PlaceError
from diary import errors

log = logging.getLogger("haru.backups")

_INTERVAL = 300.0
"""Seconds between two looks at whether a backup is due."""
_PAUSE = timedelta(hours=1)
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
_sent, _try_again = "", datetime.min.replace(tzinfo=UTC)


def problem() -> str:
    """Why this process could not make the last backup, as a code for the health page; empty if it could."""
    return _problem


def work(now: datetime) -> None:
    """Makes the day's backup if it is due, and sends it. A failure is logged once, however long it lasts."""
    try:
        kept.make_if_due(now)
        _send(now)
        _note("")
    except PlaceError as error:
        _note("backup_copy_failed", f"a backup was not sent: {error}")
    except errors.DiskFull:
        _note("backup_disk_full", "there is no space on the disk for a backup; the last ones stay")
    except errors.DiaryError as error:
        _note("backup_failed", f"no backup could be made: {error.code}")
    except Exception:
        if _problem != "backup_failed":
            log.exception("no backup could be made")
        _note("backup_failed")


def _send(now: datetime) -> None:
    """Sends the newest backup to the other place if there is one; after a failure not again for an hour."""
    global _sent, _try_again
    newest = next(iter(kept.names()), "")
    if newest == _sent or settings.BACKUP_TO.get() is None or settings.BACKUPS.get() is None:
        return
    if now < _try_again:
        raise PlaceError("It is tried again within the hour.")
    _try_again = now + _PAUSE
    if (opened := place.opened()) and place.send_newest(opened):
        _sent, _try_again = newest, now


def _note(code: str, message: str = "") -> None:
    global _problem
    if message and _problem != code:
        log.warning("backups: %s", message)
    _problem = code
