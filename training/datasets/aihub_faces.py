"""AI Hub's Korean faces (한국인 감정인식을 위한 복합 영상), for people who hold the licence.

The folder may be arranged in any way: pictures are found by their name, labels in JSON files, each a list of

    {"filename": "….jpg", "faceExp_uploader": "기쁨", "gender": …, "age": …,
     "annot_A": {"faceExp": "기쁨", "boxes": {"minX": …, "minY": …, "maxX": …, "maxY": …}}, "annot_B": …, "annot_C": …}

Three people labelled and boxed every picture: their labels are votes like those of FER+, their boxes are averaged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fer import image
from fer.faces import Finder
from fer.features import crop, grey, squeeze
from reading import Refusal
from training.datasets.layouts import PICTURES, nfc

TO_SEVEN: dict[str, str | None] = {
    **{"기쁨": "happiness", "분노": "anger", "슬픔": "sadness", "중립": "neutral"},
    # 불안 (anxiety) is closest to fear, 당황 (flustered, taken aback) to surprise.
    **{"불안": "fear", "당황": "surprise"},
    # 상처 (hurt) is none of the seven: half of these faces look sad, half angry.
    "상처": None,
}
_ANNOTATORS = ("annot_A", "annot_B", "annot_C")


@dataclass(frozen=True)
class LabelledPortrait:
    """One labelled picture."""

    path: Path
    person: str
    votes: Mapping[str, int]
    """How many of the three annotators chose which of the seven."""
    box: tuple[float, float, float, float]
    """left, top, right, bottom"""


def read_portraits(root: Path) -> list[LabelledPortrait]:
    """Every picture with a usable label."""
    pictures = {_file_name(file.name): file for file in root.rglob("*") if file.suffix.lower() in PICTURES}
    portraits = []
    for file in sorted(root.rglob("*.json")):
        for entry in _entries(file):
            found = pictures.get(_file_name(str(entry.get("filename", ""))))
            votes, box = _votes(entry), _box(entry)
            if found and votes and box:
                portraits.append(LabelledPortrait(found, person_of(found.name), votes, box))
    if not portraits:
        raise FileNotFoundError(
            f"{root} holds no pictures with AI Hub's labels; unpack both the 원천 and 라벨 archives."
        )
    return portraits


def person_of(name: str) -> str:
    """File names begin with a code for who was photographed, up to the first underscore."""
    return _file_name(name).partition("_")[0]


def _entries(file: Path) -> Iterator[Mapping]:
    content = file.read_bytes()
    for encoding in ("utf-8-sig", "cp949"):  # both are in circulation
        try:
            entries = json.loads(content.decode(encoding))
        except (UnicodeDecodeError, json.JSONDecodeError):
            continue
        yield from (entry for entry in entries if isinstance(entry, Mapping))
        return
    raise ValueError(f"{file} is not a JSON file as AI Hub publishes it; unpack the archive again.")


def _votes(entry: Mapping) -> dict[str, int]:
    votes: dict[str, int] = {}
    for annotator in _ANNOTATORS:
        name = TO_SEVEN.get(_file_name(str((entry.get(annotator) or {}).get("faceExp", ""))))
        if name:
            votes[name] = votes.get(name, 0) + 1
    # At least two of three must choose one of the seven: one vote beside two for 상처 is no label.
    return votes if sum(votes.values()) >= 2 else {}


def _box(entry: Mapping) -> tuple[float, float, float, float] | None:
    boxes = [(entry.get(annotator) or {}).get("boxes") or {} for annotator in _ANNOTATORS]
    whole = [[float(box[side]) for side in ("minX", "minY", "maxX", "maxY")] for box in boxes if len(box) >= 4]
    if not whole:
        return None
    left, top, right, bottom = np.median(whole, axis=0).tolist()
    return (left, top, right, bottom) if right > left and bottom > top else None


def cut_out(portrait: LabelledPortrait, finder: Finder) -> np.ndarray:
    """(48, 48): aligned by the eyes where the detector finds them inside the box, else the box made square."""
    picture, scale = _opened(portrait.path)
    left, top, right, bottom = (side * scale for side in portrait.box)
    wide, high = right - left, bottom - top
    x0, y0 = max(0, int(left - 0.4 * wide)), max(0, int(top - 0.4 * high))
    part = picture[y0 : int(bottom + 0.4 * high) + 1, x0 : int(right + 0.4 * wide) + 1]
    if min(part.shape[:2], default=0) < 2:
        raise Refusal("unreadable", "The box of the face lies outside the picture.")
    centre = np.array([(left + right) / 2 - x0, (top + bottom) / 2 - y0])
    inside = [face for face in finder.find(part) if np.abs(face.points.mean(0) - centre).max() < max(wide, high) / 2]
    if inside:
        return grey(crop(part, inside[0].points))
    half = max(wide, high) / 2
    x, y = centre
    square = part[max(0, int(y - half)) : int(y + half) + 1, max(0, int(x - half)) : int(x + half) + 1]
    return squeeze(square)


def _opened(path: Path) -> tuple[np.ndarray, float]:
    """The picture and its scale: boxes are in pixels of the file, and `image.load` may have shrunk it."""
    from PIL import Image

    picture = image.load(path)
    with Image.open(path) as file:
        longest = max(file.size)
    return picture, max(picture.shape[:2]) / longest


def _file_name(name: str) -> str:
    """The last part of a path in NFC: Mac archives decompose Hangul, and equal names must be equal texts."""
    return nfc(Path(name.strip()).name)
