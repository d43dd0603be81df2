"""Pitch classes, key, mode and roughness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from music.spectrum import LONG_HERTZ, Spectrum

PITCHES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


@dataclass(frozen=True)
class Profiles:
    """How strongly each pitch class belongs to a key on C."""

    major: tuple[float, ...]
    minor: tuple[float, ...]


RATED = Profiles(
    (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
)
"""Listeners' ratings (Krumhansl & Kessler 1982). The features use these, because the plane was fitted with them."""
COUNTED = Profiles(
    (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
    (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
)
"""Frequencies in scores (Albrecht & Shanahan 2013). Of eighteen local tracks in a known key, these find 14 keys and 18
modes; RATED finds 6 and 16, mostly a fifth too high, because every tone contains its fifth."""
_LOWEST, _HIGHEST = 60.0, 2100.0
_A4 = 440.0


@dataclass(frozen=True)
class Key:
    """The likeliest key of an excerpt."""

    tonic: int
    """Index into `PITCHES`."""
    minor: bool
    clarity: float
    """Correlation with that key's profile; under about .5 the music hardly has a key."""
    mode: float
    """Clarity of the best major key less that of the best minor one: positive is major."""

    def __str__(self) -> str:
        return f"{PITCHES[self.tonic]} {'minor' if self.minor else 'major'}"


def chroma(spectrum: Spectrum) -> np.ndarray:
    """(frames, 12): the strength of each pitch class, from spectral peaks alone, in the recording's own tuning."""
    frames, hertz, strength = _peaks(spectrum.long_power)
    pitch = 12 * np.log2(hertz / _A4) + 9  # semitones over the C under A4
    # The mean offset from the semitones: an orchestra at 443 Hz, a slow tape.
    offset = np.angle(np.sum(strength * np.exp(2j * np.pi * pitch))) / (2 * np.pi) if len(pitch) else 0.0
    pitch = pitch - offset
    nearest = np.round(pitch)
    weight = strength * np.cos(np.pi * (pitch - nearest)) ** 2
    table = np.zeros((len(spectrum.long_power), 12))
    np.add.at(table, (frames, nearest.astype(np.int64) % 12), weight)
    return table


def _peaks(power: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Frame, hertz and magnitude of every spectral peak within 50 dB of its frame's strongest."""
    low, high = np.searchsorted(LONG_HERTZ, [_LOWEST, _HIGHEST])
    band = power[:, low:high]
    strongest = np.maximum(band.max(1, keepdims=True), 1e-10)
    is_peak = (band > power[:, low - 1 : high - 1]) & (band >= power[:, low + 1 : high + 1]) & (band > 1e-5 * strongest)
    frames, bins = np.nonzero(is_peak)
    bins = bins + low
    left, mid, right = (np.log(power[frames, bins + step] + 1e-12) for step in (-1, 0, 1))
    bend = left - 2 * mid + right
    shift = np.divide(0.5 * (left - right), bend, out=np.zeros_like(bend), where=np.abs(bend) > 1e-9)
    hertz = (bins + np.clip(shift, -0.5, 0.5)) * LONG_HERTZ[1]
    return frames, hertz, np.sqrt(np.exp(mid))


def find_key(profile: np.ndarray, expected: Profiles = COUNTED) -> Key:
    """The key with the best-fitting profile, from the strengths of the twelve pitch classes."""
    scales = np.array([expected.major, expected.minor])
    fits = np.stack([[_correlation(np.roll(scale, tonic), profile) for tonic in range(12)] for scale in scales])
    minor, tonic = np.unravel_index(fits.argmax(), fits.shape)
    return Key(int(tonic), bool(minor), float(fits.max()), float(fits[0].max() - fits[1].max()))


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    a, b = a - a.mean(), b - b.mean()
    size = np.sqrt((a**2).sum() * (b**2).sum())
    return float((a * b).sum() / size) if size > 1e-12 else 0.0


def _triads() -> np.ndarray:
    shapes = ([0, 4, 7], [0, 3, 7], [0, 3, 6], [0, 4, 8])
    rows = [[np.isin(np.arange(12), (np.array(shape) + tonic) % 12) for tonic in range(12)] for shape in shapes]
    return np.array(rows, float).reshape(48, 12) / np.sqrt(3)


_TRIADS = _triads()


def roughness(power: np.ndarray, loudest: int = 12) -> float:
    """How strongly neighbouring partials beat (Sethares 1993), as a mean over the frames."""
    frames, hertz, strength = _peaks(power)
    order = np.lexsort((-strength, frames))
    frames, hertz, strength = frames[order], hertz[order], strength[order]
    place = np.arange(len(frames)) - np.searchsorted(frames, frames)
    keep = place < loudest
    tones, loud = np.zeros((len(power), loudest)), np.zeros((len(power), loudest))
    tones[frames[keep], place[keep]], loud[frames[keep], place[keep]] = hertz[keep], strength[keep]
    apart = np.abs(tones[:, :, None] - tones[:, None])
    scale = 0.24 / (0.0207 * np.minimum(tones[:, :, None], tones[:, None]) + 18.96)
    beating = np.exp(-3.51 * scale * apart) - np.exp(-5.75 * scale * apart)
    pairs = np.minimum(loud[:, :, None], loud[:, None])
    total = np.maximum(loud.sum(1), 1e-9)
    return float(((pairs * beating).sum((1, 2)) / total).mean())


def features(spectrum: Spectrum) -> dict[str, float]:
    """Key, mode, chords, harmonic change and roughness."""
    table = chroma(spectrum)
    sounding = table.sum(1) > 0.05 * max(float(table.sum(1).max(initial=0.0)), 1e-12)
    each = table[sounding] / table[sounding].sum(1, keepdims=True) if sounding.any() else np.full((1, 12), 1 / 12)
    profile = np.sqrt(table).sum(0)
    key = find_key(profile, RATED)
    # Keys of stretches of about eight seconds: they change where the music modulates.
    parts = [
        find_key(np.sqrt(part).sum(0), RATED) for part in np.array_split(table, max(1, round(spectrum.seconds / 8)))
    ]
    smooth = _smooth(each, 5)
    fits = (smooth / np.maximum(np.linalg.norm(smooth, axis=1, keepdims=True), 1e-9)) @ _TRIADS.T
    best = fits.reshape(len(fits), 4, 12).max(2)
    relative = np.roll(profile, -key.tonic) / max(profile.sum(), 1e-9)
    shares = profile / max(profile.sum(), 1e-9)
    return {
        "mode": key.mode,
        "key_clarity": key.clarity,
        "minor": float(key.minor),
        "local_mode": float(np.mean([part.mode for part in parts])),
        "local_clarity": float(np.mean([part.clarity for part in parts])),
        "keys": len({(part.tonic, part.minor) for part in parts}) / len(parts),
        "third": float(relative[4] - relative[3]),
        "sixth": float(relative[9] - relative[8]),
        "chroma_entropy": float(-(shares * np.log(shares + 1e-12)).sum()),
        "chord_clarity": float(best.max(1).mean()),
        "major_chords": float((best[:, 0] - best[:, 1]).mean()),
        "dim_chords": float((best[:, 2] - best[:, :2].max(1)).mean()),
        "aug_chords": float((best[:, 3] - best[:, :2].max(1)).mean()),
        "harmonic_change": float(np.abs(np.diff(smooth, axis=0)).sum(1).mean()) if len(smooth) > 1 else 0.0,
        "chroma_peak": float(each.max(1).mean()),
        "roughness": roughness(spectrum.long_power),
    }


def _smooth(rows: np.ndarray, width: int) -> np.ndarray:
    if len(rows) < width:
        return rows.mean(0, keepdims=True)
    total = np.cumsum(np.concatenate([np.zeros((1, rows.shape[1])), rows]), axis=0)
    return (total[width:] - total[:-width]) / width
