"""Measures how often a face that speaks reads as surprised: by one frame, by the mean of five, and with the rule.

python -m training.face.speaking --data D              the parameters on valid faces, then the table of test faces
                                 … --faces 150         how many faces of each mood, at most
                                 … --split test        only that table

D is FER2013 with the votes of FER+. The sequences are generated (training/face/speaking_faces.py), because there are no
films among the data: the table says what the rule does to an opening mouth, not how well it reads people who speak.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from emotions import EMOTIONS
from fer import image
from fer.faces import Finder
from fer.predict import FaceReading, Recogniser, load
from inference import metrics
from settings import ASSETS
from training.face import corpora, speaking_faces
from training.face.corpora import FERPLUS_HELP, Faces
from training.face.speaking_faces import FRAMES, Mouth
from understanding import face_frames

SAMPLE = ASSETS / "samples" / "face.jpg"
WATCHED = ("neutral", "happiness", "sadness")
"""The moods whose speaking faces must not read as surprised."""
RAMPS = ((0.15, 0.5), (0.15, 1.0), (0.3, 0.7), (0.05, 0.2))
"""Candidates for `face_frames.STILL` and `SPEAKING`."""
Sequences = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Scores:
    """What the recogniser says of all sequences of one manner."""

    frames: np.ndarray
    """(faces, frames, moods), as the frames of the camera are read."""
    one: np.ndarray
    """(faces, moods): of one frame at random, as a single picture is read."""
    movement: np.ndarray
    """(faces,): `mouth_movement`."""

    def ruled(self, ramp: tuple[float, float] = (face_frames.STILL, face_frames.SPEAKING)) -> np.ndarray:
        """(faces, moods), with the rule of understanding/face_frames.py."""
        return np.stack(
            [
                face_frames.mixed_scores(scores, movement, ramp)
                for scores, movement in zip(self.frames, self.movement, strict=True)
            ]
        )


def chosen_faces(faces: Faces, most: int, rng: np.random.Generator, finder: Finder) -> tuple[Faces, list[Mouth]]:
    """Up to so many faces of each of the seven whose mouth is found."""
    places = [rng.permutation(np.flatnonzero(faces.majority == mood))[:most] for mood in range(len(EMOTIONS))]
    mouths = {place: speaking_faces.find_mouth(faces.pixels[place], finder) for place in np.concatenate(places)}
    found = {place: mouth for place, mouth in mouths.items() if mouth is not None}
    return faces.take(np.array(list(found), int)), list(found.values())


def sequences(faces: Faces, mouths: Sequence[Mouth], rng: np.random.Generator) -> Sequences:
    """(faces, frames, 48, 48) of each manner."""

    def all_of(make: Callable[[np.ndarray, Mouth], np.ndarray]) -> np.ndarray:
        return np.stack([make(face, mouth) for face, mouth in zip(faces.pixels, mouths, strict=True)])

    return {
        "still": all_of(lambda face, mouth: speaking_faces.still(face, rng)),
        "silent, the head turns": all_of(lambda face, mouth: speaking_faces.turning(face, rng)),
        "speaks quietly": all_of(lambda face, mouth: speaking_faces.speaking(face, mouth, rng, "quiet")),
        "speaks lively": all_of(lambda face, mouth: speaking_faces.speaking(face, mouth, rng, "lively")),
    }


def read(recogniser: Recogniser, crops: np.ndarray, rng: np.random.Generator) -> Scores:
    frames, one = [], []
    for sequence in crops:
        frames.append(recogniser.seven(recogniser.mix.scores(recogniser.logits_of_frames(sequence))))
        alone = sequence[rng.integers(FRAMES)][None]
        one.append(recogniser.seven(recogniser.mix.scores(recogniser.logits(alone)))[0])
    movement = [face_frames.mouth_movement(list(sequence)) for sequence in crops]
    return Scores(np.stack(frames), np.stack(one), np.array(movement))


def row(name: str, truth: np.ndarray, scores: np.ndarray) -> str:
    """How often the watched moods, and surprise itself, read as surprise; and the UAR of the seven."""
    as_surprise = scores.argmax(1) == EMOTIONS.index("surprise")
    watched = np.isin(truth, [EMOTIONS.index(mood) for mood in WATCHED])
    of_each = [as_surprise[truth == EMOTIONS.index(mood)].mean() for mood in WATCHED]
    right = as_surprise[truth == EMOTIONS.index("surprise")].mean()
    cells = [as_surprise[watched].mean(), *of_each, right, metrics.uar(truth, scores.argmax(1), 7)]
    return f"| {name} | " + " | ".join(f"{float(cell):.1%}" for cell in cells) + " |"


def table(truth: np.ndarray, read_as: Mapping[str, Scores]) -> str:
    lines = [
        f"| sequence, reading | any of the three as surprise | {' | '.join(WATCHED)} | surprise, right | UAR (7) |",
        "|" + "---|" * (len(WATCHED) + 4),
    ]
    for manner, scores in read_as.items():
        lines.append(row(f"{manner}: one frame", truth, scores.one))
        lines.append(row(f"{manner}: mean of five", truth, scores.frames.mean(1)))
        lines.append(row(f"{manner}: **with the rule**", truth, scores.ruled()))
    return "\n".join(lines)


def ramps(truth: np.ndarray, read_as: Mapping[str, Scores]) -> str:
    """The UAR of each candidate ramp and manner."""
    lines = ["| still up to, speaks from | " + " | ".join(read_as) + " | mean UAR |", "|" + "---|" * (len(read_as) + 2)]
    for ramp in RAMPS:
        uars = [metrics.uar(truth, scores.ruled(ramp).argmax(1), 7) for scores in read_as.values()]
        cells = " | ".join(f"{uar:.1%}" for uar in uars)
        lines.append(f"| {ramp[0]:g}, {ramp[1]:g} | {cells} | {np.mean(uars):.2%} |")
    return "\n".join(lines)


def whole_path(recogniser: Recogniser, rng: np.random.Generator, count: int = 40) -> str:
    """The app's whole path, with the detector: the sample face speaks and is read so many times."""
    picture = image.load(SAMPLE)
    scale = min(1.0, 480 / min(picture.shape[:2]))
    picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    (left, right) = recogniser.finder.find(picture)[0].points[3:5]
    mouth = Mouth(*((left + right) / 2), width=float(np.hypot(*(right - left))))
    labels: dict[str, list[str]] = {"one frame": [], "with the rule": []}
    movements = []
    for _ in range(count):
        said = speaking_faces.speech(rng, "lively")
        frames = [
            speaking_faces.opened(picture, mouth, opening, stretch, said.shows_teeth)
            for opening, stretch in zip(said.openings, said.stretches, strict=True)
        ]
        answers = recogniser.read_frames(frames)
        found = face_frames.combine(answers, recogniser.margin)
        alone = recogniser.read([frames[rng.integers(FRAMES)]])[0]
        for way, answer in (("one frame", alone), ("with the rule", found)):
            labels[way].append(answer.label if isinstance(answer, FaceReading) else answer.code)
        if isinstance(found, FaceReading):
            movements.append(found.quality["mouth_movement"])
    still = recogniser.read([picture])[0]
    assert isinstance(still, FaceReading)
    counts = "; ".join(
        f"{way}: " + ", ".join(f"{label} {found.count(label)}" for label in dict.fromkeys(found))
        for way, found in labels.items()
    )
    return (
        f"The sample face ({still.label}), {count} lively sequences through the detector: {counts}; "
        f"movement of the mouth {np.min(movements):.2f} to {np.max(movements):.2f}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help=FERPLUS_HELP)
    parser.add_argument("--faces", type=int, default=150, help="how many faces of each mood, at most")
    parser.add_argument("--split", choices=["valid", "test"], nargs="+", default=["valid", "test"])
    options = parser.parse_args(arguments)
    recogniser, faces = load(), corpora.read_ferplus(options.data)
    for split in options.split:
        rng = np.random.default_rng(0)
        chosen, mouths = chosen_faces(faces.part(split), options.faces, rng, recogniser.finder)
        read_as = {manner: read(recogniser, crops, rng) for manner, crops in sequences(chosen, mouths, rng).items()}
        counts = ", ".join(f"{mood} {int((chosen.majority == place).sum())}" for place, mood in enumerate(EMOTIONS))
        print(f"{split}: {len(chosen)} faces ({counts})\n")
        print((ramps if split == "valid" else table)(chosen.majority, read_as), "\n", flush=True)
    print(whole_path(recogniser, np.random.default_rng(0)))


if __name__ == "__main__":
    main()
