"""Augments a voice as other speakers, microphones, rooms and lines would change it.

Every kind can be switched off by name, for ablations.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import av
import numpy as np
from scipy import signal

from ser.audio import SAMPLE_RATE

Wave = np.ndarray
Noises = Callable[[np.random.Generator, int], Wave]


def speed(wave: Wave, rng: np.random.Generator) -> Wave:
    """Faster or slower by up to 12 %, pitch and timbre with it: another, smaller or larger, speaker."""
    factor = np.exp(rng.uniform(-0.12, 0.12))
    return np.asarray(signal.resample(wave, max(1, round(wave.size / factor))), np.float32)


def tempo(wave: Wave, rng: np.random.Generator) -> Wave:
    """Faster or slower by up to 15 % at the same pitch, by overlapping the best-matching pieces (WSOLA)."""
    factor = float(np.exp(rng.uniform(-0.15, 0.15)))
    size, seek = 512, 128
    hop = size // 2
    if wave.size < 4 * size:
        return wave
    fade = np.hanning(size).astype(np.float32)
    pieces = int((wave.size - 2 * size) / (hop * factor))
    out = np.zeros(pieces * hop + size, np.float32)
    follow = wave[:size]
    for piece in range(pieces):
        centre = int(piece * hop * factor)
        start = max(0, centre - seek)
        around = wave[start : centre + seek + size]
        if around.size < size:
            break
        best = start + int(np.argmax(np.correlate(around, follow[:size], "valid")))
        out[piece * hop : piece * hop + size] += fade * wave[best : best + size]
        follow = wave[best + hop : best + hop + size]
        if follow.size < size:
            break
    return out[: (piece + 1) * hop]


def pauses(wave: Wave, rng: np.random.Generator) -> Wave:
    """Up to 0.6 s of silence at both ends, which trimming cannot remove once noise is added."""
    before, after = rng.integers(0, int(0.6 * SAMPLE_RATE), 2)
    return np.pad(wave, (before, after)).astype(np.float32)


def microphone(wave: Wave, rng: np.random.Generator) -> Wave:
    """A random smooth frequency response: six points between 60 Hz and 8 kHz, a few decibels up or down each."""
    spectrum = np.fft.rfft(wave)
    hertz = np.fft.rfftfreq(wave.size, 1 / SAMPLE_RATE)
    points = np.geomspace(60, 8000, 6)
    decibels = np.interp(np.log(np.maximum(hertz, 20.0)), np.log(points), rng.normal(0, 4, points.size))
    return np.fft.irfft(spectrum * 10 ** (decibels / 20), wave.size).astype(np.float32)


def room(wave: Wave, rng: np.random.Generator) -> Wave:
    """A small or large room: the direct sound, then noise that dies away."""
    tail = reverberation(rng, rng.uniform(0.1, 0.7))
    return reverberant(wave, tail, rng.uniform(0, 14))


def reverberation(rng: np.random.Generator, seconds: float) -> Wave:
    """What a room adds after an impulse, of energy one: noise that falls by 60 dB in so many seconds."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    tail = rng.normal(size=time.size) * 10 ** (-3 * time / seconds)
    tail[: int(rng.uniform(0.001, 0.006) * SAMPLE_RATE)] = 0
    return tail / np.sqrt(np.sum(tail**2))


def reverberant(wave: Wave, tail: Wave, direct_to_tail: float) -> Wave:
    """The wave in a room, the direct sound so many decibels above the reverberation."""
    response = tail / 10 ** (direct_to_tail / 20)
    response[0] = 1.0
    return signal.fftconvolve(wave, response)[: wave.size].astype(np.float32)


def coloured_noise(rng: np.random.Generator, size: int) -> Wave:
    """White, pink or brown noise; a quarter has the hum of a device."""
    spectrum = np.fft.rfft(rng.normal(size=size))
    hertz = np.maximum(np.fft.rfftfreq(size, 1 / SAMPLE_RATE), 20.0)
    noise = np.fft.irfft(spectrum * hertz ** -rng.uniform(0, 1.1), size)
    if rng.random() < 0.25:
        base, time = rng.choice([50.0, 60.0, 100.0, 120.0]), np.arange(size) / SAMPLE_RATE
        hum = sum(np.sin(2 * np.pi * base * k * time + rng.uniform(0, 6)) * rng.random() / k for k in range(1, 6))
        noise = noise / (noise.std() + 1e-9) + hum * rng.uniform(0.3, 1.5)
    return noise.astype(np.float32)


