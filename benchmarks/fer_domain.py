"""How the ensemble fares on pictures unlike those it learned from: held-out faces as other cameras would show them.

    python -m benchmarks.fer_domain [--split valid] [--faces 1000] [--through-the-app]

Every held-out face is degraded (light, blur, noise, distance, JPEG, tilt, a colour cast), or enlarged and coloured to
what a webcam gives (100 to 640 pixels of face); then read as a crop. `--through-the-app` puts enlarged faces into a
1280×720 photograph instead, with the whole path from the file on: decoding, detection, alignment, quality gate.
The figures of the test split belong into the model card; anything that is chosen is chosen on valid.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from fer import predict
from fer.features import squeeze
from fer.labels import seven_of
from fer.predict import WEIGHTS, Recogniser, Seen
from inference import metrics
from training.face import corpora
from training.face.corpora import Faces
from training.face.evaluate import logits_of

Change = Callable[[np.ndarray, np.random.Generator], np.ndarray]
SKIN = ((255, 224, 196), (222, 171, 127), (164, 110, 77), (92, 58, 42))
"""RGB of the lightest, two middle and a dark tone: grey values are tinted between black, tone and white."""


def coloured(face: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Grey → RGB in a random skin tone, under a random warm or cold light."""
    tone = np.array(SKIN[rng.integers(len(SKIN))], np.float32)
    grey = face.astype(np.float32)[..., None] / 255
    tinted = np.where(grey < 0.5, 2 * grey * tone, tone + (2 * grey - 1) * (255 - tone))
    cast = 1 + rng.uniform(-0.12, 0.12) * np.array([1, 0, -1], np.float32)
    return np.clip(tinted * cast, 0, 255).astype(np.uint8)


def enlarged(face: np.ndarray, side: int) -> np.ndarray:
    return cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC)


def through_jpeg(face: np.ndarray, quality: int) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(face).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def webcam(face: np.ndarray, rng: np.random.Generator, side: int) -> np.ndarray:
    """Enlarged, coloured, a little soft, noisy as in the evening, compressed."""
    large = enlarged(face, side).astype(np.float32)
    large = cv2.GaussianBlur(large, (0, 0), 0.3 + side / 200 * rng.uniform(0.2, 1))
    slope = np.linspace(1 - rng.uniform(0, 0.4), 1, side, dtype=np.float32)
    noisy = large * slope + rng.normal(0, rng.uniform(2, 10), large.shape)
    return through_jpeg(coloured(np.clip(noisy, 0, 255).astype(np.uint8), rng), 75)


def tilted(face: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    turn = cv2.getRotationMatrix2D((23.5, 23.5), rng.choice([-12, 12]), 1)
    return cv2.warpAffine(face, turn, (48, 48), borderMode=cv2.BORDER_REPLICATE)


def _clipped(face: np.ndarray) -> np.ndarray:
    return np.clip(face, 0, 255).astype(np.uint8)


CHANGES: dict[str, Change] = {
    "as it is": lambda face, rng: face,
    "dark (a sixth of the light)": lambda face, rng: face // 6,
    "glare (overexposed)": lambda face, rng: _clipped(face.astype(float) * 1.8),
    "light from one side": lambda face, rng: _clipped(face * np.linspace(0.25, 1.2, 48)[None]),
    "blurred (1.5 px of 48)": lambda face, rng: cv2.GaussianBlur(face, (0, 0), 1.5),
    "noise (σ 20 of 255)": lambda face, rng: _clipped(face + rng.normal(0, 20, face.shape)),
    "far away (24 pixels)": lambda face, rng: enlarged(cv2.resize(face, (24, 24), interpolation=cv2.INTER_AREA), 48),
    "tilted by 12°": tilted,
    "JPEG quality 20": lambda face, rng: through_jpeg(face, 20),
    "coloured": coloured,
    "webcam, 100 px": lambda face, rng: webcam(face, rng, 100),
    "webcam, 200 px": lambda face, rng: webcam(face, rng, 200),
    "webcam, 400 px": lambda face, rng: webcam(face, rng, 400),
    "webcam, 640 px": lambda face, rng: webcam(face, rng, 640),
}


def row(name: str, scores: np.ndarray, truth: np.ndarray) -> str:
    among = truth < 7
    accuracy, ece = metrics.accuracy(truth, scores.argmax(1)), metrics.ece(truth, scores)
    uar = metrics.uar(truth[among], scores[among, :7].argmax(1), 7)
    return f"| {name} | {accuracy:.1%} | {uar:.1%} | {ece:.1%} |"


def as_crops(recogniser: Recogniser, faces: Faces) -> None:
    print("| the face | accuracy (8) | UAR (7) | ECE |\n|---|---|---|---|")
    for name, change in CHANGES.items():
        rng = np.random.default_rng(0)
        changed = np.stack([squeeze(change(np.array(face), rng)) for face in faces.pixels])
        print(row(name, recogniser.mix.scores(logits_of(recogniser, changed)), faces.majority), flush=True)


def photograph(face: np.ndarray, rng: np.random.Generator, side: int) -> np.ndarray:
    """1280×720: the face somewhere in a blurred room."""
    room = cv2.resize(rng.integers(60, 200, (9, 16, 3)).astype(np.uint8), (1280, 720), interpolation=cv2.INTER_CUBIC)
    left, top = int(rng.integers(0, 1280 - side)), int(rng.integers(0, 720 - side))
    room[top : top + side, left : left + side] = webcam(face, rng, side)
    return room


def through_the_app(recogniser: Recogniser, faces: Faces) -> None:
    """Accuracy among the pictures that were read, beside the same faces as plain crops; and how many were."""
    print(
        "| face in a 720p photograph | read | accuracy (7) | the same faces as crops | refused |\n|---|---|---|---|---|"
    )
    truth = faces.majority
    plain = seven_of(recogniser.mix.scores(logits_of(recogniser, faces.pixels))).argmax(1)
    for side in (100, 200, 400, 640):
        rng = np.random.default_rng(0)
        answers = [recogniser.see([photograph(np.array(face), rng, side)])[0] for face in faces.pixels]
        read = np.array([isinstance(answer, Seen) for answer in answers])
        labels = [predict.EMOTIONS.index(answer.reading.label) for answer in answers if isinstance(answer, Seen)]
        codes = [answer.code for answer in answers if not isinstance(answer, Seen)]
        reasons = ", ".join(f"{code} {codes.count(code)}" for code in sorted(set(codes)))
        right, beside = np.mean(truth[read] == labels), np.mean(truth[read] == plain[read])
        print(f"| {side} px | {read.mean():.1%} | {right:.1%} | {beside:.1%} | {reasons} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--split", choices=["valid", "test"], default="valid")
    parser.add_argument("--faces", type=int, default=1000)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--through-the-app", action="store_true")
    options = parser.parse_args()
    faces = corpora.read_ferplus(options.data).part(options.split)
    faces = faces.take(np.random.default_rng(0).permutation(len(faces))[: options.faces])
    recogniser = predict.load(options.weights)
    if options.through_the_app:
        through_the_app(recogniser, faces.take(faces.majority < 7))
    else:
        as_crops(recogniser, faces)


if __name__ == "__main__":
    main()
