"""The other place where sealed copies of the automatic backups are kept: HARU_BACKUP_TO."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

import settings
from backups import generations, kept, sealing
from backups.sealing import Facts, Sealer
from diary import database, server_secret

log = logging.getLogger("haru.backups")


class PlaceError(Exception):
    """Why a copy was not sent or fetched, as a sentence for the operator, without address or password."""


class Place(Protocol):
    """What a WebDAV folder and a bucket can both do. Each method raises `PlaceError`."""

    def sizes(self) -> dict[str, int]: ...
    def put(self, name: str, content: Sealer) -> None: ...
    def get(self, name: str, into: BinaryIO) -> None: ...
    def remove(self, name: str) -> None: ...


def opened() -> Place | None:
    """The place that the operator set; None without one."""
    place = settings.BACKUP_TO.get()
    if place is None:
        return None
    user, password = settings.BACKUP_USER.get(), settings.BACKUP_PASSWORD.get()
    if place.bucket:  # each imports a package that not everybody has installed
        from backups.s3 import S3

        return S3(place, user, password)
    from backups.webdav import WebDav

    return WebDav(place.url, user, password)


def names(place: Place) -> list[str]:
    """The automatic backups there, the newest first."""
    return generations.automatic(name for name in place.sizes() if name.endswith(generations.SEALED))


def send_newest(place: Place) -> str | None:
    """Sends the newest automatic backup if it is not there, and removes those that are no longer kept.

    Returns its name there, or None if there is no backup to send or another process is sending it.
    """
    key, newest = settings.BACKUP_KEY.get(), next(iter(kept.names()), None)
    if key is None or newest is None:
        return None
    file, name = database.backups_folder() / newest, newest + generations.SEALED
    with _alone(file) as is_alone:
        if not is_alone:
            return None
        there = place.sizes()
        made_at = generations.made_at(newest)
        facts = Facts(database.timestamp(made_at) if made_at else "", server_secret.server_secret())
        with sealing.sealed(file, facts, key) as content:
            if there.get(name) != content.size:
                place.put(name, content)
                there = place.sizes()
                if there.get(name) != content.size:
                    raise PlaceError("The copy that was sent is not whole there.")
                log.info("backups: sent %s", name)
        if plan := settings.BACKUPS.get():
            sealed_there = [each for each in there if each.endswith(generations.SEALED)]
            for old in generations.expired(sealed_there, plan, name):
                place.remove(old)
    return name


@contextmanager
def _alone(file: Path) -> Iterator[bool]:
    """Whether no other process is sending this file; none begins meanwhile."""
    with file.open("rb") as opened_file:
        try:
            fcntl.flock(opened_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