def noise(wave: Wave, rng: np.random.Generator, more: Noises | None = None) -> Wave:
    """Background at 3 to 30 dB under the voice; `more` makes other noises, such as babble."""
    make = more if more is not None and rng.random() < 0.35 else coloured_noise
    background = make(rng, wave.size)
    return with_background(wave, background, rng.uniform(3, 30))


def with_background(wave: Wave, background: Wave, snr: float) -> Wave:
    """The wave over a background, the wave so many decibels louder."""
    scale = np.sqrt(np.mean(wave**2) / (np.mean(background**2) + 1e-12)) * 10 ** (-snr / 20)
    return (wave + background * scale).astype(np.float32)


def codec(wave: Wave, rng: np.random.Generator) -> Wave:
    """A telephone line, or Opus as a messenger sends it."""
    if rng.random() < 0.4:
        return telephone(wave, rng)
    return _through_opus(wave, int(rng.choice([8_000, 12_000, 16_000, 24_000])))


def telephone(wave: Wave, rng: np.random.Generator) -> Wave:
    """The band of a telephone, some 250 to 3,400 Hz, in the 8 bits of mu-law."""
    band = signal.butter(4, [rng.uniform(150, 350), rng.uniform(3000, 3700)], "bandpass", fs=SAMPLE_RATE, output="sos")
    narrow = signal.sosfilt(band, wave)
    peak = np.abs(narrow).max() + 1e-9
    companded = np.sign(narrow) * np.log1p(255 * np.abs(narrow) / peak) / np.log(256)
    coarse = np.round(companded * 127) / 127
    return (np.sign(coarse) * (256 ** np.abs(coarse) - 1) / 255 * peak).astype(np.float32)


def _through_opus(wave: Wave, bits: int) -> Wave:
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=SAMPLE_RATE, layout="mono", bit_rate=bits)
        frame = av.AudioFrame.from_ndarray((np.clip(wave, -1, 1) * 32767).astype(np.int16)[None], "s16", "mono")
        frame.sample_rate = SAMPLE_RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    resampler = av.AudioResampler("fltp", "mono", SAMPLE_RATE)
    with av.open(io.BytesIO(file.getvalue()), "r", format="ogg") as container:
        pieces = [p.to_ndarray()[0] for f in container.decode(audio=0) for p in resampler.resample(f)]
    pieces += [p.to_ndarray()[0] for p in resampler.resample(None)]
    return np.concatenate(pieces)[: wave.size].astype(np.float32)


def gain(wave: Wave, rng: np.random.Generator) -> Wave:
    """A random level; some clips are clipped, or compressed as by a phone."""
    if rng.random() < 0.3:
        follower = np.asarray(signal.lfilter([0.002], [1, -0.998], np.abs(wave))) + 0.02
        wave = wave / follower ** rng.uniform(0.2, 0.6)
        wave = wave / (np.abs(wave).max() + 1e-9)
    loud = wave * 10 ** (rng.uniform(-12, 6) / 20) / (np.abs(wave).max() + 1e-9)
    return np.clip(loud, -1, 1).astype(np.float32)


CHANCES: dict[str, float] = {
    "speed": 0.7,
    "tempo": 0.3,
    "pauses": 0.25,
    "microphone": 0.6,
    "room": 0.35,
    "noise": 0.5,
    "codec": 0.35,
    "gain": 0.6,
}
"""The chance of each kind, in the order of the signal path: speaker, microphone, room, line."""


def vary(wave: Wave, rng: np.random.Generator, without: Iterable[str] = (), noises: Noises | None = None) -> Wave:
    """One random variation of a clip, as another person, microphone and room might have made it."""
    unknown = set(without) - set(CHANCES)
    if unknown:
        raise ValueError(f"unknown augmentation {', '.join(sorted(unknown))}; there are {', '.join(CHANCES)}")
    for name, chance in CHANCES.items():
        # Drawn even when switched off, so that an ablation changes one thing only.
        use, child = rng.random() < chance, np.random.default_rng(rng.integers(2**63))
        if not use or name in without:
            continue
        wave = noise(wave, child, noises) if name == "noise" else globals()[name](wave, child)
    return np.nan_to_num(wave)
