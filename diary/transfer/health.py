"""Reads exports of Apple Health and of Health Connect into values by day, whole or as a file in a zip."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from diary import errors
from diary.transfer import apple_health, health_connect
from diary.transfer.archive import Archive
from diary.transfer.health_days import HealthDays
from diary.transfer.parsed import ParsedFile

Progress = Callable[[float], object]
_HEAD = 256 * 2**10
_ENDINGS = (".xml", ".db")
_CANDIDATES_MAX = 20


def recognises(head: bytes) -> bool:
    return apple_health.recognises(head) or health_connect.recognises(head)


def find(archive: Archive) -> str | None:
    """The file of a health export in a zip: by its content, because a phone names it in its own language."""
    candidates = [name for name in archive.names if name.lower().endswith(_ENDINGS)]
    for name in sorted(candidates, key=archive.size, reverse=True)[:_CANDIDATES_MAX]:
        with archive.opened(name) as member:
            if recognises(member.read(_HEAD)):
                return name
    return None


def read_from(archive: Archive, name: str, zone: str, progress: Progress = lambda _: None) -> ParsedFile:
    size = archive.size(name)
    if size > max(apple_health.LARGEST, health_connect.LARGEST):
        raise errors.FileTooLarge(megabytes=apple_health.LARGEST // 2**20)
    with archive.opened(name) as member:
        return read(member, size, zone, progress)


def read(file: IO[bytes], size: int, zone: str, progress: Progress = lambda _: None) -> ParsedFile:
    """The days of an export; `zone` says where a day begins. Raises `FileEmpty` if Haru has no use for any record."""
    head = file.read(_HEAD)
    file.seek(0)
    found = HealthDays(zone)
    is_apple = apple_health.recognises(head)
    if not is_apple and not health_connect.recognises(head):
        raise errors.FileUnknown()
    (apple_health if is_apple else health_connect).read(file, size, found, progress)
    series = found.series()
    if not series:
        raise errors.HealthExportEmpty()
    return ParsedFile(format="apple_health" if is_apple else "health_connect", health=series)


def read_path(path: Path, zone: str, progress: Progress = lambda _: None) -> ParsedFile:
    """The same from a file on this machine, of any size: only a piece of it is in memory."""
    with path.open("rb") as file:
        is_zip = zipfile.is_zipfile(file)
        file.seek(0)
        if not is_zip:
            return read(file, path.stat().st_size, zone, progress)
        archive = Archive(file)
        name = find(archive)
        if name is None:
            raise errors.FileUnknown()
        return read_from(archive, name, zone, progress)
