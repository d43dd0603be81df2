"""Pictures in, readings out.

python -m fer.predict [--json] [--face N] [--aligned] FILE…    one line a file, in order
ls *.jpg | python -m fer.predict --json -                       paths from standard input
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
import torch
from torch import nn

from emotions import EMOTIONS
from fer import image, quality
from fer.ensemble import Mix
from fer.faces import Face, Finder
from fer.features import crop, even_light, grey, resize, squeeze, to_tensor
from fer.labels import seven_of
from fer.model import load_member
from inference.calibration import is_sure
from inference.cli import paths, verdict
from inference.custom_weights import own_weights
from inference.weights import WeightsError, read_meta
from reading import Reading, Refusal

WEIGHTS = Path(__file__).resolve().parents[1] / "assets" / "weights" / "fer"
Picture = bytes | str | PathLike[str] | np.ndarray
"""A file, its content, or an RGB array (height, width, 3) of 8 bits."""
_BATCH = 32


@dataclass(frozen=True)
class Seen:
    """A reading with what it was made from."""

    reading: Reading
    face: Face | None
    """None where the picture was given as a crop."""
    members: Mapping[str, Mapping[str, float]]
    """What each member says on its own, by name."""
    crop: np.ndarray
    """(48, 48), grey: all that the models looked at."""


class Recogniser:
    """The members with one calibrated opinion. Nothing here changes between calls, so threads may share it."""

    def __init__(self, members: Mapping[str, nn.Module], mix: Mix, margin: float, model: str, finder: Finder) -> None:
        if not members:
            raise ValueError("a recogniser needs at least one member")
        self.members = {name: member.eval() for name, member in members.items()}
        self.mix = mix
        self.margin = margin
        self.model = model
        self.finder = finder

    def read(self, pictures: Sequence[Picture]) -> list[Reading | Refusal]:
        """One answer for each picture, in order: a reading, or why there is none."""
        return [seen.reading if isinstance(seen, Seen) else seen for seen in self.see(pictures)]

    def see(self, pictures: Sequence[Picture], face: int | None = None, aligned: bool = False) -> list[Seen | Refusal]:
        """As `read`, with face, members and crop. `face` chooses among several; `aligned` pictures are crops."""
        if len(pictures) == 1:  # most often: no new threads, whose copies of the detector would be made and dropped
            return self._judged([self._prepared(pictures[0], face, aligned)])
        answers: list[Seen | Refusal] = []
        with ThreadPoolExecutor(2) as pool:
            for start in range(0, len(pictures), _BATCH):
                part = pictures[start : start + _BATCH]
                answers += self._judged(list(pool.map(lambda picture: self._prepared(picture, face, aligned), part)))
        return answers

    def _prepared(self, picture: Picture, wanted: int | None, aligned: bool) -> _Prepared | Refusal:
        try:
            pixels = _checked(picture) if isinstance(picture, np.ndarray) else image.load(picture)
            if aligned:
                small = squeeze(pixels)
                facts, face = quality.measure_crop(small), None
            else:
                _, face = quality.choose(self.finder.find(pixels), wanted)
                small, facts = grey(crop(pixels, face.points)), quality.measure(pixels, face)
            quality.check(facts)
        except Refusal as refusal:
            return refusal
        return _Prepared(small, face, facts)

    def _judged(self, prepared: Sequence[_Prepared | Refusal]) -> list[Seen | Refusal]:
        good = [one for one in prepared if isinstance(one, _Prepared)]
        if not good:
            return list(prepared)
        logits = self.logits(np.stack([one.crop for one in good]))
        scores = seven_of(self.mix.scores(logits))
        alone = {name: seven_of(self.mix.scores_of(name, logits[name])) for name in self.members}
        seen = iter(
            Seen(
                Reading(
                    scores=_named(scores[row]),
                    sure=bool(is_sure(scores[row], self.margin)),
                    quality=one.facts.as_dict(),
                    source="face",
                    model=self.model,
                ),
                one.face,
                {name: _named(each[row]) for name, each in alone.items()},
                one.crop,
            )
            for row, one in enumerate(good)
        )
        return [next(seen) if isinstance(one, _Prepared) else one for one in prepared]

    @torch.inference_mode()
    def logits(self, crops: np.ndarray) -> dict[str, np.ndarray]:
        """(faces, eight) of each member, each face averaged with its mirror image."""
        faces = even_light(to_tensor(crops))
        both = torch.cat([faces, faces.flip(-1)])
        out = {}
        for name, member in self.members.items():
            sized = resize(both, member.size).contiguous(memory_format=torch.channels_last)
            plain, mirrored = member(sized).float().chunk(2)
            out[name] = ((plain + mirrored) / 2).numpy()
        return out


@dataclass(frozen=True)
class _Prepared:
    crop: np.ndarray
    face: Face | None
    facts: quality.Quality


def weights_in_use() -> Path:
    """The operator's own (`HARU_WEIGHTS`), or the shipped ones."""
    return own_weights("face") or WEIGHTS


