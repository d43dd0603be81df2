"""Made-up music, so that most tests need no recordings."""

from __future__ import annotations

import io
from collections.abc import Mapping
from types import MappingProxyType

import av
import numpy as np

from music.audio import SAMPLE_RATE

MAJOR, MINOR = (0, 4, 7), (0, 3, 7)


def tones(pitches: tuple[float, ...], seconds: float, rate: int = SAMPLE_RATE, partials: int = 6) -> np.ndarray:
    """A chord of harmonic tones, by MIDI number."""
    time = np.arange(int(seconds * rate)) / rate
    wave = np.zeros_like(time)
    for pitch in pitches:
        hertz = 440.0 * 2 ** ((pitch - 69) / 12)
        wave += sum(np.sin(2 * np.pi * hertz * k * time) / k for k in range(1, partials + 1) if hertz * k < rate / 2)
    return wave / max(len(pitches), 1)


def song(
    beats: float = 120.0,
    scale: tuple[int, int, int] = MAJOR,
    seconds: float = 20.0,
    tonic: int = 60,
    tuning: float = 0.0,
) -> np.ndarray:
    """I–IV–V–I in one key, a struck chord a beat."""
    length = 60.0 / beats
    wave = []
    for beat in range(int(np.ceil(seconds / length))):
        root = tonic + (0, 5, 7, 0)[beat // 4 % 4] + tuning
        # Over the fifth degree the chord is major in either mode.
        shape = MAJOR if beat // 4 % 4 == 2 else scale
        chord = tones(tuple(root + step for step in shape), length)
        wave.append(chord * np.exp(-4 * np.arange(chord.size) / SAMPLE_RATE))
    whole = np.concatenate(wave)[: int(seconds * SAMPLE_RATE)]
    return (0.4 * whole / np.abs(whole).max()).astype(np.float32)


def noise(seconds: float = 10.0, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.1, int(seconds * SAMPLE_RATE)).astype(np.float32)


def encoded(
    wave: np.ndarray,
    container: str = "wav",
    codec: str = "pcm_s16le",
    rate: int = SAMPLE_RATE,
    metadata: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """A file of these samples, (samples) or (channels, samples)."""
    channels = np.atleast_2d(wave).astype(np.float32)
    layout = "mono" if len(channels) == 1 else "stereo"
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        out.metadata.update(metadata)
        stream = out.add_stream(codec, rate=rate, layout=layout)
        resampler = av.AudioResampler(stream.codec_context.format, layout, rate)
        for start in range(0, channels.shape[1], 60 * rate):
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(channels[:, start : start + 60 * rate]), "fltp", layout
            )
            frame.sample_rate, frame.pts = rate, start
            for piece in resampler.resample(frame):
                out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return file.getvalue()
