"""Converts FER2013 and FER+ as they are published into the folder that `--data ferplus=FOLDER` reads.

    python -m training.datasets.ferplus --faces fer2013.csv --votes fer2013new.csv --out FOLDER

fer2013.csv (columns emotion, pixels, Usage) comes from Kaggle's "Challenges in Representation Learning", fer2013new.csv
(Usage, Image name, neutral … NF) from github.com/microsoft/FERPlus; both list the same faces in the same order.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from training.datasets.layouts import LayoutError, counted
from training.face.corpora import SIDE, VOTED

LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""fer2013.csv numbers its labels in this order."""
SPLITS = {"Training": "train", "PublicTest": "valid", "PrivateTest": "test"}
COLUMNS = 32
"""Faces in a row of a mosaic, and rows of a mosaic."""


def convert(faces: Path, votes: Path, out: Path) -> int:
    """Writes labels.csv and mosaic/00.png …; returns the number of faces."""
    rows, pixels = [], []
    for number, (face, vote) in enumerate(_pairs(faces, votes), 2):
        values = np.array(face["pixels"].split(), np.uint8)
        if values.size != SIDE * SIDE or face["Usage"] != vote["Usage"] or face["Usage"] not in SPLITS:
            raise LayoutError(f"Line {number} of {faces} and of {votes} are not a face and votes of the same split.")
        counts = [int(vote[name]) for name in VOTED]
        if any(counts):
            rows.append([SPLITS[face["Usage"]], LABELS[int(face["emotion"])], *counts])
            pixels.append(values.reshape(SIDE, SIDE))
    training_faces = {face.tobytes() for face, row in zip(pixels, rows, strict=True) if row[0] == "train"}
    (out / "mosaic").mkdir(parents=True, exist_ok=True)
    size = COLUMNS * COLUMNS
    for start in range(0, len(pixels), size):
        tiles = np.zeros((size, SIDE, SIDE), np.uint8)
        tiles[: len(pixels[start : start + size])] = pixels[start : start + size]
        mosaic = tiles.reshape(COLUMNS, COLUMNS, SIDE, SIDE).swapaxes(1, 2).reshape(COLUMNS * SIDE, COLUMNS * SIDE)
        Image.fromarray(mosaic).save(out / "mosaic" / f"{start // size:02d}.png")
    with (out / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["mosaic", "tile", "split", "fer2013_label", "duplicate_of_train", *(f"votes_{name}" for name in VOTED)]
        )
        for number, (face, (split, label, *counts)) in enumerate(zip(pixels, rows, strict=True)):
            mosaic, tile = divmod(number, size)
            duplicate = int(split != "train" and face.tobytes() in training_faces)
            writer.writerow([f"{mosaic:02d}.png", tile, split, label, duplicate, *counts])
    return len(pixels)


def _pairs(faces: Path, votes: Path) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    for file in (faces, votes):
        if not file.is_file():
            raise LayoutError(f"There is no file {file}.")
    with faces.open(encoding="utf-8", newline="") as first, votes.open(encoding="utf-8", newline="") as second:
        tables = [csv.DictReader(first, skipinitialspace=True), csv.DictReader(second, skipinitialspace=True)]
        for file, table, columns in zip(
            (faces, votes), tables, (("emotion", "pixels", "Usage"), ("Usage", *VOTED)), strict=True
        ):
            missing = set(columns) - set(table.fieldnames or ())
            if missing:
                raise LayoutError(f"{file} lacks the columns {', '.join(sorted(missing))}.")
        try:
            yield from zip(*tables, strict=True)
        except ValueError as error:
            raise LayoutError(f"{faces} and {votes} do not list the same faces: {error}.") from error


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.datasets.ferplus", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--faces", type=Path, required=True, help="fer2013.csv")
    parser.add_argument("--votes", type=Path, required=True, help="fer2013new.csv")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    options = parser.parse_args(arguments)
    try:
        faces = range(convert(options.faces, options.votes, options.out))
    except LayoutError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"wrote {counted(faces, 'face')} to {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
