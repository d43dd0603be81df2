"""Which recordings and pictures of a file can be opened: a media type is a claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from diary.transfer.parsed import Arrival, Arriving
from fer import image
from inference import audio_io
from reading import Refusal


def checked(arrival: Arrival) -> Arrival:
    """The file with each recording and picture marked that cannot be opened; one at a time is unpacked in memory."""
    if arrival.unpack is None:
        return arrival
    # Each file once, however many entries name it.
    named = {(kept.kind, kept.file) for arriving in arrival.entries for kept in arriving.kept}
    opens = {(kind, file): _opens(kind, arrival.unpack(file)) for kind, file in named}
    return replace(arrival, entries=tuple(_marked(arriving, opens) for arriving in arrival.entries))


def _marked(arriving: Arriving, opens: Mapping[tuple[str, str], bool]) -> Arriving:
    return replace(arriving, kept=tuple(replace(one, opens=opens[one.kind, one.file]) for one in arriving.kept))


def _opens(kind: str, content: bytes) -> bool:
    try:
        if kind == "picture":
            image.first_frame(content)
            return True
        with audio_io.opened(content) as (container, track):
            return next(audio_io.frames(container, track), None) is not None
    except Refusal:
        return False
