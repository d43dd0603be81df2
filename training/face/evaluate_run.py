"""Measures weights of your own, as they were written, on the people left out of the training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from fer.ensemble import Mix
from fer.labels import seven_of
from inference import calibration, measured, metrics
from inference.weights import read_meta
from training.face.corpora import Faces
from training.face.evaluate import per_class
from training.face.teacher import load_trained
from training.face.train import logits_of


def measure(file: Path, test: Faces, people: Sequence[str] | None) -> str:
    """Writes the figures beside the weights and returns them as text; `people` names the person of each face."""
    member, meta = load_trained(file), read_meta(file)
    mix = Mix.from_dict(meta["mix"])
    scores = mix.scores({member.name: logits_of(member, test.pixels, member.size, True)})
    among = test.majority < len(EMOTIONS)
    seven, truth = seven_of(scores[among]), test.majority[among]
    owners = np.array(people)[among].tolist() if people else None
    eight = f"{len(test)} faces, eight classes: accuracy {metrics.accuracy(test.majority, scores.argmax(1)):.1%}"
    if not len(truth):
        return eight
    found = measured.of(
        "left_out_faces",
        f"{meta['name']} {meta['version']}",
        "python -m training.cli face",
        truth,
        seven,
        EMOTIONS,
        groups=owners,
        sure=calibration.is_sure(seven, float(meta["margin"])),
    )
    measured.write(file, [found])
    of = f"faces of {found.groups} people" if owners else "faces of unknown people"
    table = per_class(truth, seven, EMOTIONS).replace("nan%", "–")
    return "\n".join(
        [
            eight,
            f"the diary's seven ({len(truth)} {of}): UAR {found.uar}, macro-F1 {found.macro_f1} "
            f"(95 % by {'person' if owners else 'face'}), ECE {found.ece:.1%}",
            "",
            table,
        ]
    )
