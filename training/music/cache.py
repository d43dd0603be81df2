"""Measures every rated track once, so that trainings only read numbers.

    python -m training.music.cache --cache DIR [--data DIR] [--copies N]

Writes DIR/features.npz (features and mel images of the tracks) and, with --copies, DIR/copies.npz: mel images of varied
copies (audiomentations) of the tracks of the smaller classes. Never imported by the app.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from music import audio, features
from music.emotion_groups import four_labels
from music.mood_model import FRAME_SECONDS, image
from music.spectrum import Spectrum
from training.music.corpora import DATA, Track, shares, tracks


@dataclass(frozen=True)
class Cached:
    """Measured tracks, row by row."""

    tracks: list[Track]
    names: list[str]
    features: np.ndarray
    images: np.ndarray
    """(tracks, mels, frames), float16 decibels."""
    copies: np.ndarray
    """(varied copies, mels, frames) of tracks …"""
    copy_of: np.ndarray
    """… of these rows."""

    @property
    def shares(self) -> np.ndarray:
        return shares(self.tracks)

    @property
    def genres(self) -> np.ndarray:
        return np.array([track.genre for track in self.tracks])

    @property
    def artists(self) -> np.ndarray:
        return np.array([track.artist for track in self.tracks])


def open_cache(cache: Path, data: Path = DATA) -> Cached:
    if not (cache / "features.npz").is_file():
        raise SystemExit(
            f"There is nothing measured in {cache}: run `python -m training.music.cache --cache {cache}` first."
        )
    stored = np.load(cache / "features.npz")
    known = tracks(data)
    if [track.number for track in known] != stored["numbers"].tolist():
        raise SystemExit(f"{cache} holds other tracks than {data}; measure again.")
    more = np.load(cache / "copies.npz") if (cache / "copies.npz").is_file() else None
    return Cached(
        known, stored["names"].tolist(), stored["features"], stored["images"],
        more["images"] if more else stored["images"][:0], more["copy_of"] if more else np.zeros(0, np.int64),
    )  # fmt: skip


def measure(cache: Path, data: Path) -> None:
    rows, images, known = [], [], tracks(data)
    for track in known:
        spectra = [Spectrum(excerpt) for excerpt in audio.load(track.path).excerpts]
        rows.append(features.of_track([features.measure(spectrum) for spectrum in spectra]))
        images.append(_full_minute(image(spectra[0])))
    np.savez(
        cache / "features.npz", numbers=[track.number for track in known], names=list(rows[0]),
        features=np.array([list(row.values()) for row in rows]), images=np.stack(images),
    )  # fmt: skip


def vary(cache: Path, data: Path, copies: int) -> None:
    """Varied copies of the tracks of classes that are smaller by a tenth; trainings use those of their own part."""
    known = tracks(data)
    labels = four_labels(shares(known))
    sizes = np.bincount(labels)
    rows = [row for row in range(len(known)) if sizes[labels[row]] < 0.9 * sizes.max()]
    images = [varied(known[row], number) for row in rows for number in range(copies)]
    np.savez(cache / "copies.npz", images=np.stack(images), copy_of=np.repeat(rows, copies))


def varied(track: Track, number: int) -> np.ndarray:
    """The image of one varied copy: always the same for the same track and number."""
    wave = audio.load(track.path).excerpts[0]
    seed = 1000 * number + track.number
    half = wave.size // 2
    start = np.random.default_rng(seed).integers(0, wave.size - half + 1)
    random.seed(seed)  # audiomentations draws from the global generators
    np.random.seed(seed)
    return _full_minute(image(Spectrum(_change()(wave[start : start + half], audio.SAMPLE_RATE))))


@lru_cache(maxsize=1)
def _change():
    from audiomentations import AddGaussianSNR, Compose, Gain, PitchShift, SevenBandParametricEQ, TimeStretch

    # Within a mood: a tenth faster or slower and a tone up or down change the performance, not what it expresses.
    return Compose(
        [
            TimeStretch(0.9, 1.1, leave_length_unchanged=False, p=0.5),
            PitchShift(-2, 2, p=0.5),
            SevenBandParametricEQ(-6, 6, p=0.5),
            AddGaussianSNR(min_snr_db=15, max_snr_db=40, p=0.5),
            Gain(-6, 3, p=0.5),
        ]
    )


def _full_minute(picture: np.ndarray) -> np.ndarray:
    """All of one length: the few tracks that end early begin again."""
    frames = int(audio.EXCERPT / FRAME_SECONDS)
    return np.resize(picture.T, (frames, len(picture))).T.astype(np.float16)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--copies", type=int, default=0)
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    if not (options.cache / "features.npz").is_file():
        measure(options.cache, options.data)
    if options.copies:
        vary(options.cache, options.data, options.copies)


if __name__ == "__main__":
    main()
