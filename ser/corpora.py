"""The corpora: clips, labels, folds by speaker, and a store of decoded clips that every training shares.

Never imported by the app.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from ser import audio
from ser.ears import LABELS

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "speech"

NINE: tuple[str, ...] = LABELS
"""What a training tells apart. The diary's seven come first; `calm` (RAVDESS alone) is added to neutral in use, and
`boredom` (EMO-DB alone) is none of the seven and left out. So one model answers every corpus in its own classes."""
_TO_SEVEN = {**{name: name for name in EMOTIONS}, "calm": "neutral"}

RAVDESS_FOLDS: tuple[tuple[str, ...], ...] = tuple(
    tuple(f"ravdess-{actor:02d}" for actor in range(first, first + 4)) for first in range(1, 25, 4)
)


@dataclass(frozen=True)
class Clip:
    """One labelled recording."""

    path: str
    corpus: str
    language: str
    label: str
    speaker: str
    gender: str
    text: str

    @property
    def mood(self) -> str | None:
        """Its label among the seven, or None."""
        return _TO_SEVEN.get(self.label)


def targets(clips: Sequence[Clip]) -> np.ndarray:
    """(clips, nine): True at every class that would be a right answer.

    Only RAVDESS asked its actors for calm beside neutral: elsewhere a neutral clip may be either.
    """
    right = np.zeros((len(clips), len(NINE)), bool)
    for row, clip in zip(right, clips, strict=True):
        row[NINE.index(clip.label)] = True
        if clip.label == "neutral" and clip.corpus != "ravdess":
            row[NINE.index("calm")] = True
    return right


def classes_of(corpus: str, clips: Sequence[Clip]) -> np.ndarray:
    """(nine): True at the classes a corpus has."""
    return targets([clip for clip in clips if clip.corpus == corpus]).any(0)


def shares(clips: Sequence[Clip], power: float = 1.0) -> np.ndarray:
    """How often to draw each clip: every corpus and every class in it alike (`power` 1), or as they come (0)."""
    keys = np.array([f"{clip.corpus}/{clip.label}" for clip in clips])
    _, member, counts = np.unique(keys, return_inverse=True, return_counts=True)
    share = counts[member].astype(float) ** -power
    return share / share.sum()


def read_clips(root: Path = DATA) -> list[Clip]:
    with (root / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Clip(**{name: row[name] for name in Clip.__dataclass_fields__}) for row in rows]


class Store:
    """Every clip decoded once, trimmed, as 16-bit samples in one memory-mapped file."""

    def __init__(self, cache: Path, root: Path = DATA) -> None:
        self.clips = read_clips(root)
        self.root = root
        samples, lengths = cache / "clips.i16", cache / "clips.npy"
        if not lengths.exists():
            cache.mkdir(parents=True, exist_ok=True)
            _decode_all(self.clips, root, samples, lengths)
        self._ends = np.cumsum(np.load(lengths))
        if len(self._ends) != len(self.clips):
            raise ValueError(f"{cache} was made from other clips than {root}; delete it and run again.")
        self._samples = np.memmap(samples, np.int16, "r")

    def __len__(self) -> int:
        return len(self.clips)

    def wave(self, index: int) -> np.ndarray:
        end = int(self._ends[index])
        start = int(self._ends[index - 1]) if index else 0
        return self._samples[start:end].astype(np.float32) / 32768


def _load_i16(path: Path) -> np.ndarray:
    return (np.clip(audio.load(path), -1, 1) * 32767).astype(np.int16)


def _decode_all(clips: Sequence[Clip], root: Path, samples: Path, lengths: Path) -> None:
    counted = []
    with ProcessPoolExecutor() as pool, samples.open("wb") as file:
        for wave in pool.map(_load_i16, [root / clip.path for clip in clips], chunksize=64):
            file.write(wave.tobytes())
            counted.append(len(wave))
    np.save(lengths, np.array(counted))
