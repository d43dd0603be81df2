"""200 sounds without speech, made here: what a diary's microphone may hear when nobody speaks to it.

Every clip is made from its own seed, so all of them are the same each time. The music is cut from `assets/music`.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike
from scipy import signal

import settings
from ser import audio
from ser.audio import SAMPLE_RATE

Wave = np.ndarray
Maker = Callable[[np.random.Generator, int], Wave]
"""Makes a sound of so many samples, at any level."""

_MUSIC = settings.ASSETS / "music"
_SEED = 19


@dataclass(frozen=True)
class Sound:
    """A clip without speech."""

    kind: str
    wave: Wave


@dataclass(frozen=True)
class _Kind:
    name: str
    make: Maker
    count: int
    levels: tuple[float, float]
    """Decibels of the loudest and the quietest clip's peak, below full scale."""


def clips(every: int = 1) -> Iterator[Sound]:
    """All clips, kind by kind; or every second, every third … of them."""
    for kind, make in itertools.islice(_plan(), 0, None, every):
        yield Sound(kind, make())


def _plan() -> Iterator[tuple[str, Callable[[], Wave]]]:
    """The kind of each clip, and what makes it."""
    for number, kind in enumerate(_KINDS):
        for at in range(kind.count):
            yield kind.name, partial(_made, kind, number, at)
    for seconds in (3, 15):
        yield "silence", partial(np.zeros, seconds * SAMPLE_RATE, np.float32)
        yield "silence", partial(_last_bit, seconds)
    files = sorted(track["file"] for track in json.loads((_MUSIC / "tracks.json").read_text(encoding="utf-8")))
    for file in files:
        yield "music", partial(_cut, file, 1.0)
    for file in files[::2]:
        yield "music", partial(_cut, file, 0.05)


def _made(kind: _Kind, number: int, at: int) -> Wave:
    rng = np.random.default_rng([_SEED, number, at])
    wave = kind.make(rng, int(rng.uniform(3, 15) * SAMPLE_RATE))
    return _at_level(wave, np.linspace(*kind.levels, kind.count)[at])


def _last_bit(seconds: int) -> Wave:
    """What a 16-bit converter gives in a silent room: its last bit at random."""
    bits = np.random.default_rng([_SEED, seconds]).integers(-1, 2, seconds * SAMPLE_RATE)
    return (bits / 32768).astype(np.float32)


def _cut(file: str, gain: float) -> Wave:
    """5 to 20 seconds of a track, as it is or from another room."""
    rng = np.random.default_rng([_SEED, *file.encode(), int(100 * gain)])
    wave, size = audio.decode(_MUSIC / file), int(rng.uniform(5, 20) * SAMPLE_RATE)
    start = int(rng.integers(0, wave.size - size))
    return wave[start : start + size] * np.float32(gain)


def _at_level(wave: Wave, decibels: float) -> Wave:
    return (wave / (np.abs(wave).max() + 1e-9) * 10 ** (decibels / 20)).astype(np.float32)


def _coloured(slope: float) -> Maker:
    """Noise whose spectrum falls by this exponent: 0 is white, 0.5 pink, 1 brown."""

    def make(rng: np.random.Generator, size: int) -> Wave:
        hertz = np.maximum(np.fft.rfftfreq(size, 1 / SAMPLE_RATE), 20.0)
        return np.fft.irfft(np.fft.rfft(rng.normal(size=size)) * hertz**-slope, size)

    return make


_white, _pink, _brown = _coloured(0.0), _coloured(0.5), _coloured(1.0)


def _band(wave: Wave, low: float, high: float) -> Wave:
    return np.asarray(signal.sosfilt(signal.butter(2, [low, high], "bandpass", fs=SAMPLE_RATE, output="sos"), wave))


def _slow(rng: np.random.Generator, size: int, changes: float) -> Wave:
    """A curve from 0 to 1 that wanders up and down so many times a second."""
    points = rng.uniform(size=max(4, int(size / SAMPLE_RATE * changes) + 2))
    return np.interp(np.linspace(0, points.size - 1, size), np.arange(points.size), points)


def _time(size: int) -> Wave:
    return np.arange(size) / SAMPLE_RATE


def _hum(mains: float) -> Maker:
    """A device on the mains, with harmonics, over a little noise."""

    def make(rng: np.random.Generator, size: int) -> Wave:
        harmonics = [
            np.sin(2 * np.pi * mains * k * _time(size) + rng.uniform(0, 6)) * rng.random() / k for k in range(1, 12)
        ]
        return np.sum(harmonics, axis=0) + 0.01 * rng.normal(size=size)

    return make


def _fan(rng: np.random.Generator, size: int) -> Wave:
    blades = 1 + 0.3 * np.sin(2 * np.pi * rng.uniform(15, 40) * _time(size))
    tone = 0.05 * np.sin(2 * np.pi * rng.uniform(90, 260) * _time(size))
    hiss = _pink(rng, size)
    return hiss / hiss.std() * blades + tone * 10


