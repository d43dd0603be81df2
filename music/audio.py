"""Any sound file → what is heard of it: mono excerpts for the analysis, stereo for the player's fades.

The twin of `ser.audio`, with other limits: a song is short, a mix lasts three hours. What is longer than `WHOLE` is
heard in minutes spread evenly over it, so that memory and time stay those of a ten-minute track.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import av
import numpy as np

from inference import audio_io
from inference.audio_io import Opened
from inference.containers import Source
from reading import Refusal

SAMPLE_RATE = 22_050
"""Hertz of the analysis; librosa's default. Above 11 kHz there is little that tells a mood."""
EXCERPT = 60.0
"""Seconds of one excerpt: as long as the tracks that people rated, on which everything was fitted."""
EXCERPTS = 10
WHOLE = EXCERPT * EXCERPTS
"""Seconds. Up to here every minute is heard."""
SHORTEST = 5.0
"""Seconds. Less has neither tempo nor key."""
SILENCE = 1e-4
"""Full scale is 1. A track whose loudest moment lies under this (-80 dB) is silence."""
WITHIN = 180.0
"""Seconds. Three hours that cannot be sought in are decoded in less; a file that takes longer is made to."""
STEREO_RATE = 48_000
LONGEST_STEREO = 900.0
"""Seconds. A fade needs whole tracks in memory: 15 minutes of stereo floats are 350 MB."""

_PROTECTED = {"drms", "drmi", "enca", "aavd"}
"""What MP4 calls a sound track that is locked: iTunes, common encryption, Audible."""


@dataclass(frozen=True)
class Heard:
    """What of a track will be measured."""

    excerpts: tuple[np.ndarray, ...]
    """Mono, float32, at `SAMPLE_RATE`, each up to `EXCERPT` long, in the order of the track."""
    starts: tuple[float, ...]
    """Seconds into the track at which each begins."""
    seconds: float
    """How long the whole track is."""


def load(source: Source) -> Heard:
    """Raises `Refusal`: unreadable, no_sound_track, protected, too_short or silent."""
    with audio_io.opened(source, WITHIN) as opened:
        refuse_protected(opened.track)
        seconds = audio_io.seconds_by_header(opened)
        heard = _by_jumping(opened, seconds) if seconds > WHOLE else None
    if heard is None:
        # A header that says nothing, too little or too much, or a file in which one cannot jump.
        heard = _by_listening(source)
    if heard.seconds < SHORTEST:
        raise Refusal(
            "too_short",
            f"The track is {heard.seconds:.1f} s long; a tempo needs at least {SHORTEST:.0f} s.",
            {"seconds": heard.seconds, "limit_seconds": SHORTEST},
        )
    if max(np.abs(excerpt).max(initial=0.0) for excerpt in heard.excerpts) < SILENCE:
        raise Refusal("silent", "The track holds only silence; choose one that can be heard.")
    return heard


def refuse_protected(track: av.AudioStream) -> None:
    tag = str(getattr(track.codec_context, "codec_tag", "") or "").strip("\0").lower() if track.codec_context else ""
    if tag in _PROTECTED or track.codec_context is None:
        raise Refusal(
            "protected",
            "The track is copy-protected or in a format nobody can decode; export it as MP3, FLAC or WAV first.",
        )


def _by_jumping(opened: Opened, seconds: float) -> Heard | None:
    """Evenly spread minutes, by seeking; None where the file does not let itself be sought in."""
    starts = np.linspace(0.0, seconds - EXCERPT, EXCERPTS)
    excerpts = []
    for start in starts:
        try:
            opened.container.seek(int(start * av.time_base))
        except av.error.FFmpegError:
            return None
        # A new one each time: it would bridge the gap between two excerpts with silence.
        excerpt = _Pieces(_blocks(opened)).take(int(EXCERPT * SAMPLE_RATE))
        if excerpt.size < SHORTEST * SAMPLE_RATE:
            return None
        excerpts.append(excerpt)
    return Heard(tuple(excerpts), tuple(starts.tolist()), seconds)


def _by_listening(source: Source) -> Heard:
    """From the first to the last sample. When there are too many minutes, every second one is let go of again."""
    size = int(EXCERPT * SAMPLE_RATE)
    kept: dict[int, np.ndarray] = {}
    stride, minute, samples = 1, 0, 0
    with audio_io.opened(source, WITHIN) as opened:
        pieces = _Pieces(_blocks(opened))
        while (excerpt := pieces.take(size)).size:
            samples += excerpt.size
            if minute % stride == 0:
                kept[minute] = excerpt
            if len(kept) > EXCERPTS:
                stride *= 2
                kept = {at: excerpt for at, excerpt in kept.items() if at % stride == 0}
            minute += 1
            if excerpt.size < size:
                break
    if not kept:
        raise Refusal("unreadable", "The file has a sound track, but no sound in it could be decoded.")
    # A last excerpt of a few seconds would weigh as much as a minute.
    if len(kept) > 1 and kept[max(kept)].size < 0.25 * size:
        del kept[max(kept)]
    return Heard(tuple(kept.values()), tuple(at * EXCERPT for at in kept), samples / SAMPLE_RATE)


class _Pieces:
    """Decoded mono samples that can be taken in portions of any size."""

    def __init__(self, blocks: Iterator[np.ndarray]) -> None:
        self.blocks = blocks
        self.rest = np.zeros(0, np.float32)

    def take(self, size: int) -> np.ndarray:
        taken, samples = [self.rest], self.rest.size
        while samples < size and (block := next(self.blocks, None)) is not None:
            taken.append(block)
            samples += block.size
        whole = np.concatenate(taken)
        self.rest = whole[size:].copy()
        return whole[:size]


def _blocks(opened: Opened) -> Iterator[np.ndarray]:
    to_rate = audio_io.resampler(SAMPLE_RATE)
    for frame in chain(audio_io.frames(opened), [None]):
        for piece in to_rate.resample(frame):
            yield audio_io.mono(piece)


def stereo(source: Source, rate: int = STEREO_RATE) -> np.ndarray:
    """(2, samples) float32: the whole track, for fades. One channel is heard on both sides, of more the first two."""
    sides: list[np.ndarray] = []
    samples = 0
    with audio_io.opened(source, WITHIN) as opened:
        refuse_protected(opened.track)
        to_rate = audio_io.resampler(rate)
        for frame in chain(audio_io.frames(opened), [None]):
            for piece in to_rate.resample(frame):
                both = audio_io.channels(piece)[:, :2].T
                sides.append(np.repeat(both, 2, axis=0) if len(both) == 1 else both)
                samples += both.shape[1]
            if samples > LONGEST_STEREO * rate:
                raise Refusal(
                    "too_long",
                    f"The track is longer than {LONGEST_STEREO / 60:.0f} minutes; choose a shorter one.",
                    {"limit_seconds": LONGEST_STEREO},
                )
    if not samples:
        raise Refusal("unreadable", "The file has a sound track, but no sound in it could be decoded.")
    return np.concatenate(sides, axis=1).astype(np.float32)
