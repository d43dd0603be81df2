"""Where FER2013's faces have their eyes and mouths: the medians behind `fer.features.Framing` and `LARGER`.

python -m benchmarks.fer_framing [--data DIR] [--faces 3000]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from fer.faces import Finder
from fer.features import FRAMING
from training.face import corpora


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--faces", type=int, default=3000)
    options = parser.parse_args()
    train = corpora.read_ferplus(options.data).part("train").pixels
    chosen = np.random.default_rng(0).choice(len(train), options.faces, replace=False)
    finder, side, found = Finder(), 192, []
    for index in chosen:
        large = cv2.resize(train[index], (side, side), interpolation=cv2.INTER_CUBIC)
        faces = finder.find(cv2.cvtColor(large, cv2.COLOR_GRAY2RGB))
        if faces:
            found.append(faces[0].points / side)
    points = np.array(found)
    eyes, mouth = points[:, :2].mean(1), points[:, 3:].mean(1)
    distance, height = np.linalg.norm(points[:, 1] - points[:, 0], axis=1), np.linalg.norm(mouth - eyes, axis=1)
    measured = {
        "eyes_x": eyes[:, 0],
        "eyes_y": eyes[:, 1],
        "eye_distance": distance,
        "eyes_to_mouth": height,
        "the larger of the two beside its median": np.maximum(
            distance / FRAMING.eye_distance, height / FRAMING.eyes_to_mouth
        ),
    }
    print(f"{len(found)} of {options.faces} training faces found")
    for name, values in measured.items():
        low, middle, high = np.percentile(values, [10, 50, 90])
        print(f"{name}: median {middle:.3f} (80 % between {low:.3f} and {high:.3f})")


if __name__ == "__main__":
    main()
