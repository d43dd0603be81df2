"""Decodes sound files of any format with PyAV, for voice, speech to text and music.

Each of them sets the sample rate, the channels and the longest duration. A file that cannot be
decoded raises a `Refusal`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import NamedTuple

import av
import av.error
import numpy as np
from av.container import InputContainer

from inference import containers
from inference.containers import Deadline, Source
from reading import Refusal

LOUDEST_SAMPLE = 8.0
"""Samples of float files may exceed full scale (1.0) a little; larger ones are damage."""
SLOWEST_RATE, FASTEST_RATE = 4_000, 768_000
"""Hertz. Resampling a file of 1 Hz to 16 kHz would multiply its size by 16,000."""
MOST_CHANNELS = 64


class Opened(NamedTuple):
    """A sound file that is being decoded."""

    container: InputContainer
    track: av.AudioStream
    """The first sound track."""
    deadline: Deadline


@contextmanager
def opened(source: Source, within: float) -> Iterator[Opened]:
    """Opens a sound file; `within` limits the seconds of decoding. Errors, later ones too, become a `Refusal`."""
    deadline = Deadline(within)
    with containers.opened(source, deadline) as container:
        if not container.streams.audio:
            raise Refusal("no_sound_track", "The file holds no sound track; choose one with sound.")
        track = container.streams.audio[0]
        if track.codec_context is not None:  # None where it is protected or of an unknown kind
            _refuse_absurd(track.codec_context.sample_rate, track.codec_context.layout.nb_channels)
        yield Opened(container, track, deadline)


def decoded(source: Source, rate: int, longest: float, within: float) -> np.ndarray:
    """The first sound track as float32, mono; `longest` (seconds) bounds the memory. Raises `Refusal`."""
    blocks: list[np.ndarray] = []
    samples = 0
    with opened(source, within) as sound:
        _refuse_if_too_long(seconds_by_header(sound), longest)
        for block in mono_blocks(sound, rate):
            blocks.append(block)
            samples += block.size
            # The header may be wrong, or give no duration at all (recordings of a browser).
            _refuse_if_too_long(samples / rate, longest)
    if not samples:
        raise Refusal("unreadable", "The file has a sound track, but no sound in it could be decoded.")
    return np.concatenate(blocks)


def _refuse_if_too_long(seconds: float, longest: float) -> None:
    if seconds > longest:
        raise Refusal(
            "too_long",
            f"The clip is longer than {longest / 60:.0f} minutes; cut out the part that matters.",
            {"limit_seconds": longest},
        )


def frames(sound: Opened) -> Iterator[av.AudioFrame]:
    """All frames that can be decoded; of a truncated file those before the cut."""
    has_frames = False
    packets = sound.container.demux(sound.track)
    while True:
        sound.deadline.check()
        try:
            packet = next(packets)
        except StopIteration:
            return
        except (av.error.FFmpegError, IndexError):  # damaged, or a track that the header lacks
            if has_frames:
                return
            raise
        try:
            for frame in packet.decode():
                has_frames = True
                # The frames may contradict the header.
                _refuse_absurd(frame.sample_rate, frame.layout.nb_channels)
                yield frame
        except av.error.FFmpegError:
            continue  # one damaged packet; the next may be whole


def _refuse_absurd(rate: int, channel_count: int) -> None:
    """Refuses impossible rates and channel counts. A rate of 0 means that only the frames have it."""
    if (rate and not SLOWEST_RATE <= rate <= FASTEST_RATE) or channel_count > MOST_CHANNELS:
        raise Refusal(
            "unreadable",
            f"No recording has {rate} samples a second in {channel_count} channels; export it again.",
            {"rate": rate, "channels": channel_count},
        )


def mono_blocks(sound: Opened, rate: int) -> Iterator[np.ndarray]:
    """The track as blocks of mono float32 samples at this rate."""
    to_rate = resampler(rate)
    for frame in chain(frames(sound), [None]):
        for piece in to_rate.resample(frame):
            yield mono(piece)


def resampler(rate: int) -> av.AudioResampler:
    """Resamples to interleaved floats for `channels`, because PyAV crashes on planar frames of eight channels."""
    return av.AudioResampler(format="flt", rate=rate)


def channels(frame: av.AudioFrame) -> np.ndarray:
    """(samples, channels) of a frame from `resampler`, each sample finite and at most `LOUDEST_SAMPLE`.

    Callers mix the channels themselves: PyAV cannot mix a layout without speaker positions (many 8-channel files).
    """
    samples = frame.to_ndarray().reshape(-1, frame.layout.nb_channels)
    # NaN in one channel or sample must not reach the others through the mean.
    samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(samples, -LOUDEST_SAMPLE, LOUDEST_SAMPLE)


def mono(frame: av.AudioFrame) -> np.ndarray:
    """(samples) float32: the mean of the channels of a frame from `resampler`."""
    return channels(frame).mean(axis=1).astype(np.float32)


def seconds_by_header(sound: Opened) -> float:
    """The duration in the file's header; 0 without one (recordings of a browser)."""
    if sound.track.duration and sound.track.time_base:
        return float(sound.track.duration * sound.track.time_base)
    return sound.container.duration / av.time_base if sound.container.duration else 0.0
