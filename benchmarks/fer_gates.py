"""Whether the quality gate refuses where reading becomes guessing: accuracy of smaller, darker, flatter, softer faces.

    python -m benchmarks.fer_gates [--split valid] [--faces 600]

Every held-out face is spoiled in steps, by one thing at a time; a sensor's noise is added after the light was taken
away, as in a real evening. Each row says what the gate measured (median), how many faces it would have refused, and
how often all of them are read rightly if nobody refuses. Thresholds (`fer.quality`) are looked at on valid.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from fer import predict, quality
from fer.features import FRAMING
from fer.predict import WEIGHTS, Recogniser
from fer.quality import Quality
from inference import metrics
from reading import Refusal
from training.face import corpora
from training.face.corpora import Faces
from training.face.evaluate import logits_of

Spoil = Callable[[np.ndarray, float, np.random.Generator], np.ndarray]
SENSOR = 2.0
"""Spread of the noise that no darkness takes away, of 255."""


def smaller(face: np.ndarray, side: float, rng: np.random.Generator) -> np.ndarray:
    small = cv2.resize(face, (int(side), int(side)), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, face.shape, interpolation=cv2.INTER_CUBIC)


def darker(face: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    return _whole(face * share + rng.normal(0, SENSOR, face.shape))


def flatter(face: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    return _whole(face.mean() + (face - face.mean()) * share + rng.normal(0, SENSOR, face.shape))


def softer(face: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    return cv2.GaussianBlur(face, (0, 0), sigma) if sigma else face


def _whole(values: np.ndarray) -> np.ndarray:
    return np.clip(np.round(values), 0, 255).astype(np.uint8)


WAYS: dict[str, tuple[str, Spoil, tuple[float, ...]]] = {
    "pixels of the face": ("eye_pixels", smaller, (48, 36, 28, 24, 20, 16, 12, 8)),
    "share of the light": ("brightness", darker, (1, 0.3, 0.15, 0.1, 0.07, 0.05, 0.03)),
    "share of the contrast": ("contrast", flatter, (1, 0.3, 0.15, 0.1, 0.07, 0.05, 0.03)),
    "blur, pixels of 48": ("sharpness", softer, (0, 1, 1.5, 2, 2.5, 3, 4)),
}
"""What is done, what of the gate measures it, and the steps."""


def refused(measured: Quality) -> bool:
    try:
        quality.check(measured)
    except Refusal:
        return True
    return False


def table(recogniser: Recogniser, faces: Faces) -> str:
    lines = ["| | step | measured | refused | accuracy (8) | ECE |", "|---|---|---|---|---|---|"]
    for way, (fact, spoil, steps) in WAYS.items():
        for step in steps:
            rng = np.random.default_rng(0)
            spoiled = np.stack([spoil(np.array(face), step, rng) for face in faces.pixels])
            measured = [_measure(face, step if spoil is smaller else None) for face in spoiled]
            scores = recogniser.mix.scores(logits_of(recogniser, spoiled))
            lines.append(
                f"| {way} | {step:g} | {np.median([getattr(one, fact) for one in measured]):.3g} "
                f"| {np.mean([refused(one) for one in measured]):.0%} "
                f"| {metrics.accuracy(faces.majority, scores.argmax(1)):.1%} "
                f"| {metrics.ece(faces.majority, scores):.1%} |"
            )
    return "\n".join(lines)


def _measure(face: np.ndarray, side: float | None) -> Quality:
    """As the app would; of how many pixels a face came is known to the detector, not to the crop."""
    return replace(quality.measure_crop(face), eye_pixels=FRAMING.eye_distance * (side or face.shape[1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--split", choices=["valid", "test"], default="valid")
    parser.add_argument("--faces", type=int, default=600)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    faces = corpora.read_ferplus(options.data).part(options.split)
    faces = faces.take(np.random.default_rng(0).permutation(len(faces))[: options.faces])
    print(table(predict.load(options.weights), faces))


if __name__ == "__main__":
    main()
