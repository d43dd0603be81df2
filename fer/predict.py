"""Reads the expression of faces in pictures.

python -m fer.predict [--json] [--face N] [--aligned] PATH…    one line for each picture, in order
ls *.jpg | python -m fer.predict --json -                       paths from standard input
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import settings
from emotions import EMOTIONS
from fer import image, quality
from fer.ensemble import Mix
from fer.faces import Face, Finder
from fer.features import crop, even_light, grey, resize, squeeze, to_tensor
from fer.labels import seven_of
from fer.model import FaceMember, load_member
from inference import prior, shipped
from inference.calibration import is_sure
from inference.cli import Command, rounded
from inference.custom_weights import own_weights
from inference.prior import Adaptation, ForDiaries
from inference.weights import WeightsError, read_meta
from reading import Reading, Refusal

WEIGHTS = settings.ASSETS / "weights" / "fer"
Picture = bytes | str | PathLike[str] | np.ndarray
"""A file, its content, or an RGB array (height, width, 3) of 8 bits."""
_BATCH = 32


@dataclass(frozen=True)
class FaceReading(Reading):
    """A reading of a face, with what an explanation needs."""

    face: Face | None
    """None where the picture was given as a crop."""
    members: Mapping[str, Mapping[str, float]] = field(repr=False)
    """The scores of each member alone, by name."""
    crop: np.ndarray = field(repr=False, compare=False)
    """(48, 48), grey: the input of the models."""
    frame: int | None = None
    """Of a reading of several frames, the number of the one that `face` and `crop` belong to."""


class Recogniser:
    """The ensemble with one calibrated reading. It holds no state, so threads may share it.

    `for_diaries` adapts the scores to a diary (inference/prior.py); without it they stay as they are.
    """

    source = "face"

    def __init__(
        self, members: Mapping[str, FaceMember], mix: Mix, margin: float, name: str, version: str, finder: Finder,
        for_diaries: ForDiaries | None = None,
    ) -> None:  # fmt: skip
        if not members:
            raise ValueError("a recogniser needs at least one member")
        self.members = {key: member.eval() for key, member in members.items()}
        self.mix = mix
        self.for_diaries = for_diaries
        self.adaptation = for_diaries.adaptations["all"] if for_diaries else Adaptation()
        self.margin = float(for_diaries.margins["all"]) if for_diaries else margin
        self.name = name
        self.version = version
        self.finder = finder

    @property
    def model(self) -> str:
        """Name and version, as readings store them."""
        model = f"{self.name} {self.version}"
        return self.for_diaries.named(model) if self.for_diaries else model

    def read(
        self, pictures: Sequence[Picture], /, face: int | None = None, aligned: bool = False
    ) -> list[FaceReading | Refusal]:
        """One answer for each picture, in order. `face` chooses among several; `aligned` pictures are crops."""
        if len(pictures) == 1:  # the usual case: no new threads, each of which would load its own detector
            return self._read_batch([self._prepared(pictures[0], face, aligned)])
        answers: list[FaceReading | Refusal] = []
        with ThreadPoolExecutor(2) as pool:
            for start in range(0, len(pictures), _BATCH):
                batch = pictures[start : start + _BATCH]
                prepared = list(pool.map(lambda picture: self._prepared(picture, face, aligned), batch))
                answers += self._read_batch(prepared)
        return answers

    def read_frames(self, frames: Sequence[Picture], /, face: int | None = None) -> list[FaceReading | Refusal]:
        """One answer for each frame of one moment, in order, all of the same face.

        The face is that of the frame in the middle, or of the nearest frame with a face. If it shows several, every
        answer is the same refusal, whose detail `frame` is its number; `face` then chooses among them.
        """
        pictures = [_pixels(frame) for frame in frames]
        found = [self.finder.find(picture) if isinstance(picture, np.ndarray) else [] for picture in pictures]
        asked = next((number for number in from_the_middle(len(frames)) if found[number]), None)
        if asked is None:
            return [quality.no_face() if isinstance(picture, np.ndarray) else picture for picture in pictures]
        chosen = quality.choose(found[asked], face)
        if isinstance(chosen, Refusal):
            return [replace(chosen, details={**chosen.details, "frame": asked})] * len(frames)
        prepared: list[_Prepared | Refusal] = []
        for picture, faces in zip(pictures, found, strict=True):
            same = chosen.same_in(faces)
            if isinstance(picture, Refusal):
                prepared.append(picture)
            else:
                prepared.append(_prepare(picture, same) if same else quality.no_face())
        return self._read_batch(prepared, are_frames=True)

    def _prepared(self, picture: Picture, chosen: int | None, aligned: bool) -> _Prepared | Refusal:
        pixels = _pixels(picture)
        if isinstance(pixels, Refusal):
            return pixels
        if aligned:
            small = squeeze(pixels)
            facts = quality.measure(small, None)
            return quality.refuse(facts) or _Prepared(small, None, facts)
        face = quality.choose(self.finder.find(pixels), chosen)
        return face if isinstance(face, Refusal) else _prepare(pixels, face)

    def _read_batch(
        self, prepared: Sequence[_Prepared | Refusal], are_frames: bool = False
    ) -> list[FaceReading | Refusal]:
        readable = [each for each in prepared if isinstance(each, _Prepared)]
        readings = iter(self._readings(readable, are_frames) if readable else [])
        return [each if isinstance(each, Refusal) else next(readings) for each in prepared]

    def _readings(self, faces: Sequence[_Prepared], are_frames: bool) -> list[FaceReading]:
        crops = np.stack([face.crop for face in faces])
        logits = self.logits_of_frames(crops) if are_frames else self.logits(crops)
        scores = self.seven(self.mix.scores(logits))
        alone = {name: self.seven(self.mix.scores_of(name, logits[name])) for name in self.members}
        return [
            FaceReading(
                scores=_named(scores[row]),
                sure=bool(is_sure(scores[row], self.margin)),
                quality=face.facts.as_dict(),
                source=self.source,
                model=self.model,
                face=face.face,
                members={name: _named(each[row]) for name, each in alone.items()},
                crop=face.crop,
            )
            for row, face in enumerate(faces)
        ]

    def seven(self, eight: np.ndarray) -> np.ndarray:
        """Scores of the networks' eight classes → the diary's seven, as readings hold them."""
        return self.adaptation.apply(seven_of(eight))

    def logits(self, crops: np.ndarray) -> dict[str, np.ndarray]:
        """(faces, eight) of each member: the mean over each face and its mirror image."""
        faces = even_light(to_tensor(crops))
        both = self._forward(torch.cat([faces, faces.flip(-1)]))
        return {name: (each[: len(crops)] + each[len(crops) :]) / 2 for name, each in both.items()}

    def logits_of_frames(self, crops: np.ndarray) -> dict[str, np.ndarray]:
        """(frames, eight) of each member, for frames of one face whose scores are averaged: every second is mirrored.

        Over five frames that is as good as both images of each, in half the time (`training.face.speaking`).
        """
        if len(crops) == 1:
            return self.logits(crops)
        faces = even_light(to_tensor(crops))
        faces[1::2] = faces[1::2].flip(-1)
        return self._forward(faces)

    @torch.inference_mode()
    def _forward(self, faces: Tensor) -> dict[str, np.ndarray]:
        logits = {}
        for name, member in self.members.items():
            sized = resize(faces, member.size).contiguous(memory_format=torch.channels_last)
            logits[name] = member(sized).float().numpy()
        return logits

    def warm_up(self) -> None:
        """Searches a grey picture for faces and reads a black crop."""
        self.finder.find(np.full((720, 1280, 3), 114, np.uint8))
        self.logits(np.zeros((1, 48, 48), np.uint8))


@dataclass(frozen=True)
class _Prepared:
    """A face that is good enough to read."""

    crop: np.ndarray
    face: Face | None
    facts: quality.FaceQuality


def _prepare(pixels: np.ndarray, face: Face) -> _Prepared | Refusal:
    small = grey(crop(pixels, face.points))
    facts = quality.measure(small, face)
    return quality.refuse(facts) or _Prepared(small, face, facts)


def from_the_middle(count: int) -> list[int]:
    """The numbers of so many frames: the one in the middle, then its neighbours, before and after it in turn."""
    return sorted(range(count), key=lambda number: abs(number - count // 2))


def weights_in_use() -> Path:
    """The operator's own weights (`HARU_WEIGHTS`), or the shipped ones; NotFreeError under HARU_FREE_WEIGHTS."""
    return own_weights("face") or shipped.usable(WEIGHTS)


