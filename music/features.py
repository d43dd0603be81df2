"""Measured features of a track: tempo, noise, amplitude, brightness, dynamics, mode and finer numbers.

Everything is plain NumPy on one spectrum; tests compare it with librosa where librosa has the same measure. librosa
itself stays out of the app: it brings a compiler and takes half a second to warm up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from music import harmony, rhythm, timbre
from music.harmony import Key
from music.spectrum import Spectrum

CLIP = 3.0
"""Standard deviations. Features further from the training mean count as this far."""


def measure(spectrum: Spectrum) -> dict[str, float]:
    """Every feature of one excerpt, always the same names in the same order."""
    return rhythm.features(spectrum) | timbre.features(spectrum) | harmony.features(spectrum)


def of_track(excerpts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean over a track's excerpts."""
    return {name: float(np.mean([excerpt[name] for excerpt in excerpts])) for name in excerpts[0]}


def standardise(features: Mapping[str, float], names: Sequence[str], mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    """The named features in units of the training tracks' standard deviation, clipped."""
    missing = [name for name in names if name not in features]
    if missing:
        raise ValueError(f"the model needs the features {', '.join(missing)}; measure with music.features")
    return np.clip((np.array([features[name] for name in names]) - mean) / std, -CLIP, CLIP)


def for_display(features: Mapping[str, float], key: Key) -> dict[str, float]:
    """The features that a page shows, in units that mean something to a listener."""
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
