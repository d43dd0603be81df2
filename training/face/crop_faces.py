"""Cuts the 48×48 faces to train on out of the examples of any data set: pictures, films, tiles of a mosaic."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import av
import av.container
import av.error
import numpy as np
from PIL import Image

from fer import image
from fer.faces import Finder
from fer.features import crop, grey, squeeze
from fer.labels import EIGHT
from inference import containers
from inference.containers import Deadline
from reading import Refusal
from training.datasets.aihub_faces import LabelledPortrait, cut_out
from training.datasets.layouts import VIDEOS, Example
from training.face.corpora import SIDE, Faces
from training.progress import progress_bar
from training.resumable import map_in_chunks
from training.splits import every_nth_person, hashed

FRAMES = 3
"""Frames of each film, from its middle half: at both ends the face is at rest."""
WITHIN = 600.0
"""Seconds for one film: a long one without seeking is decoded from its start."""
SMALL = 112
"""A picture of at most so many pixels a side counts as a face crop; no face is searched in it."""


def cut_all(
    examples: Sequence[Example], chunks: Path, fold: str = "speakers:1/5", show_progress: bool = False
) -> tuple[Faces, list[str], list[str]]:
    """Crops the faces (several of a film); returns them, the person of each, and why other examples gave none.

    A stopped run continues from the folder `chunks`.
    """
    finder = Finder()

    def cut(example: Example) -> np.ndarray | Refusal:
        try:
            return np.stack(faces_of(example, finder))
        except Refusal as refusal:
            return refusal

    # Split over all examples, not over those with a face: the detector must not decide who is left out.
    splits = split_of(examples, fold)
    pixels, owners, split, refused = [], [], [], []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = map_in_chunks(examples, lambda part: pool.map(cut, part), chunks)
        for place, result in enumerate(progress_bar(results, len(examples), "example") if show_progress else results):
            if isinstance(result, Refusal):
                refused.append(f"{examples[place].path}: {result}")
                continue
            pixels.append(result)
            owners += [examples[place]] * len(result)
            split += [splits[place]] * len(result)
    if not pixels:
        raise Refusal("no_face", f"None of {len(examples)} examples shows a face; the first: {refused[0]}")
    return _as_faces(np.concatenate(pixels), owners, np.array(split)), [owner.person for owner in owners], refused


def faces_of(example: Example, finder: Finder) -> list[np.ndarray]:
    """One face of a picture or a tile, up to `FRAMES` of a film."""
    if example.tile is not None:
        return [_tile(str(example.path), example.tile)]
    if example.path.suffix.lower() in VIDEOS:
        frames = list(frames_of(example.path, example.start, example.end))
        found = [face for frame in frames for face in _largest(frame, example, finder)]
        if not found:
            raise Refusal("no_face", f"There is no face in any of {len(frames)} frames.")
        return found
    if example.box:
        return [cut_out(LabelledPortrait(example.path, example.person, {}, example.box), finder)]
    picture = image.load(example.path)
    if max(picture.shape[:2]) <= SMALL:
        return [squeeze(picture)]
    found = _largest(picture, example, finder)
    if not found:
        raise Refusal("no_face", "There is no face in the picture.")
    return found


def frames_of(
    film: Path, start: float | None = None, end: float | None = None, count: int = FRAMES
) -> Iterable[np.ndarray]:
    """RGB frames evenly from the middle half of a film, or of a part of it."""
    with containers.opened(film, Deadline(WITHIN)) as container:
        if not container.streams.video:
            raise Refusal("unreadable", "The film holds no picture.")
        track = container.streams.video[0]
        length = container.duration / av.time_base if container.duration else 0.0
        first, last = start or 0.0, end if end is not None else length
        if start:
            _seek(container, first)
        times = np.linspace(first + (last - first) / 4, last - (last - first) / 4, count)
        frames = []
        for frame in container.decode(track):
            if len(frames) < count and (frame.time or 0.0) >= times[len(frames)] - 1e-3:
                frames.append(frame.to_ndarray(format="rgb24"))
            if len(frames) == count:
                break
    if not frames:
        raise Refusal("unreadable", "No frame of the film could be decoded.")
    return frames


def _seek(container: av.container.InputContainer, seconds: float) -> None:
    """Seeks the key frame before, so that a late utterance does not need the decoding of the whole film."""
    try:
        container.seek(int(seconds * av.time_base))
    except av.error.FFmpegError:
        return  # a film without seeking is decoded from its start


def _largest(picture: np.ndarray, example: Example, finder: Finder) -> list[np.ndarray]:
    """The largest face; of several people the one inside the example's box."""
    found = finder.find(picture)
    if example.box:
        left, top, right, bottom = example.box
        found = [face for face in found if _inside(face.points.mean(0), left, top, right, bottom)]
    return [grey(crop(picture, found[0].points))] if found else []


def _inside(point: np.ndarray, left: float, top: float, right: float, bottom: float) -> bool:
    return bool(left <= point[0] <= right and top <= point[1] <= bottom)


def _tile(path: str, number: int) -> np.ndarray:
    mosaic = _mosaic(path)
    columns = mosaic.shape[1] // SIDE
    row, column = divmod(number, columns)
    return mosaic[row * SIDE : (row + 1) * SIDE, column * SIDE : (column + 1) * SIDE]


@lru_cache(maxsize=2)
def _mosaic(path: str) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("L"))


def _as_faces(pixels: np.ndarray, owners: Sequence[Example], split: np.ndarray) -> Faces:
    votes = np.zeros((len(owners), len(EIGHT)), np.int64)
    majority = np.zeros(len(owners), np.int64)
    for row, example in enumerate(owners):
        for name, count in (example.votes or {example.label: 1}).items():
            if name in EIGHT:
                votes[row, EIGHT.index(name)] = round(count)
        majority[row] = EIGHT.index(example.label) if not example.votes else votes[row].argmax()
    return Faces(
        pixels=pixels,
        votes=votes,
        majority=majority,
        clear=2 * votes.max(1) > votes.sum(1),
        split=split,
        duplicate=np.zeros(len(owners), bool),
    )


def split_of(examples: Sequence[Example], fold: str = "speakers:1/5") -> np.ndarray:
    """train, valid or test: as the data set says, else by person.

    `fold` names the people of the test, as for voices; of the others every eighth belongs to valid.
    """
    free = [example for example in examples if not example.split]
    datasets = {example.dataset for example in free}
    people = {name: {example.person for example in free if example.dataset == name} for name in datasets}
    tested = every_nth_person(fold.removeprefix("speakers:"), people) if fold != "none" else set()
    rest = sorted({example.person for example in free} - tested, key=hashed)
    valid = set(rest[::8]) if len(rest) > 1 else set()

    def split(example: Example) -> str:
        if example.split:
            return example.split
        return "test" if example.person in tested else "valid" if example.person in valid else "train"

    return np.array([split(example) for example in examples])
