"""Reads the zips of other diaries: Day One, Journey, Apple Journal and backups of Daylio."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diary import errors
from diary.transfer import apple_journal, day_one, daylio_backup, journey, limited_text
from diary.transfer.archive import Archive
from diary.transfer.foreign_photos import ForeignPhotos
from diary.transfer.limited_text import TEXT_MAX
from diary.transfer.parsed import ForeignEntry, ParsedFile, expect_few

_PAGE_MAX = 8 * 2**20
"""Bytes of one page of Apple's Journal."""


def read(archive: Archive, zone: str) -> ParsedFile:
    """The entries of another diary; raises `FileUnknown` for a zip of something else."""
    photos = ForeignPhotos(archive)
    texts = _Texts(archive)
    if any(name.rsplit("/")[-1] == daylio_backup.CONTENT for name in archive.names):
        found, named = _daylio(texts, photos), "daylio_backup"
    elif pages := sorted(name for name in archive.names if apple_journal.is_entry(name)):
        found, named = _apple_journal(texts, pages, photos), "apple_journal"
    else:
        found, named = _from_json(texts, photos, zone)
    if not found:
        raise errors.FileEmpty()
    expect_few(len(found))
    photos.expect_sound()
    return ParsedFile(
        format=named,
        foreign_entries=tuple(found),
        attachments_left_out=photos.left_out,
        photos_missing=photos.missing,
        mended=texts.mended,
        unpack=photos.unpack,
    )


class _Texts:
    """Reads text files of a zip, together within a limit."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.mended = 0

    def json_of(self, name: str) -> Any:
        content, replaced = limited_text.read_json(limited_text.decoded(self.archive.read(name, TEXT_MAX)))
        self.mended += replaced
        return content

    def json_files(self) -> Iterator[tuple[str, Any]]:
        names = sorted(name for name in self.archive.names if name.lower().endswith(".json"))
        self.archive.expect_sound(names, TEXT_MAX)
        return ((name, self.json_of(name)) for name in names)


def _daylio(texts: _Texts, photos: ForeignPhotos) -> list[ForeignEntry]:
    (name, *_) = (name for name in texts.archive.names if name.rsplit("/")[-1] == daylio_backup.CONTENT)
    texts.archive.expect_sound([name], 2 * TEXT_MAX)
    text = limited_text.decoded(daylio_backup.decoded(texts.archive.read(name, 2 * TEXT_MAX)))
    content, texts.mended = limited_text.read_json(text)
    return daylio_backup.read(content, photos)


def _apple_journal(texts: _Texts, pages: list[str], photos: ForeignPhotos) -> list[ForeignEntry]:
    texts.archive.expect_sound(pages, TEXT_MAX)
    found = []
    for place, name in enumerate(pages, start=1):
        page = limited_text.decoded(texts.archive.read(name, _PAGE_MAX))
        entry = apple_journal.read(name, page, place, photos)
        if entry is not None:
            found.append(entry)
    return found


def _from_json(texts: _Texts, photos: ForeignPhotos, zone: str) -> tuple[list[ForeignEntry], str]:
    found: list[ForeignEntry] = []
    formats = set()
    for place, (name, content) in enumerate(texts.json_files(), start=1):
        if day_one.recognises(content):
            formats.add("day_one")
            found += day_one.read(name, content, photos, zone)
        elif journey.recognises(content):
            formats.add("journey")
            found.append(journey.read(name, content, place, photos, zone))
    if len(formats) != 1:
        raise errors.FileUnknown()
    return found, formats.pop()
