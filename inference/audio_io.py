"""Sound files of any kind, opened with PyAV: what the voice and the music share of decoding.

Both turn what a person uploads into clean arrays; they differ in rate, in channels and in how long is too long, so that
stays with them. Everything that goes wrong here has a name.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

import av
import numpy as np

from reading import Refusal

Source = bytes | str | PathLike[str]

LOUDEST_SAMPLE = 8.0
"""Float files may exceed full scale a little; beyond this a sample is damage, not sound."""


@contextmanager
def opened(source: Source) -> Iterator[tuple[av.container.InputContainer, av.AudioStream]]:
    """The container and its first sound track. What the decoder cannot read, also later on, becomes a `Refusal`."""
    if isinstance(source, bytes | bytearray | memoryview):
        size, stream = len(source), io.BytesIO(source)
    else:
        path = Path(source)
        if not path.is_file():
            raise Refusal("unreadable", f"There is no file at {path}; check the name.")
        size, stream = path.stat().st_size, str(path)
    if size == 0:
        raise Refusal("unreadable", "The file is empty (0 bytes); record or export it again.")
    try:
        with av.open(stream, metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise Refusal("no_sound_track", "The file holds no sound track; choose one with sound.")
            yield container, container.streams.audio[0]
    except (av.error.FFmpegError, ValueError, UnicodeDecodeError) as error:
        raise Refusal("unreadable", f"This is not a sound file that can be decoded ({_first_line(error)}).") from error


def frames(container: av.container.InputContainer, track: av.AudioStream) -> Iterator[av.AudioFrame]:
    """All frames that can be decoded; a file cut off in the middle gives what came before the cut."""
    got_any = False
    packets = container.demux(track)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.error.FFmpegError:
            if got_any:
                return
            raise
        try:
            for frame in packet.decode():
                got_any = True
                yield frame
        except av.error.FFmpegError:
            continue  # one damaged packet; the next may be whole


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


def seconds_by_header(container: av.container.InputContainer, track: av.AudioStream) -> float:
    """How long the file says it is; 0 where it does not say (recordings of a browser)."""
    if track.duration and track.time_base:
        return float(track.duration * track.time_base)
    return container.duration / av.time_base if container.duration else 0.0


def _first_line(error: Exception) -> str:
    """What the decoder said, without the path or the name of the file."""
    strerror = getattr(error, "strerror", None)
    return str(strerror or type(error).__name__).splitlines()[0]
