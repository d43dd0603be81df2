"""Stereo floats → a sound file that browsers play: Opus in WebM."""

from __future__ import annotations

import io

import av
import numpy as np

from music.audio import STEREO_RATE

MIME = "audio/webm"


def opus(sound: np.ndarray, bits_per_second: int = 56_000) -> bytes:
    """(2, samples) at 48 kHz, full scale 1."""
    file = io.BytesIO()
    with av.open(file, "w", format="webm") as out:
        stream = out.add_stream("libopus", rate=STEREO_RATE, layout="stereo")
        stream.bit_rate = bits_per_second
        samples = np.ascontiguousarray(np.clip(sound, -1.0, 1.0), np.float32)
        # A second at a time: one frame of an hour would be copied whole by every step.
        for start in range(0, samples.shape[1], STEREO_RATE):
            piece = np.ascontiguousarray(samples[:, start : start + STEREO_RATE])
            frame = av.AudioFrame.from_ndarray(piece, "fltp", "stereo")
            frame.sample_rate = STEREO_RATE
            frame.pts = start
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()
