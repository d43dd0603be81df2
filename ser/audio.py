"""Anything a person records or uploads → one clean array: mono, 16 kHz, silence cut from both ends.

Every sound of the house passes through here, in training as in use, so that a model never hears
anything prepared in another way.
"""

from __future__ import annotations

import io
from os import PathLike
from pathlib import Path

import av
import numpy as np

from reading import Refusal

SAMPLE_RATE = 16_000
LONGEST = 600.0
"""Seconds. A diary entry is minutes, not hours; longer files are refused from their header."""
SILENCE_DB = 30.0
"""What lies this far below the clip's loudest moment, at either end, is cut."""
LOUDEST_SAMPLE = 8.0
"""Float files may exceed full scale a little; beyond this a sample is damage, not sound."""
_FRAME, _HOP = 2048, 512  # librosa's defaults: `trim` gives the same cut as librosa.effects.trim


def load(source: bytes | str | PathLike[str]) -> np.ndarray:
    """Decode and trim: what a model is fed. Raises `Refusal` with a named reason."""
    return trim(decode(source))


def decode(source: bytes | str | PathLike[str]) -> np.ndarray:
    """The first sound track as float32, mono, 16 kHz, with memory bounded by `LONGEST`."""
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
            wave = _decode_container(container)
    except (av.error.FFmpegError, ValueError, UnicodeDecodeError) as error:
        raise Refusal("unreadable", f"This is not a sound file that can be decoded ({_first_line(error)}).") from error
    if not wave.size:
        raise Refusal("unreadable", "The file has a sound track, but no sound in it could be decoded.")
    return _repair(wave)


def _decode_container(container: av.container.InputContainer) -> np.ndarray:
    if not container.streams.audio:
        raise Refusal("no_sound_track", "The file holds no sound track; choose one with sound.")
    track = container.streams.audio[0]
    _refuse_if_too_long(_seconds_by_header(container, track))
    # Channels are averaged by hand: a layout without speaker positions (many 8-channel recordings) cannot be mixed by
    # name. They come interleaved, because PyAV crashes on planar frames of eight channels.
    resampler = av.AudioResampler(format="flt", rate=SAMPLE_RATE)
    pieces: list[np.ndarray] = []
    samples = 0
    for frame in _frames(container, track):
        for piece in resampler.resample(frame):
            pieces.append(_mono(piece))
            samples += pieces[-1].size
        # A header may lie, or say nothing at all (recordings of a browser): the count decides.
        _refuse_if_too_long(samples / SAMPLE_RATE)
    pieces += [_mono(piece) for piece in resampler.resample(None)]
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)


def _frames(container: av.container.InputContainer, track: av.AudioStream):
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


def _mono(frame: av.AudioFrame) -> np.ndarray:
    channels = frame.to_ndarray().reshape(-1, frame.layout.nb_channels)
    # Not-a-number in one channel or sample must not reach the others through the mean.
    channels = np.nan_to_num(channels, nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(channels, -LOUDEST_SAMPLE, LOUDEST_SAMPLE).mean(axis=1).astype(np.float32)


def _seconds_by_header(container: av.container.InputContainer, track: av.AudioStream) -> float:
    if track.duration and track.time_base:
        return float(track.duration * track.time_base)
    return container.duration / av.time_base if container.duration else 0.0


def _refuse_if_too_long(seconds: float) -> None:
    if seconds > LONGEST:
        raise Refusal(
            "too_long",
            f"The clip is longer than {LONGEST / 60:.0f} minutes; cut out the part that matters.",
            {"limit_seconds": LONGEST},
        )


def _repair(wave: np.ndarray) -> np.ndarray:
    wave = np.nan_to_num(wave, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)
    return np.clip(wave, -LOUDEST_SAMPLE, LOUDEST_SAMPLE)


def _first_line(error: Exception) -> str:
    """What the decoder said, without the path or the name of the file."""
    strerror = getattr(error, "strerror", None)
    return str(strerror or type(error).__name__).splitlines()[0]


def frame_levels(wave: np.ndarray) -> np.ndarray:
    """Root mean square of each centred frame, as librosa.feature.rms gives it."""
    padded = np.pad(np.asarray(wave, np.float64), _FRAME // 2)
    energy = np.concatenate([[0.0], np.cumsum(padded**2)])
    starts = np.arange(0, padded.size - _FRAME + 1, _HOP)
    return np.sqrt(np.maximum(energy[starts + _FRAME] - energy[starts], 0.0) / _FRAME)


def trim(wave: np.ndarray, top_db: float = SILENCE_DB) -> np.ndarray:
    """Cut leading and trailing silence; the middle stays untouched. Silence alone gives an empty array."""
    levels = frame_levels(wave)
    loudest = levels.max(initial=0.0)
    if loudest <= 1e-6:
        return wave[:0]
    loud = np.flatnonzero(levels > loudest * 10 ** (-top_db / 20))
    return wave[loud[0] * _HOP : min(wave.size, (loud[-1] + 1) * _HOP)]


def at_common_level(wave: np.ndarray, target: float = 0.1) -> np.ndarray:
    """Scale so that the loud part of the speech has one level, whatever the microphone's gain was.

    How loud a clip is tells a studio's setting, not the stranger's mood: corpora keep one gain for all clips of an
    actor, telephones do not. The 90th percentile of frame levels stands for the voice; a click cannot move it.
    """
    if not wave.size:
        return wave
    loud = np.percentile(frame_levels(wave), 90)
    return wave if loud <= 1e-6 else (wave * np.float32(target / loud)).astype(np.float32)
