"""The faces to learn from: FER2013 with FER+ votes, folders named after classes, and splits.

Never imported by the app. The Korean corpus of AI Hub has a room of its own (`training.datasets.aihub_faces`).
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from emotions import EMOTIONS
from fer.labels import EIGHT

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "face"

VOTED: tuple[str, ...] = (
    *("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"),
    *("unknown", "NF"),
)
"""The ten answers of FER+ annotators, in the order of the original table: ties go to the first, as published."""
OLD_NAMES: dict[str, str] = {
    **{"angry": "anger", "disgust": "disgust", "fear": "fear", "happy": "happiness"},
    **{"sad": "sadness", "surprise": "surprise", "neutral": "neutral"},
}
"""fer2013_label → the diary's names."""
_TO_EIGHT = np.array([VOTED.index(name) for name in EIGHT])
SIDE = 48


@dataclass(frozen=True)
class Faces:
    """Grey faces with everything known of each, a row a face."""

    pixels: np.ndarray
    """(faces, 48, 48), whole numbers 0…255."""
    votes: np.ndarray
    """(faces, 8): how many people saw which of `EIGHT`; unknown and not-a-face are left out."""
    majority: np.ndarray
    """Place in `EIGHT` of what most saw, -1 where most saw something unknown or no face."""
    clear: np.ndarray
    """True where more than half agree once single votes are dropped: the stricter set of the FER+ authors."""
    old: np.ndarray
    """Place in `EIGHT` of the label of 2013; it differs from the majority more often than one thinks."""
    split: np.ndarray
    """train, valid or test."""
    duplicate: np.ndarray
    """True where a face of valid or test is, pixel by pixel, one of train."""
    taught: np.ndarray
    """(faces, 8): what a teacher sees in each, zeros where none was asked."""

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
        with np.load(file) as kept:
            return cls(**{name: kept[name] for name in cls.__dataclass_fields__})

    def part(self, split: str) -> Faces:
        """One split as it counts: a majority among the eight, no copies of training faces."""
        return self.take((self.split == split) & (self.majority >= 0) & ~self.duplicate)

    def targets(self, drop_single: bool = True) -> np.ndarray:
        """(faces, 8): the share of votes of each class.

        One vote of ten is as often a slip as an opinion: `drop_single` leaves it out, unless nothing else is left.
        """
        votes = self.votes.astype(np.float64)
        if drop_single:
            without = np.where(votes > 1, votes, 0.0)
            votes = np.where(without.sum(1, keepdims=True) > 0, without, votes)
        total = votes.sum(1, keepdims=True)
        return (votes / np.where(total > 0, total, 1)).astype(np.float32)

    def fold_of(self, folds: int, seed: int = 0) -> np.ndarray:
        """A fold for each face; copies of one picture always share theirs."""
        keys = [hashlib.sha256(f"{seed}".encode() + face.tobytes()).digest() for face in self.pixels]
        return np.array([int.from_bytes(key[:8], "big") % folds for key in keys])


@dataclass(frozen=True)
class Views:
    """Varied looks at faces, and what teachers see in each (made by `training.face.distill_views`)."""

    pixels: np.ndarray
    """(looks, faces, 48, 48), whole numbers 0…255, on the disk until they are asked for."""
    scores: np.ndarray
    """(looks, faces, 8): the teachers' mean opinion."""

    def __len__(self) -> int:
        return len(self.pixels)

    @classmethod
    def load(cls, folder: Path) -> Views:
        return cls(np.load(folder / "pixels.npy", mmap_mode="r"), np.load(folder / "scores.npy"))


def read_ferplus(root: Path = DATA, cache: Path | None = None) -> Faces:
    """FER2013 with the votes of FER+. With `cache` the pixels are decoded once and kept there."""
    with (root / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ten = np.array([[int(row[f"votes_{name}"]) for name in VOTED] for row in rows], np.int64)
    top = ten.argmax(1)
    place = np.array([EIGHT.index(name) if name in EIGHT else -1 for name in VOTED])
    several = np.where(ten > 1, ten, 0)
    return Faces(
        pixels=_pixels(root, cache, len(rows)),
        votes=ten[:, _TO_EIGHT],
        majority=place[top],
        clear=2 * several.max(1) > several.sum(1),
        old=np.array([EIGHT.index(OLD_NAMES[row["fer2013_label"]]) for row in rows]),
        split=np.array([row["split"] for row in rows]),
        duplicate=np.array([row["duplicate_of_train"] == "1" for row in rows]),
        taught=np.zeros((len(rows), len(EIGHT)), np.float32),
    )


def _pixels(root: Path, cache: Path | None, count: int) -> np.ndarray:
    kept = cache / "faces.npy" if cache else None
    if kept and kept.exists():
        pixels = np.load(kept, mmap_mode="r")
        if len(pixels) != count:
            raise ValueError(f"{kept} was made from other faces than {root}; delete it and run again.")
        return pixels
    tiles = []
    for file in sorted((root / "mosaic").glob("*.png")):
        with Image.open(file) as picture:
            mosaic = np.asarray(picture.convert("L"))
        rows, columns = mosaic.shape[0] // SIDE, mosaic.shape[1] // SIDE
        tiles.append(mosaic.reshape(rows, SIDE, columns, SIDE).swapaxes(1, 2).reshape(-1, SIDE, SIDE))
    pixels = np.concatenate(tiles)[:count]
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, pixels)
    return pixels


def balance(targets: np.ndarray, power: float = 0.5, most: float = 4.0) -> np.ndarray:
    """How much each face counts: the rarer what people saw in it, the more; the mean is 1.

    A face with three fear votes is weighted for them too, not only one where fear won.
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


PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".tif", ".tiff", ".bmp"})


def split_people(people: Sequence[str], valid: float = 0.1, test: float = 0.1) -> np.ndarray:
    """train, valid or test for each picture, by person: decided by the name alone, so it never changes."""
    split = []
    for person in people:
        place = int.from_bytes(hashlib.sha256(person.encode()).digest()[:8], "big") / 2**64
        split.append("test" if place < test else "valid" if place < test + valid else "train")
    return np.array(split)
