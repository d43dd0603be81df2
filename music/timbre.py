"""Loudness, noise, brightness and cepstra."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from music.spectrum import HERTZ, MELS, Spectrum

CEPSTRA = 20
_CONTRAST_EDGES = np.array([0, 200, 400, 800, 1600, 3200, 6400, 11_025.0])
_CONTRAST_STEP = 4
"""Contrast uses every fourth frame, because sorting is slow."""
_DCT = (np.sqrt(2 / MELS) * np.cos(np.pi * np.arange(CEPSTRA)[:, None] * (np.arange(MELS)[None] + 0.5) / MELS)).astype(
    np.float32
)
_DCT[0] /= np.sqrt(2)


def zero_crossings(wave: np.ndarray) -> float:
    """The share of samples at which the wave changes its sign: high for noise and hiss, low for a flute."""
    return float(np.mean(np.signbit(wave[1:]) != np.signbit(wave[:-1]))) if wave.size > 1 else 0.0


def shape(spectrum: Spectrum) -> dict[str, np.ndarray]:
    """Of each frame: centroid, bandwidth and roll-off in hertz, flatness from 0 (a tone) to 1 (noise)."""
    # Weighted by magnitude, as in librosa; silent frames have no shape and are left out.
    power = spectrum.power[spectrum.levels[: len(spectrum.power)] > 1e-5]
    if not len(power):
        return {name: np.zeros(1) for name in ("centroid", "bandwidth", "rolloff", "flatness")}
    magnitude = np.sqrt(power)
    total = np.maximum(magnitude.sum(1), 1e-9)
    centroid = magnitude @ HERTZ / total
    square = magnitude @ HERTZ**2 / total
    edge = (np.cumsum(magnitude, axis=1) >= 0.85 * total[:, None]).argmax(1)
    safe = np.maximum(power, 1e-10)
    return {
        "centroid": centroid,
        "bandwidth": np.sqrt(np.maximum(square - centroid**2, 0.0)),
        "rolloff": HERTZ[edge],
        "flatness": np.exp(np.log(safe).mean(1)) / safe.mean(1),
    }


def contrast(spectrum: Spectrum) -> np.ndarray:
    """(bands): decibels between the peaks and the valleys of each octave; high for tones, low for noise."""
    power = spectrum.power[::_CONTRAST_STEP]
    bands = []
    for low, high in pairwise(_CONTRAST_EDGES):
        ordered = np.sort(power[:, (low <= HERTZ) & (high > HERTZ)], axis=1)
        count = max(1, round(0.05 * ordered.shape[1]))
        peak, valley = ordered[:, -count:].mean(1), ordered[:, :count].mean(1)
        bands.append(np.mean(10 * np.log10((peak + 1e-9) / (valley + 1e-9))))
    return np.array(bands)


def features(spectrum: Spectrum) -> dict[str, float]:
    """Loudness, dynamics, noise, brightness, contrast and cepstra."""
    levels = spectrum.levels
    level_db = 20 * np.log10(np.maximum(levels, 1e-5))
    loud, soft = np.percentile(level_db, [95, 10])
    frames = shape(spectrum)
    cepstra = spectrum.mel_db @ _DCT.T
    moves = np.diff(cepstra, axis=0)
    found = {
        "amplitude": float(20 * np.log10(max(float(np.sqrt(np.mean(levels**2))), 1e-5))),
        "peak": float(20 * np.log10(max(float(np.abs(spectrum.wave).max()), 1e-5))),
        "dynamics": float(loud - soft),
        "level_spread": float(level_db.std()),
        "low_energy": float(np.mean(levels < levels.mean())),
        "attack": float(np.maximum(np.diff(level_db), 0).mean()),
        "zero_crossings": zero_crossings(spectrum.wave),
        "noise": float(np.log10(frames["flatness"] + 1e-7).mean()),
        "noise_spread": float(np.log10(frames["flatness"] + 1e-7).std()),
        "brightness": float(np.log2(frames["centroid"] + 1.0).mean()),
        "brightness_spread": float(np.log2(frames["centroid"] + 1.0).std()),
        "bandwidth": float(np.log2(frames["bandwidth"] + 1.0).mean()),
        "rolloff": float(np.log2(frames["rolloff"] + 1.0).mean()),
    }
    found |= {f"contrast_{band}": float(value) for band, value in enumerate(contrast(spectrum))}
    for number in range(CEPSTRA):
        found[f"cepstrum_{number}"] = float(cepstra[:, number].mean())
        found[f"cepstrum_{number}_spread"] = float(cepstra[:, number].std())
        found[f"cepstrum_{number}_moves"] = float(moves[:, number].std()) if len(moves) else 0.0
    return found
