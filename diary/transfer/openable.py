"""Which recordings and pictures of a file can be opened: a media type is a claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from diary.transfer.parsed import Arrival, Arriving
from fer import image
from inference import audio_io
from reading import Refusal

PIXELS_AT_MOST = 2_000_000_000
"""Decoded of one file. A picture of a few kilobytes may claim 64 million pixels, and a zip holds thousands of files; of
what comes after this many, only the headers are read."""

SECONDS_TO_OPEN = 10.0
"""For the first frame of one recording; one that takes longer counts as one that does not open."""


def checked(arrival: Arrival) -> Arrival:
    """The file with each recording and picture marked that cannot be opened; one at a time is unpacked in memory."""
    if arrival.unpack is None:
        return arrival
    # Each file once, however many entries name it.
    named = {(kept.kind, kept.file) for arriving in arrival.entries for kept in arriving.kept}
    opens, pixels = {}, 0
    for kind, file in sorted(named):
        content = arrival.unpack(file)
        opens[kind, file] = _opens(kind, content, decode=pixels < PIXELS_AT_MOST)
        pixels += _pixels(kind, content)
    return replace(arrival, entries=tuple(_marked(arriving, opens) for arriving in arrival.entries))


def _marked(arriving: Arriving, opens: Mapping[tuple[str, str], bool]) -> Arriving:
    return replace(arriving, kept=tuple(replace(one, opens=opens[one.kind, one.file]) for one in arriving.kept))


def _opens(kind: str, content: bytes, decode: bool) -> bool:
    try:
        if kind == "picture":
            image.first_frame(content) if decode else image.pixels(content)
            return True
        with audio_io.opened(content, SECONDS_TO_OPEN) as recording:
            return next(audio_io.frames(recording), None) is not None
    except Refusal:
        return False


def _pixels(kind: str, content: bytes) -> int:
    try:
        return image.pixels(content) if kind == "picture" else 0
    except Refusal:
        return 0
