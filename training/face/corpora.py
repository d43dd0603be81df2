"""Faces in memory: FER2013 with the votes of FER+, and pictures in folders named after the moods."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from emotions import EMOTIONS
from fer.labels import EIGHT
from training.datasets.layouts import PICTURES

FERPLUS_HELP = "folder of FER2013 with the votes of FER+: as `python -m training.datasets.ferplus` writes it"
VOTED: tuple[str, ...] = (
    *("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"),
    *("unknown", "NF"),
)
"""The ten answers of FER+ annotators, in the order of the original table: ties go to the first, as published."""
_TO_EIGHT = np.array([VOTED.index(name) for name in EIGHT])
SIDE = 48


@dataclass(frozen=True)
class Faces:
    """Grey faces with their votes and splits; every array has a row for each face."""

    pixels: np.ndarray
    """(faces, 48, 48), whole numbers 0…255."""
    votes: np.ndarray
    """(faces, 8): votes for each of `EIGHT`; unknown and not-a-face are left out."""
    majority: np.ndarray
    """Index in `EIGHT` of the class with most votes, -1 where that was unknown or no face."""
    clear: np.ndarray
    """True where more than half agree once single votes are dropped: the stricter test set of the FER+ authors."""
    split: np.ndarray
    """train, valid or test."""
    duplicate: np.ndarray
    """True where a face of valid or test is, pixel by pixel, one of train."""

    def __len__(self) -> int:
        return len(self.majority)

    def take(self, where: np.ndarray) -> Faces:
        """The faces at these places, or where the mask is True."""
        return Faces(**{name: getattr(self, name)[where] for name in self.__dataclass_fields__})

    @classmethod
    def join(cls, *sets: Faces) -> Faces:
        return cls(**{name: np.concatenate([getattr(one, name) for one in sets]) for name in cls.__dataclass_fields__})

    def save(self, file: Path) -> None:
        np.savez_compressed(file, **{name: getattr(self, name) for name in self.__dataclass_fields__})

    @classmethod
    def load(cls, file: Path) -> Faces:
        with np.load(file) as stored:
            return cls(**{name: stored[name] for name in cls.__dataclass_fields__})

    def part(self, split: str) -> Faces:
        """One split without faces that have no majority among the eight, and without copies of training faces."""
        return self.take((self.split == split) & (self.majority >= 0) & ~self.duplicate)

    def targets(self, drop_single: bool = True) -> np.ndarray:
        """(faces, 8): the share of votes of each class.

        A single vote of ten is often a slip: `drop_single` leaves it out, unless nothing else is left.
        """
        votes = self.votes.astype(np.float64)
        if drop_single:
            without = np.where(votes > 1, votes, 0.0)
            votes = np.where(without.sum(1, keepdims=True) > 0, without, votes)
        total = votes.sum(1, keepdims=True)
        return (votes / np.where(total > 0, total, 1)).astype(np.float32)


@dataclass(frozen=True)
class Views:
    """Variations of faces with the teachers' scores of each (made by `training.face.distill_views`)."""

    pixels: np.ndarray
    """(views, faces, 48, 48), whole numbers 0…255, memory-mapped."""
    scores: np.ndarray
    """(views, faces, 8): the teachers' mean scores."""

    def __len__(self) -> int:
        return len(self.pixels)

    @classmethod
    def load(cls, folder: Path) -> Views:
        return cls(np.load(folder / "pixels.npy", mmap_mode="r"), np.load(folder / "scores.npy"))


def read_ferplus(root: Path) -> Faces:
    """FER2013 with the votes of FER+: `root` holds labels.csv and mosaic/00.png …, each with 1,024 faces."""
    with (root / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ten = np.array([[int(row[f"votes_{name}"]) for name in VOTED] for row in rows], np.int64)
    top = ten.argmax(1)
    place = np.array([EIGHT.index(name) if name in EIGHT else -1 for name in VOTED])
    several = np.where(ten > 1, ten, 0)
    return Faces(
        pixels=_read_mosaics(root, len(rows)),
        votes=ten[:, _TO_EIGHT],
        majority=place[top],
        clear=2 * several.max(1) > several.sum(1),
        split=np.array([row["split"] for row in rows]),
        duplicate=np.array([row["duplicate_of_train"] == "1" for row in rows]),
    )


def _read_mosaics(root: Path, count: int) -> np.ndarray:
    tiles = []
    for file in sorted((root / "mosaic").glob("*.png")):
        with Image.open(file) as picture:
            mosaic = np.asarray(picture.convert("L"))
        rows, columns = mosaic.shape[0] // SIDE, mosaic.shape[1] // SIDE
        tiles.append(mosaic.reshape(rows, SIDE, columns, SIDE).swapaxes(1, 2).reshape(-1, SIDE, SIDE))
    return np.concatenate(tiles)[:count]


def balance(targets: np.ndarray, power: float = 0.5, most: float = 4.0) -> np.ndarray:
    """A weight for each face, larger for rare classes; the mean is 1.

    A face with three votes for fear gains weight for them, not only one where fear won.
    """
    mass = targets.sum(0)
    rarity = np.where(mass > 0, (mass.max() / np.maximum(mass, 1e-9)) ** power, 0.0)
    weight = np.minimum(targets @ rarity, most)
    return (weight / weight.mean()).astype(np.float32)


def read_folder(root: Path) -> tuple[list[Path], np.ndarray]:
    """Pictures in folders named after the seven (English keys): their paths, and places in `EMOTIONS`."""
    paths: list[Path] = []
    labels: list[int] = []
    for place, name in enumerate(EMOTIONS):
        found = sorted(path for path in (root / name).glob("**/*") if path.suffix.lower() in PICTURES)
        paths += found
        labels += [place] * len(found)
    if not paths:
        raise FileNotFoundError(f"{root} holds no pictures in folders named {', '.join(EMOTIONS)}.")
    return paths, np.array(labels)