def has_weights() -> bool:
    """Whether the files in use are there, without loading them."""
    path = weights_in_use()
    return path.is_file() or (path / "ensemble.json").is_file()


def load(path: Path | None = None) -> Recogniser:
    """The recogniser of a folder or a file of weights; by default, of those in use. Load once, share freely."""
    path = path or weights_in_use()
    if path.suffix == ".safetensors":
        return _load_alone(path)
    file = path / "ensemble.json"
    if not file.is_file():
        raise WeightsError(f"There is no {file}; restore it with `git checkout -- assets/weights`.")
    facts = json.loads(file.read_text(encoding="utf-8"))
    members = {name: load_member(path / f"{name}.safetensors") for name in facts["weights"]}
    return _recogniser(members, facts["name"], str(facts["version"]), Mix.from_dict(facts), float(facts["margin"]))


def _load_alone(file: Path) -> Recogniser:
    """One member with its own calibration, as `python -m training.cli face` writes it."""
    member, meta = load_member(file), read_meta(file)
    if "mix" not in meta:
        raise WeightsError(f"{file} is one member of an ensemble, without a calibration of its own; give its folder.")
    mix = Mix.from_dict(meta["mix"])
    return _recogniser({member.name: member}, meta["name"], str(meta["version"]), mix, float(meta["margin"]))


