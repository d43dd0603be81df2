"""Sound files of any kind, opened with PyAV: what the voice and the music share of decoding.

Both turn what a person uploads into clean arrays; they differ in rate, in channels and in how long is too long, so that
stays with them. Everything that goes wrong here has a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import av
import numpy as np

from inference import containers
from inference.containers import Deadline, Source
from reading import Refusal

LOUDEST_SAMPLE = 8.0
"""Float files may exceed full scale a little; beyond this a sample is damage, not sound."""


SLOWEST_RATE, FASTEST_RATE = 4_000, 768_000
"""Hertz. A file that claims one sample a second grows sixteen thousandfold on its way to a model."""
MOST_CHANNELS = 64


class Opened(NamedTuple):
    """A sound file that is being decoded."""

    container: av.container.InputContainer
    track: av.AudioStream
    """The first sound track."""
    deadline: Deadline


@contextmanager
def opened(source: Source, within: float) -> Iterator[Opened]:
    """A sound file, to be decoded `within` so many seconds. What cannot be read, also later on, becomes a `Refusal`."""
    deadline = Deadline(within)
    with containers.opened(source, deadline) as container:
        if not container.streams.audio:
            raise Refusal("no_sound_track", "The file holds no sound track; choose one with sound.")
        track = container.streams.audio[0]
        if track.codec_context is not None:  # None where it is locked or of an unknown kind: there is no rate yet
            _refuse_absurd(track.codec_context.sample_rate, track.codec_context.layout.nb_channels)
        yield Opened(container, track, deadline)


def frames(sound: Opened) -> Iterator[av.AudioFrame]:
    """All frames that can be decoded; a file cut off in the middle gives what came before the cut."""
    got_any = False
    packets = sound.container.demux(sound.track)
    while True:
        sound.deadline.check()
        try:
            packet = next(packets)
        except StopIteration:
            return
        except (av.error.FFmpegError, IndexError):  # damaged, or a track begins that the header did not name
            if got_any:
                return
            raise
        try:
            for frame in packet.decode():
                got_any = True
                # A header may say something else than the frames do.
                _refuse_absurd(frame.sample_rate, frame.layout.nb_channels)
                yield frame
        except av.error.FFmpegError:
            continue  # one damaged packet; the next may be whole


def _refuse_absurd(rate: int, channel_count: int) -> None:
    """0 is what a header says that says nothing; the frames will."""
    if (rate and not SLOWEST_RATE <= rate <= FASTEST_RATE) or channel_count > MOST_CHANNELS:
        raise Refusal(
            "unreadable",
            f"No recording has {rate} samples a second in {channel_count} channels; export it again.",
            {"rate": rate, "channels": channel_count},
        )


def resampler(rate: int) -> av.AudioResampler:
    """For `channels`: floats at this rate, interleaved, because PyAV crashes on planar frames of eight channels."""
    return av.AudioResampler(format="flt", rate=rate)


def channels(frame: av.AudioFrame) -> np.ndarray:
    """(samples, channels) of a frame from `resampler`, every sample finite and none absurd.

    Channels are mixed by hand: a layout without speaker positions (many 8-channel recordings) cannot be mixed by name.
    """
    samples = frame.to_ndarray().reshape(-1, frame.layout.nb_channels)
    # Not-a-number in one channel or sample must not reach the others through the mean.
    samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(samples, -LOUDEST_SAMPLE, LOUDEST_SAMPLE)


def mono(frame: av.AudioFrame) -> np.ndarray:
    return channels(frame).mean(axis=1).astype(np.float32)


def seconds_by_header(sound: Opened) -> float:
    """How long the file says it is; 0 where it does not say (recordings of a browser)."""
    if sound.track.duration and sound.track.time_base:
        return float(sound.track.duration * sound.track.time_base)
    return sound.container.duration / av.time_base if sound.container.duration else 0.0
