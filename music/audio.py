"""Decodes an audio file of any format into mono excerpts for the analysis.

`ser.audio` does the same for recordings with other limits: a song is longer, and a mix lasts three hours. A track
longer than `WHOLE_SECONDS` is read in minutes spread evenly over it, so that memory and time stay bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import av
import numpy as np
from av.error import FFmpegError

from inference import audio_io
from inference.audio_io import Opened
from inference.containers import Source
from reading import Refusal

SAMPLE_RATE = 22_050
"""Hertz of the analysis; librosa's default. Little above 11 kHz says anything about a mood."""
EXCERPT_SECONDS = 60.0
"""As long as the rated tracks, on which the models were fitted."""
MAX_EXCERPTS = 10
WHOLE_SECONDS = EXCERPT_SECONDS * MAX_EXCERPTS
"""Up to this length every minute is read."""
SHORTEST_SECONDS = 5.0
"""Less has neither tempo nor key."""
SILENCE = 1e-4
"""Full scale is 1. A track that is never louder than this (-80 dB) is silence."""
DECODING_SECONDS = 180.0
"""Three hours of sound decode in less without seeking; only a file made to be slow takes longer."""

_PROTECTED = {"drms", "drmi", "enca", "aavd"}
"""MP4's codec tags of copy-protected tracks: iTunes, common encryption, Audible."""


@dataclass(frozen=True)
class Excerpts:
    """The parts of a track to measure."""

    waves: tuple[np.ndarray, ...]
    """Mono, float32, at `SAMPLE_RATE`, each up to `EXCERPT_SECONDS` long, in the order of the track."""
    starts: tuple[float, ...]
    """Seconds into the track at which each begins."""
    seconds: float
    """Length of the whole track."""


def load(source: Source) -> Excerpts:
    """Raises `Refusal`: unreadable, no_sound_track, protected, too_short or silent."""
    with audio_io.opened(source, DECODING_SECONDS) as opened:
        _refuse_protected(opened.track)
        seconds = audio_io.seconds_by_header(opened)
        excerpts = _by_seeking(opened, seconds) if seconds > WHOLE_SECONDS else None
    if excerpts is None:
        # The header's length is missing or wrong, or the file allows no seeking.
        excerpts = _by_decoding_all(source)
    if excerpts.seconds < SHORTEST_SECONDS:
        raise Refusal(
            "too_short",
            f"The track is {excerpts.seconds:.1f} s long; a tempo needs at least {SHORTEST_SECONDS:.0f} s.",
            {"seconds": excerpts.seconds, "limit_seconds": SHORTEST_SECONDS},
        )
    if max(np.abs(wave).max(initial=0.0) for wave in excerpts.waves) < SILENCE:
        raise Refusal("silent", "The track holds only silence; choose another one.")
    return excerpts


def _refuse_protected(stream: av.AudioStream) -> None:
    context = stream.codec_context
    tag = str(getattr(context, "codec_tag", "") or "").strip("\0").lower()
    if not context or tag in _PROTECTED:
        raise Refusal(
            "protected",
            "The track is copy-protected or in a format that cannot be decoded; export it as MP3, FLAC or WAV first.",
        )


def _by_seeking(opened: Opened, seconds: float) -> Excerpts | None:
    """Evenly spread minutes; None where the file allows no seeking."""
    starts = np.linspace(0.0, seconds - EXCERPT_SECONDS, MAX_EXCERPTS)
    waves = []
    for start in starts:
        try:
            opened.container.seek(int(start * av.time_base))
        except FFmpegError:
            return None
        # A new reader each time: it would bridge the gap between two excerpts with silence.
        wave = _SampleReader(_blocks(opened)).read(int(EXCERPT_SECONDS * SAMPLE_RATE))
        if wave.size < SHORTEST_SECONDS * SAMPLE_RATE:
            return None
        waves.append(wave)
    return Excerpts(tuple(waves), tuple(starts.tolist()), seconds)


def _by_decoding_all(source: Source) -> Excerpts:
    """Decodes from the first to the last sample. If there are too many minutes, it drops every second one."""
    size = int(EXCERPT_SECONDS * SAMPLE_RATE)
    waves: dict[int, np.ndarray] = {}
    stride, minute, samples = 1, 0, 0
    with audio_io.opened(source, DECODING_SECONDS) as opened:
        reader = _SampleReader(_blocks(opened))
        while (wave := reader.read(size)).size:
            samples += wave.size
            if minute % stride == 0:
                waves[minute] = wave
            if len(waves) > MAX_EXCERPTS:
                stride *= 2
                waves = {at: wave for at, wave in waves.items() if at % stride == 0}
            minute += 1
            if wave.size < size:
                break
    if not waves:
        raise Refusal("unreadable", "The file has a sound track, but no sound in it could be decoded.")
    # A last excerpt of a few seconds would weigh as much as a minute.
    if len(waves) > 1 and waves[max(waves)].size < 0.25 * size:
        del waves[max(waves)]
    return Excerpts(tuple(waves.values()), tuple(at * EXCERPT_SECONDS for at in waves), samples / SAMPLE_RATE)


class _SampleReader:
    """Reads decoded mono samples in portions of any size."""

    def __init__(self, blocks: Iterator[np.ndarray]) -> None:
        self.blocks = blocks
        self.rest = np.zeros(0, np.float32)

    def read(self, size: int) -> np.ndarray:
        parts, samples = [self.rest], self.rest.size
        while samples < size and (block := next(self.blocks, None)) is not None:
            parts.append(block)
            samples += block.size
        joined = np.concatenate(parts)
        self.rest = joined[size:].copy()
        return joined[:size]


def _blocks(opened: Opened) -> Iterator[np.ndarray]:
    resampler = audio_io.resampler(SAMPLE_RATE)
    for frame in chain(audio_io.frames(opened), [None]):
        for block in resampler.resample(frame):
            yield audio_io.mono(block)
