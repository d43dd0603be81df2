"""Measures every rated track once, so that trainings only read numbers.

    python -m training.music.cache --data DIR --cache DIR [--copies N]

Writes features.npz into the cache folder (features and mel images of the tracks) and, with --copies, copies.npz: mel
images of varied copies (audiomentations) of the tracks of the smaller classes.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from music import audio, features
from music.chart import FRAME_SECONDS, mel_image
from music.emotion_groups import four_labels
from music.spectrum import Spectrum
from training.music.corpora import LAYOUT, RatedTrack, rated_tracks, shares


@dataclass(frozen=True)
class MeasuredTracks:
    """Rated tracks with their features and mel images, row by row."""

    tracks: list[RatedTrack]
    names: list[str]
    features: np.ndarray
    images: np.ndarray
    """(tracks, bands, frames), float16 decibels."""
    copies: np.ndarray
    """(varied copies, bands, frames)."""
    copy_of: np.ndarray
    """The row of the track that each copy varies."""

    @property
    def shares(self) -> np.ndarray:
        return shares(self.tracks)

    @property
    def genres(self) -> np.ndarray:
        return np.array([track.genre for track in self.tracks])

    @property
    def artists(self) -> np.ndarray:
        return np.array([track.artist for track in self.tracks])


def open_cache(cache: Path, data: Path) -> MeasuredTracks:
    if not (cache / "features.npz").is_file():
        raise SystemExit(
            f"There is nothing measured in {cache}: run `python -m training.music.cache --data {data} --cache {cache}` "
            "first."
        )
    stored = np.load(cache / "features.npz")
    tracks = rated_tracks(data)
    if [track.number for track in tracks] != stored["numbers"].tolist():
        raise SystemExit(f"{cache} holds other tracks than {data}; measure again.")
    varied = np.load(cache / "copies.npz") if (cache / "copies.npz").is_file() else None
    return MeasuredTracks(
        tracks, stored["names"].tolist(), stored["features"], stored["images"],
        varied["images"] if varied else stored["images"][:0], varied["copy_of"] if varied else np.zeros(0, np.int64),
    )  # fmt: skip


def measure(cache: Path, data: Path) -> None:
    rows, images, tracks = [], [], rated_tracks(data)
    for track in tracks:
        spectra = [Spectrum(wave) for wave in audio.load(track.path).waves]
        rows.append(features.of_track([features.measure(spectrum) for spectrum in spectra]))
        images.append(_full_minute(mel_image(spectra[0])))
    np.savez(
        cache / "features.npz", numbers=[track.number for track in tracks], names=list(rows[0]),
        features=np.array([list(row.values()) for row in rows]), images=np.stack(images),
    )  # fmt: skip


def vary(cache: Path, data: Path, copies: int) -> None:
    """Stores varied copies of the tracks whose class is smaller than the largest by a tenth or more."""
    tracks = rated_tracks(data)
    labels = four_labels(shares(tracks))
    sizes = np.bincount(labels)
    rows = [row for row in range(len(tracks)) if sizes[labels[row]] < 0.9 * sizes.max()]
    images = [varied_image(tracks[row], number) for row in rows for number in range(copies)]
    np.savez(cache / "copies.npz", images=np.stack(images), copy_of=np.repeat(rows, copies))


def varied_image(track: RatedTrack, number: int) -> np.ndarray:
    """The mel image of one varied copy, always the same for the same track and number."""
    wave = audio.load(track.path).waves[0]
    seed = 1000 * number + track.number
    half = wave.size // 2
    start = np.random.default_rng(seed).integers(0, wave.size - half + 1)
    random.seed(seed)  # audiomentations draws from the global generators
    np.random.seed(seed)
    return _full_minute(mel_image(Spectrum(_augmentation()(wave[start : start + half], audio.SAMPLE_RATE))))


@lru_cache(maxsize=1)
def _augmentation():
    from audiomentations import AddGaussianSNR, Compose, Gain, PitchShift, SevenBandParametricEQ, TimeStretch

    # A tenth faster or slower and a tone up or down change the performance, not the mood.
    return Compose(
        [
            TimeStretch(0.9, 1.1, leave_length_unchanged=False, p=0.5),
            PitchShift(-2, 2, p=0.5),
            SevenBandParametricEQ(-6, 6, p=0.5),
            AddGaussianSNR(min_snr_db=15, max_snr_db=40, p=0.5),
            Gain(-6, 3, p=0.5),
        ]
    )


def _full_minute(image: np.ndarray) -> np.ndarray:
    """Repeats the few shorter tracks, so that all images have one size."""
    frames = int(audio.EXCERPT_SECONDS / FRAME_SECONDS)
    return np.resize(image.T, (frames, len(image))).T.astype(np.float16)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help=LAYOUT)
    parser.add_argument("--cache", type=Path, required=True, help="folder to write to")
    parser.add_argument("--copies", type=int, default=0, help="varied copies of each track of the smaller classes")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    if not (options.cache / "features.npz").is_file():
        measure(options.cache, options.data)
    if options.copies:
        vary(options.cache, options.data, options.copies)


if __name__ == "__main__":
    main()
