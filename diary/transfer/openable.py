"""Finds which recordings, pictures and photographs of a file can be decoded: their media type proves nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from diary import errors
from diary.transfer.budget import Budget
from diary.transfer.parsed import ParsedFile, ParsedMedium
from fer import image
from inference import audio_io
from reading import Refusal

PIXELS_MAX = 2_000_000_000
"""The most pixels decoded for one file; of further pictures, only the headers are read."""
PIXELS_A_BYTE, BLANK_PIXELS_MAX = 100, 150_000_000
"""A photograph has a few pixels for each byte of its file. Of pictures that have more than the first number, such as a
few kilobytes that claim 64 million pixels, one file opens up to the second; the others count as damaged."""
SECONDS_TO_OPEN = 10.0
"""For the first frame of one recording; one that takes longer counts as one that does not open."""

_SHOWN = ("picture", "photo")


def with_unopenable_marked(file: ParsedFile) -> ParsedFile:
    """The file with `opens` set on each recording and picture; holds one of them in memory at a time."""
    if file.unpack is None:
        return file
    # Each file once, however many entries name it.
    named = {(medium.kind, medium.file) for parsed in file.entries for medium in parsed.media}
    named |= {(photo.kind, photo.file) for entry in file.foreign_entries for photo in entry.photos}
    opens, pixels, blank_pixels, budget = {}, 0, 0, Budget()
    for kind, name in sorted(named):
        budget.check()
        try:
            content = file.unpack(name)
        except errors.FileRefused:
            if not file.foreign_entries:
                raise
            opens[kind, name] = False  # one broken picture does not cost a diary
            continue
        of_this = _pixels(kind, content)
        is_blank = of_this > PIXELS_A_BYTE * len(content)
        blank_pixels += of_this if is_blank else 0
        is_too_much = is_blank and blank_pixels > BLANK_PIXELS_MAX
        opens[kind, name] = not is_too_much and _opens(kind, content, decode=pixels < PIXELS_MAX)
        pixels += of_this
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