def _recogniser(members: Mapping[str, FaceMember], name: str, version: str, mix: Mix, margin: float) -> Recogniser:
    return Recogniser(members, mix, margin, name, version, Finder(), prior.of("face", f"{name} {version}"))


def _named(scores: np.ndarray) -> dict[str, float]:
    return dict(zip(EMOTIONS, scores.tolist(), strict=True))


def _pixels(picture: Picture) -> np.ndarray | Refusal:
    try:
        return _checked(picture) if isinstance(picture, np.ndarray) else image.load(picture)
    except Refusal as refusal:
        return refusal


def _checked(picture: np.ndarray) -> np.ndarray:
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
        raise Refusal("unreadable", "An array must be RGB with 8 bits: (height, width, 3), uint8.")
    height, width = picture.shape[:2]
    if min(height, width) < image.SMALLEST_SIDE:
        raise Refusal("too_small", f"The picture is only {width}×{height} pixels; a face needs more.")
    return picture


def _more(answer: Reading | Refusal) -> dict[str, object]:
    """The keys that the JSON output has beside those of every recogniser."""
    if isinstance(answer, Refusal):
        return {"faces": answer.details["faces"]} if "faces" in answer.details else {}
    assert isinstance(answer, FaceReading)
    return {
        "face": answer.face
        and {
            "box": [round(value, 1) for value in answer.face.box],
            "landmarks": [[round(x, 1), round(y, 1)] for x, y in answer.face.landmarks],
            "confidence": round(answer.face.confidence, 4),
        },
        "members": {name: rounded(scores) for name, scores in answer.members.items()},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    command = Command(
        program="fer.predict",
        description="Reads the expression of faces in pictures; prints one line for each picture.",
        input_name="path",
        input_help="a picture",
        load=load,
        read=lambda recogniser, path, options: recogniser.read([path], options.face, options.aligned)[0],
        more=_more,
    )
    parser = command.parser()
    parser.add_argument("--face", type=int, help="which of several faces, counted from 0, the largest first")
    parser.add_argument("--aligned", action="store_true", help="the pictures are face crops already: no detection")
    return command.run(parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
