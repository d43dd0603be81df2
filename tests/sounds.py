"""Small recordings that tests make for themselves."""

from __future__ import annotations

import io
import wave

import numpy as np

RATE = 16_000


def spoken(seconds: float = 2.0, pitch: float = 140.0) -> bytes:
    """A WAV file with a sound like a vowel: a harmonic tone of this pitch whose loudness changes slowly."""
    time = np.arange(int(seconds * RATE)) / RATE
    buzz = sum(np.sin(2 * np.pi * pitch * harmonic * time) / harmonic for harmonic in range(1, 12))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 3 * time)
    samples = np.int16(12_000 * buzz / np.abs(buzz).max() * swell)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return out.getvalue()
