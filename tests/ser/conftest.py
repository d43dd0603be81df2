"""Made-up voices and a tiny member, so that most tests need neither data nor weights."""

from __future__ import annotations

import io
from collections.abc import Callable

import av
import numpy as np
import pytest
import torch

from ser import members
from ser.model import MemberOutput

RATE = 16_000


def make_voice(seconds: float = 2.0, pitch: float = 140.0, seed: int = 0, rate: int = RATE) -> np.ndarray:
    """Syllables with changing pitch and two formants, which pass the quality checks for a voice."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * rate)) / rate
    hertz = pitch * 2 ** (0.25 * np.sin(2 * np.pi * 0.7 * time) + 0.05 * np.sin(2 * np.pi * 5 * time))
    phase = 2 * np.pi * np.cumsum(hertz) / rate
    wave = np.zeros_like(time)
    for harmonic in range(1, 25):
        centre = harmonic * pitch
        gain = np.exp(-(((centre - 600) / 400) ** 2)) + 0.5 * np.exp(-(((centre - 1700) / 500) ** 2)) + 0.02
        wave += gain * np.sin(harmonic * phase)
    syllables = np.clip(np.sin(2 * np.pi * 2 * time + rng.uniform(0, 1)) + 0.6, 0, 1) ** 0.5
    wave = wave * syllables
    return (0.3 * wave / np.abs(wave).max() + rng.normal(0, 1e-4, wave.size)).astype(np.float32)


def encode(wave: np.ndarray, container: str, codec: str, rate: int = RATE, with_picture: bool = False) -> bytes:
    """A file as a browser or a phone would make it. `wave` is (samples) or (channels, samples)."""
    channels = np.atleast_2d(wave)
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        sound = out.add_stream(codec, rate=rate, layout="mono" if len(channels) == 1 else "stereo")
        if with_picture:
            picture = out.add_stream("mpeg4" if container != "flv" else "flv", rate=10, width=64, height=64)
            picture.pix_fmt = "yuv420p"
            for _ in range(5):
                out.mux(picture.encode(av.VideoFrame(64, 64, "yuv420p")))
            out.mux(picture.encode(None))
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(channels, np.float32), "fltp", "mono" if len(channels) == 1 else "stereo"
        )
        frame.sample_rate = rate
        for piece in av.AudioResampler(sound.codec_context.format, sound.codec_context.layout, rate).resample(frame):
            out.mux(sound.encode(piece))
        out.mux(sound.encode(None))
    return file.getvalue()


def wav_bytes(channels: np.ndarray, rate: int = RATE) -> bytes:
    """A 32-bit float WAV of any samples, also invalid ones."""
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, np.atleast_2d(channels).T, rate, format="WAV", subtype="FLOAT")
    return file.getvalue()


class FakeMember:
    """Scores anger higher the louder the second half is than the first. It is deterministic and has no weights."""

    def __init__(self, **meta: object) -> None:
        self.meta = members.describe("fake", "fake", "none", **meta)

    def forward(self, wave: np.ndarray) -> MemberOutput:
        half = wave.size // 2
        louder = float(np.std(wave[half:]) - np.std(wave[:half])) * 50 if half else 0.0
        logits = torch.zeros(1, len(members.LABELS))
        logits[0, members.LABELS.index("anger")] = louder
        logits[0, members.LABELS.index("sadness")] = -louder
        return MemberOutput(logits, logits)


@pytest.fixture
def voice() -> Callable[..., np.ndarray]:
    return make_voice


@pytest.fixture
def fake_member() -> FakeMember:
    return FakeMember()