def _kettle(rng: np.random.Generator, size: int) -> Wave:
    """Noise that rises until the water boils, then bursts of bubbles."""
    rising = _band(rng.normal(size=size), 400, 6000) * np.linspace(0.05, 1, size) ** 2
    return rising + _scattered(rng, size, 25, lambda: _burst(rng, 0.03, 200, 1500)) * np.linspace(0, 1, size) ** 4


def _scattered(rng: np.random.Generator, size: int, a_second: float, sound: Callable[[], Wave]) -> Wave:
    """Short sounds at random moments."""
    wave = np.zeros(size)
    for start in rng.integers(0, size, max(1, int(a_second * size / SAMPLE_RATE))):
        piece = sound()[: size - start]
        wave[start : start + piece.size] += piece * rng.uniform(0.3, 1)
    return wave


def _burst(rng: np.random.Generator, seconds: float, low: float, high: float) -> Wave:
    """Noise in a band that starts at once and dies away."""
    size = int(seconds * SAMPLE_RATE)
    return _band(rng.normal(size=size), low, high) * np.exp(-5 * np.arange(size) / size)


def _clicks(rng: np.random.Generator, size: int) -> Wave:
    return _scattered(rng, size, rng.uniform(0.3, 3), lambda: _burst(rng, 0.004, 800, 7000)) + 1e-4 * rng.normal(
        size=size
    )


def _keyboard(rng: np.random.Generator, size: int) -> Wave:
    """Keys go down and come up, in runs."""

    def key() -> Wave:
        down, up = _burst(rng, 0.02, 1200, 7000), 0.4 * _burst(rng, 0.015, 1500, 7500)
        return np.concatenate([down, np.zeros(int(rng.uniform(0.04, 0.09) * SAMPLE_RATE)), up])

    return _scattered(rng, size, 6, key) * (_slow(rng, size, 1.0) > 0.3) + 0.002 * rng.normal(size=size)


def _rain(rng: np.random.Generator, size: int) -> Wave:
    return 0.3 * _band(rng.normal(size=size), 700, 7500) + _scattered(
        rng, size, 60, lambda: _burst(rng, 0.006, 1500, 7000)
    )


def _wind(rng: np.random.Generator, size: int) -> Wave:
    """Gusts over a microphone: low rumbling, and a whistling that wanders."""
    gusts = _slow(rng, size, 0.7) ** 2
    hertz = 400 + 500 * _slow(rng, size, 0.5)
    whistle = np.sin(
        2 * np.pi * np.cumsum(hertz) / SAMPLE_RATE + 3 * np.cumsum(rng.normal(size=size)) / SAMPLE_RATE**0.5
    )
    rumble = _brown(rng, size)
    return (rumble / rumble.std() + 0.05 * whistle) * gusts


