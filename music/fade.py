"""Fades: a track that begins from silence and ends in it, and tracks that pass into one another.

Everything works on stereo floats, (2, samples), and keeps every sample outside the fade as it was. A linear fade halves
the *amplitude* in its middle: right for two copies of one sound. An equal-power fade keeps the summed *power* of two
sounds that have nothing to do with each other: right between tracks, where a linear one would dip by 3 dB.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

Curve = Literal["equal power", "linear"]
CURVES: tuple[Curve, ...] = ("equal power", "linear")


def rise(samples: int, curve: Curve = "equal power") -> np.ndarray:
    """Gains from exactly 0 to exactly 1 (a single one lies in the middle). Reversed it is the fall that goes with it.

    rise + fall is 1 everywhere for "linear"; rise² + fall² is 1 everywhere for "equal power".
    """
    if curve not in CURVES:
        raise ValueError(f"a fade is one of {', '.join(CURVES)}; got {curve!r}")
    if samples < 0:
        raise ValueError(f"a fade cannot last {samples} samples")
    way = np.linspace(0.0, 1.0, samples) if samples != 1 else np.array([0.5])
    if curve == "linear":
        return way
    return np.sin(0.5 * np.pi * way)


def fade_in(sound: np.ndarray, samples: int, curve: Curve = "equal power") -> np.ndarray:
    """A copy whose first samples rise from silence. A fade longer than the sound is as long as the sound."""
    faded = _stereo(sound).copy()
    count = min(samples, faded.shape[1])
    faded[:, :count] *= rise(count, curve).astype(np.float32)
    return faded


def fade_out(sound: np.ndarray, samples: int, curve: Curve = "equal power") -> np.ndarray:
    """A copy whose last samples fall into silence."""
    faded = _stereo(sound).copy()
    count = min(samples, faded.shape[1])
    faded[:, faded.shape[1] - count :] *= rise(count, curve)[::-1].astype(np.float32)
    return faded


def crossfade(first: np.ndarray, second: np.ndarray, samples: int, curve: Curve = "equal power") -> np.ndarray:
    """Both in one: the last samples of the first lie over the first samples of the second.

    As long as both together less the overlap, which is never longer than the shorter of the two. The sum may exceed
    full scale where both are loud: `limited` afterwards, once for a whole playlist.
    """
    first, second = _stereo(first), _stereo(second)
    count = min(samples, first.shape[1], second.shape[1])
    gains = rise(count, curve).astype(np.float32)
    start = first.shape[1] - count
    overlap = first[:, start:] * gains[::-1] + second[:, :count] * gains
    return np.concatenate([first[:, :start], overlap, second[:, count:]], axis=1)


def playlist(sounds: Sequence[np.ndarray], samples: int, curve: Curve = "equal power") -> np.ndarray:
    """All in one: in from silence, each passing into the next, out into silence."""
    if not sounds:
        raise ValueError("a playlist needs at least one track")
    # A track shorter than two fades would be faded in and out at once: the fades then meet in its middle.
    shortest = min(sound.shape[1] for sound in map(_stereo, sounds))
    samples = min(samples, shortest // 2)
    whole = _stereo(sounds[0])
    for sound in sounds[1:]:
        whole = crossfade(whole, sound, samples, curve)
    return limited(fade_out(fade_in(whole, samples, curve), samples, curve))


def limited(sound: np.ndarray, ceiling: float = 1.0) -> np.ndarray:
    """Turned down as a whole where a sample exceeds the ceiling: nothing is clipped, nothing else changes."""
    peak = float(np.abs(sound).max(initial=0.0))
    return sound if peak <= ceiling else (sound * np.float32(ceiling / peak)).astype(np.float32)


def _stereo(sound: np.ndarray) -> np.ndarray:
    if sound.ndim != 2 or sound.shape[0] != 2 or not np.issubdtype(sound.dtype, np.floating):
        raise ValueError(f"a fade needs stereo floats, (2, samples); got {sound.dtype} {sound.shape}")
    return sound.astype(np.float32, copy=False)