def load(path: Path | None = None) -> Recogniser:
    """The ensemble of a folder, or one member's file; without any, what is in use. Load once, share freely."""
    path = path or weights_in_use()
    if path.suffix == ".safetensors":
        return _alone(path)
    file = path / "ensemble.json"
    if not file.is_file():
        raise WeightsError(f"There is no {file}; restore it with `git checkout -- assets/weights`.")
    facts = json.loads(file.read_text(encoding="utf-8"))
    members = {name: load_member(path / f"{name}.safetensors") for name in facts["weights"]}
    return Recogniser(
        members, Mix.from_dict(facts), float(facts["margin"]), f"{facts['name']} {facts['version']}", Finder()
    )


def _alone(file: Path) -> Recogniser:
    """One member with its calibration inside, as `python -m training.cli face` writes it."""
    member, meta = load_member(file), read_meta(file)
    if "mix" not in meta:
        raise WeightsError(f"{file} is one member of an ensemble, without a calibration of its own; give its folder.")
    return Recogniser(
        {member.name: member},
        Mix.from_dict(meta["mix"]),
        float(meta["margin"]),
        f"{meta['name']} {meta['version']}",
        Finder(),
    )


def _named(scores: np.ndarray) -> dict[str, float]:
    return dict(zip(EMOTIONS, scores.tolist(), strict=True))


def _checked(picture: np.ndarray) -> np.ndarray:
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
        raise Refusal("unreadable", "An array must be RGB with 8 bits: (height, width, 3), uint8.")
    height, width = picture.shape[:2]
    if min(height, width) < image.SMALLEST_SIDE:
        raise Refusal("too_small", f"The picture is only {width}×{height} pixels; a face needs more.")
    return picture


def as_json(path: str, told: Seen | Refusal) -> str:
    if isinstance(told, Refusal):
        error: dict[str, object] = {"code": told.code, "message": told.message}
        if "faces" in told.details:
            error["faces"] = told.details["faces"]
        return json.dumps({"path": path, "error": error}, ensure_ascii=False)
    reading, face = told.reading, told.face
    line = {
        "path": path,
        "label": reading.label,
        "scores": _rounded(reading.scores),
        "sure": reading.sure,
        "quality": dict(reading.quality),
        "face": face
        and {
            "box": [round(value, 1) for value in face.box],
            "landmarks": [[round(x, 1), round(y, 1)] for x, y in face.landmarks],
            "confidence": round(face.confidence, 4),
        },
        "members": {name: _rounded(scores) for name, scores in told.members.items()},
    }
    return json.dumps(line, ensure_ascii=False)


def _rounded(scores: Mapping[str, float]) -> dict[str, float]:
    return {name: round(score, 4) for name, score in scores.items()}


def as_text(path: str, told: Seen | Refusal) -> str:
    if isinstance(told, Refusal):
        return f"{path}: not read ({told.code}): {told.message}"
    return f"{path}: {verdict(told.reading)}"


def main(arguments: Sequence[str] | None = None, recogniser: Recogniser | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m fer.predict", description="What a face shows, one line a file.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="pictures, or - for paths on standard input")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--face", type=int, help="which of several faces, counted from 0, the largest first")
    parser.add_argument("--aligned", action="store_true", help="the pictures are face crops already: no detection")
    parser.add_argument("--weights", type=Path, help="a folder or a file (without: the shipped or HARU_WEIGHTS)")
    options = parser.parse_args(arguments)
    try:
        recogniser = recogniser or load(options.weights)
    except WeightsError as error:
        print(error, file=sys.stderr)
        return 2
    line = as_json if options.json else as_text
    all_read = True
    for path in paths(options.files):
        told = recogniser.see([path], options.face, options.aligned)[0]
        all_read = all_read and isinstance(told, Seen)
        print(line(path, told), flush=True)
    return 0 if all_read else 1


if __name__ == "__main__":
    sys.exit(main())
