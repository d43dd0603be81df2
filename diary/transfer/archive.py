"""Reads the files of a zip within limits. Nothing is written to disk, so the names in a zip cannot lead anywhere."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO

from diary import errors

MEGABYTE = 2**20
MEMBERS_MAX = 50_000
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""The compression that a file may have: others can take any amount of memory to unpack."""
_MAC_SHADOWS = "__MACOSX/"
# RuntimeError: it needs a password, or (NotImplementedError) uses another compression.
_UNPACKING = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


class Archive:
    """A zip whose number of files is within the limit; it unpacks one file at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
            self._members = {member.filename: member for member in self._zip.infolist()}
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise errors.FileCutShort() from error
        if len(self._zip.infolist()) > MEMBERS_MAX:
            raise errors.FileTooManyMembers(most=f"{MEMBERS_MAX:,}")

    @property
    def names(self) -> list[str]:
        """The names of all files, without folders and without the copies that a Mac adds to a zip."""
        return [name for name in self._members if not name.endswith("/") and not name.startswith(_MAC_SHADOWS)]

    def size(self, name: str) -> int:
        """Bytes of the unpacked file by the zip's header, which may be wrong."""
        return self._members[name].file_size

    def expect_sound(self, names: Iterable[str], most: int) -> None:
        """Checks the header for these files: together at most `most` bytes, known compression, each name once."""
        members = [self._members[name] for name in names]
        if sum(member.file_size for member in members) > most:
            raise errors.FileTooLarge(megabytes=most // MEGABYTE)
        if any(member.compress_type not in _PACKED for member in members):
            raise errors.FileDamaged()
        if len(self._zip.infolist()) > len(self._members):
            raise errors.FileRepeats()

    def read(self, name: str, most: int) -> bytes:
        """The content of a file, if it has at most `most` bytes."""
        with self.opened(name) as member:
            # The size in the header may be wrong, so never read more than the limit.
            content = member.read(most + 1)
        if len(content) > most:
            raise errors.FileTooLarge(megabytes=most // MEGABYTE)
        return content

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """A file to read piece by piece; whatever is wrong with it raises `FileDamaged`."""
        try:
            if self._members[name].compress_type not in _PACKED:
                raise errors.FileDamaged()
            with self._zip.open(name) as member:
                yield member
        except _UNPACKING as error:
            raise errors.FileDamaged() from error
