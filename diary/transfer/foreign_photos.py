"""The photographs in the zip of another diary."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field

from diary import errors
from diary.transfer.archive import Archive
from diary.transfer.parsed import ParsedMedium

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".gif", ".tif", ".tiff", ".bmp", ".avif")
PHOTO_BYTES_MAX = 64 * 2**20
"""Of one photograph, as in fer/image.py; a larger file does not open."""
PHOTOS_BYTES_MAX = 400 * 2**20
"""Of all photographs of a zip: the import holds them in memory, made smaller."""


@dataclass
class ForeignPhotos:
    """The pictures in a zip, by folder and name without ending; remembers which are wanted, and what stays out."""

    archive: Archive
    left_out: int = 0
    """Videos, sounds and other attachments, and photographs beyond those that an entry holds."""
    missing: int = 0
    """Photographs that an entry names and the zip lacks."""
    used: list[str] = field(default_factory=list)
    _by_stem: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.archive.names:
            stem, ending = posixpath.splitext(name)
            if ending.lower() in PICTURES:
                self._by_stem.setdefault((posixpath.dirname(stem), posixpath.basename(stem).casefold()), name)

    def find(self, folder: str, stem: str) -> ParsedMedium | None:
        """The picture with this name in a folder of the zip, whatever its ending."""
        name = self._by_stem.get((folder, stem.casefold())) if stem else None
        if name is None:
            self.missing += 1
            return None
        return self.use(name)

    def use(self, name: str) -> ParsedMedium:
        self.used.append(name)
        return ParsedMedium(kind="photo", file=name, created_at="")

    def expect_sound(self) -> None:
        """Checks the files that entries name: their size by the header, and that none is named twice."""
        if len(set(self.used)) < len(self.used):
            raise errors.FileRepeats()
        self.archive.expect_sound(self.used, PHOTOS_BYTES_MAX)

    def unpack(self, name: str) -> bytes:
        return self.archive.read(name, PHOTO_BYTES_MAX)
