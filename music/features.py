"""What can be measured of a track: tempo, noise, amplitude, brightness, dynamics, mode, and the finer numbers beneath.

Everything is plain NumPy on one spectrum; where librosa has the same measure, a test holds the two together. librosa
itself stays out of the app: it brings a compiler and half a second of warming up for what is one Fourier transform.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from music import harmony, rhythm, timbre
from music.harmony import Key
from music.spectrum import Spectrum


def measure(spectrum: Spectrum) -> dict[str, float]:
    """Every feature of one excerpt, always the same names in the same order."""
    return rhythm.features(spectrum) | timbre.features(spectrum) | harmony.features(spectrum)


def of_track(excerpts: Sequence[dict[str, float]]) -> dict[str, float]:
    """The mean over a track's excerpts."""
    return {name: float(np.mean([excerpt[name] for excerpt in excerpts])) for name in excerpts[0]}


def for_people(features: dict[str, float], key: Key) -> dict[str, float]:
    """The ones a page names, in units that mean something to a listener."""
    return {
        "tempo": features["tempo"],
        "onset_rate": features["onset_rate"],
        "pulse_clarity": float(np.clip(features["pulse_clarity"], 0.0, 1.0)),
        "noise": float(10 ** features["noise"]),
        "zero_crossings": features["zero_crossings"],
        "amplitude": features["amplitude"],
        "brightness": float(2 ** features["brightness"] - 1.0),
        "dynamics": features["dynamics"],
        "mode": key.mode,
        "key_clarity": float(np.clip(key.clarity, 0.0, 1.0)),
    }
