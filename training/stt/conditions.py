"""The conditions of a recording under which speech to text is measured; a clip is changed the same way every time."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np

from training.voice import augment
from training.voice.augment import Wave

Condition = Callable[[Wave, np.random.Generator], Wave]

_SEED = 11
_NOISE_DECIBELS = 10.0
_ROOM_SECONDS, _DIRECT_DECIBELS, _HUSH_DECIBELS, _LOUDNESS = 0.5, -6.0, 20.0, 0.1


def clean(wave: Wave, rng: np.random.Generator) -> Wave:
    return wave


def noise(wave: Wave, rng: np.random.Generator) -> Wave:
    """White to brown noise, for a quarter of the clips with a hum, 10 dB below the voice."""
    return augment.with_background(wave, augment.coloured_noise(rng, wave.size), _NOISE_DECIBELS)


def distance(wave: Wave, rng: np.random.Generator) -> Wave:
    """3 m away in a living room (it reverberates for 0.5 s).

    The reverberation is 6 dB louder than the direct sound, the noise of the room 20 dB lower than both together, and
    all of it a tenth as loud as close to the microphone.
    """
    tail = augment.reverberation(rng, _ROOM_SECONDS)
    heard = augment.reverberant(wave, tail, _DIRECT_DECIBELS)
    heard = augment.with_background(heard, augment.coloured_noise(rng, wave.size), _HUSH_DECIBELS)
    return (heard * _LOUDNESS * np.abs(wave).max() / (np.abs(heard).max() + 1e-9)).astype(np.float32)


CONDITIONS: dict[str, Condition] = {
    "clean": clean,
    "telephone": augment.telephone,
    "noise": noise,
    "distance": distance,
}


def under(condition: str, wave: Wave, clip: str) -> Wave:
    """A clip under a condition; the name of the clip is the seed."""
    rng = np.random.default_rng([_SEED, zlib.crc32(clip.encode())])
    return CONDITIONS[condition](wave, rng)
