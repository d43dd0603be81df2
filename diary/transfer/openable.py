"""Finds which recordings, pictures and photographs of a file can be decoded: their media type proves nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from diary import errors
from diary.transfer.parsed import ParsedFile, ParsedMedium
from fer import image
from inference import audio_io
from reading import Refusal

PIXELS_MAX = 2_000_000_000
"""The most pixels decoded for one file; of further pictures, only the headers are read.

A picture of a few kilobytes may claim 64 million pixels, and a zip holds thousands of files.
"""

_SHOWN = ("picture", "photo")

SECONDS_TO_OPEN = 10.0
"""For the first frame of one recording; one that takes longer counts as one that does not open."""


def with_unopenable_marked(file: ParsedFile) -> ParsedFile:
    """The file with `opens` set on each recording and picture; holds one of them in memory at a time."""
    if file.unpack is None:
        return file
    # Each file once, however many entries name it.
    named = {(medium.kind, medium.file) for parsed in file.entries for medium in parsed.media}
    named |= {(photo.kind, photo.file) for entry in file.foreign_entries for photo in entry.photos}
    opens, pixels = {}, 0
    for kind, name in sorted(named):
        try:
            content = file.unpack(name)
        except errors.FileRefused:
            if not file.foreign_entries:
                raise
            opens[kind, name] = False  # one broken picture does not cost a diary
            continue
        opens[kind, name] = _opens(kind, content, decode=pixels < PIXELS_MAX)
        pixels += _pixels(kind, content)
    return replace(
        file,
        entries=tuple(replace(parsed, media=_marked(parsed.media, opens)) for parsed in file.entries),
        foreign_entries=tuple(replace(entry, photos=_marked(entry.photos, opens)) for entry in file.foreign_entries),
    )


def _marked(media: Sequence[ParsedMedium], opens: Mapping[tuple[str, str], bool]) -> tuple[ParsedMedium, ...]:
    return tuple(replace(medium, opens=opens[medium.kind, medium.file]) for medium in media)


def _opens(kind: str, content: bytes, decode: bool) -> bool:
    try:
        if kind in _SHOWN:
            image.first_frame(content) if decode else image.pixels(content)
            return True
        with audio_io.opened(content, SECONDS_TO_OPEN) as recording:
            return next(audio_io.frames(recording), None) is not None
    except Refusal:
        return False


def _pixels(kind: str, content: bytes) -> int:
    try:
        return image.pixels(content) if kind in _SHOWN else 0
    except Refusal:
        return 0
