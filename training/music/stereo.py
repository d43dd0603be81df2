"""Decodes and encodes whole stereo tracks, for rendering the local tracks."""

from __future__ import annotations

import io
from itertools import chain
from pathlib import Path

import av
import numpy as np

from inference import audio_io

STEREO_RATE = 48_000


def decode(path: Path) -> np.ndarray:
    """(2, samples) float32 at `STEREO_RATE`. One channel is played on both sides; of more, the first two count."""
    sides = []
    with audio_io.opened(path, within=60.0) as opened:
        resampler = audio_io.resampler(STEREO_RATE)
        for frame in chain(audio_io.frames(opened), [None]):
            for block in resampler.resample(frame):
                both = audio_io.channels(block)[:, :2].T
                sides.append(np.repeat(both, 2, axis=0) if len(both) == 1 else both)
    return np.concatenate(sides, axis=1).astype(np.float32)


def encode(sound: np.ndarray, bits_per_second: int = 56_000) -> bytes:
    """Opus in WebM, which browsers play, from (2, samples) at `STEREO_RATE`, full scale 1."""
    file = io.BytesIO()
    with av.open(file, "w", format="webm") as out:
        stream = out.add_stream("libopus", rate=STEREO_RATE, layout="stereo")
        stream.bit_rate = bits_per_second
        samples = np.ascontiguousarray(np.clip(sound, -1.0, 1.0), np.float32)
        # A second at a time: every step would copy one long frame as a whole.
        for start in range(0, samples.shape[1], STEREO_RATE):
            piece = np.ascontiguousarray(samples[:, start : start + STEREO_RATE])
            frame = av.AudioFrame.from_ndarray(piece, "fltp", "stereo")
            frame.sample_rate = STEREO_RATE
            frame.pts = start
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()