def _knocks(rng: np.random.Generator, size: int) -> Wave:
    """Knuckles on a door: groups of two to four."""

    def knock() -> Wave:
        ring = np.sin(2 * np.pi * rng.uniform(110, 220) * _time(SAMPLE_RATE // 8)) * np.exp(
            -40 * _time(SAMPLE_RATE // 8)
        )
        ring[: SAMPLE_RATE // 50] += 0.5 * _burst(rng, 0.02, 300, 3000)
        return ring

    def group() -> Wave:
        gap = np.zeros(int(rng.uniform(0.1, 0.25) * SAMPLE_RATE))
        return np.concatenate([piece for _ in range(rng.integers(2, 5)) for piece in (knock(), gap)])

    return _scattered(rng, size, 0.4, group) + 3e-4 * rng.normal(size=size)


def _throat(noise: Wave, formants: ArrayLike) -> Wave:
    """Noise through the resonances of a mouth."""
    return np.sum(
        [_band(noise, 0.8 * hertz, 1.25 * hertz) / k for k, hertz in enumerate(np.asarray(formants), 1)], axis=0
    )


def _mouth(rng: np.random.Generator) -> np.ndarray:
    return np.array([650.0, 1300.0, 2600.0]) * rng.uniform(0.85, 1.25)


def _throaty(rng: np.random.Generator, pitch: Wave) -> Wave:
    """The buzz of vocal cords at this pitch in hertz, with a little breath."""
    phase = np.cumsum(pitch) / SAMPLE_RATE
    return signal.sawtooth(2 * np.pi * phase) + 0.1 * rng.normal(size=pitch.size)


def _coughs(rng: np.random.Generator, size: int) -> Wave:
    """Fits of one to three: a sudden burst, in some a moment of voice, then breath that goes on."""

    def cough() -> Wave:
        samples = int(rng.uniform(0.2, 0.45) * SAMPLE_RATE)
        moments = np.linspace(0, 1, samples)
        voiced = _throaty(rng, rng.uniform(120, 300) * (1 - 0.3 * moments)) * np.exp(-(((moments - 0.3) / 0.15) ** 2))
        air = rng.normal(size=samples) * np.exp(-rng.uniform(4, 8) * moments)
        return _throat(air + rng.choice([0.0, 0.6]) * voiced, _mouth(rng)) + 0.3 * air * np.exp(-15 * moments)

    def fit() -> Wave:
        gap = np.zeros(int(rng.uniform(0.08, 0.3) * SAMPLE_RATE))
        return np.concatenate([piece for _ in range(rng.integers(1, 4)) for piece in (cough(), gap)])

    return _scattered(rng, size, 0.3, fit) + 5e-4 * rng.normal(size=size)


def _sighs(rng: np.random.Generator, size: int) -> Wave:
    """Long breaths out that grow quickly, die away slowly and become darker; half of them with some voice."""
    voiced = rng.choice([0.0, 0.3])

    def sigh() -> Wave:
        samples = int(rng.uniform(0.8, 2.0) * SAMPLE_RATE)
        moments = np.linspace(0, 1, samples)
        air = rng.normal(size=samples) + voiced * _throaty(rng, rng.uniform(110, 260) * (1 - 0.4 * moments))
        mouth = _mouth(rng)
        turning = (1 - moments) * _throat(air, 1.3 * mouth) + moments * _throat(air, 0.8 * mouth)
        return turning * np.minimum(moments / 0.12, 1) * (1 - moments) ** 1.5

    return _scattered(rng, size, 0.25, sigh) + 5e-4 * rng.normal(size=size)


def _breath(rng: np.random.Generator, size: int) -> Wave:
    """In and out, every three to five seconds."""
    phase = 2 * np.pi * _time(size) / rng.uniform(3, 5)
    inwards, outwards = np.clip(np.sin(phase), 0, 1) ** 2, np.clip(-np.sin(phase), 0, 1)
    mouth = _mouth(rng)
    return (
        inwards * _throat(rng.normal(size=size), 1.6 * mouth)
        + outwards * _throat(rng.normal(size=size), mouth)
        + 0.01 * rng.normal(size=size)
    )


def _humming(rng: np.random.Generator, size: int) -> Wave:
    """A tune with the mouth closed: half a second to a second a note, with vibrato."""
    length = int(rng.uniform(0.4, 0.9) * SAMPLE_RATE)
    steps = rng.choice([0, 2, 4, 5, 7, 9, 12], size // length + 1)
    notes = rng.uniform(100, 230) * 2 ** (np.repeat(steps, length)[:size] / 12)
    pitch = signal.sosfiltfilt(signal.butter(1, 12, fs=SAMPLE_RATE, output="sos"), notes) * (
        1 + 0.01 * np.sin(2 * np.pi * 5 * _time(size))
    )
    swell = np.clip(np.sin(np.pi * (np.arange(size) % length) / length), 0.02, 1) ** 0.4
    return _throat(_throaty(rng, pitch), (250, 1100, 2300)) * swell + 2e-3 * rng.normal(size=size)


def _television(rng: np.random.Generator, size: int) -> Wave:
    """A set behind a wall: one to five voices that babble without words, muffled, over the hush of the room."""
    voices = np.zeros(size)
    for _ in range(rng.integers(1, 6)):
        syllables = np.clip(np.sin(2 * np.pi * np.cumsum(3 + 3 * _slow(rng, size, 2.0)) / SAMPLE_RATE), 0, 1) ** 0.7
        buzz = _throaty(rng, rng.uniform(95, 240) * 2 ** (0.6 * _slow(rng, size, 3.0)))
        air = buzz + rng.uniform(0.2, 1) * rng.normal(size=size)
        vowels, turn = [_throat(air, _mouth(rng) * rng.uniform(0.7, 1.3, 3)) for _ in range(2)], _slow(rng, size, 5.0)
        voices += (turn * vowels[0] + (1 - turn) * vowels[1]) * syllables * (_slow(rng, size, 0.5) > 0.3)
    hush = _pink(rng, size)
    return _band(voices, 120, rng.uniform(700, 2500)) / (voices.std() + 1e-9) + 0.1 * hush / hush.std()


_KINDS = (
    _Kind("white noise", _white, 8, (-10, -60)),
    _Kind("pink noise", _pink, 8, (-10, -60)),
    _Kind("brown noise", _brown, 8, (-10, -60)),
    _Kind("hum of 50 Hz", _hum(50), 6, (-12, -50)),
    _Kind("hum of 60 Hz", _hum(60), 6, (-12, -50)),
    _Kind("fan", _fan, 8, (-12, -45)),
    _Kind("kettle", _kettle, 8, (-10, -40)),
    _Kind("clicks", _clicks, 8, (-6, -40)),
    _Kind("keyboard", _keyboard, 8, (-10, -40)),
    _Kind("rain", _rain, 8, (-12, -45)),
    _Kind("wind", _wind, 8, (-3, -35)),
    _Kind("knocks", _knocks, 8, (-3, -30)),
    _Kind("coughs", _coughs, 16, (-3, -30)),
    _Kind("sighs", _sighs, 14, (-12, -40)),
    _Kind("breath", _breath, 12, (-18, -45)),
    _Kind("humming", _humming, 12, (-6, -30)),
    _Kind("television far away", _television, 20, (-20, -50)),
)
