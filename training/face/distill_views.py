"""Makes variations of every training face with the teachers' scores of each: training data for `--views`.

    python -m training.face.distill_views --data ferplus=DATA --teachers T/sface.safetensors --count 24 --out VIEWS
    python -m training.cli face --model vgg16 --data ferplus=DATA --views VIEWS --out T/vgg16.safetensors

The teachers' scores of the unchanged face would be a wrong target for a dark or tilted variation of it. Here teachers
and network get the same picture (Beyer et al. 2022, "A good teacher is patient and consistent"). The views
are made once for all networks.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from fer.features import to_tensor
from fer.model import FaceMember
from inference import calibration
from inference.weights import WeightsError
from training.data_checks import check_data
from training.datasets.layouts import LayoutError
from training.face import augment, custom
from training.face.corpora import Faces, Views
from training.face.teacher import load_trained
from training.face.train import BATCH, logits_of
from training.progress import TimeEstimate
from training.trainers import read_datasets


@dataclass(frozen=True)
class Teacher:
    """A trained network, calibrated on faces that it was not trained on."""

    member: FaceMember
    temperature: float

    @classmethod
    def load(cls, file: Path, held: Faces, device: str) -> Teacher:
        member = load_trained(file).to(device)
        logits = logits_of(member, held.pixels, member.size)
        return cls(member, calibration.fit_temperature(logits, held.targets()))

    def scores(self, pixels: np.ndarray) -> np.ndarray:
        return calibration.softmax(logits_of(self.member, pixels, self.member.size), self.temperature)


def make_views(
    folder: Path, pixels: np.ndarray, teachers: Sequence[Teacher], count: int, device: str, seed: int = 0
) -> Views:
    """`count` variations of these faces, written to `folder`; the pixels last, so that a stop leaves no half folder."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / "pixels.part"
    views = np.lib.format.open_memmap(unfinished, "w+", np.uint8, (count, *pixels.shape))
    scores = np.zeros((count, len(pixels), 8), np.float32)
    estimate = TimeEstimate(count, lambda line: print(line, flush=True))
    for view in range(count):
        for start in range(0, len(pixels), BATCH[device]):
            faces = to_tensor(pixels[start : start + BATCH[device]]).to(device)
            varied = augment.vary(faces, (seed * 1_009 + view) * 1_000_003 + start)
            views[view, start : start + BATCH[device]] = (varied[:, 0] * 255).round().to(torch.uint8).cpu().numpy()
        # Of the rounded pixels, which the network will be trained on.
        scores[view] = np.mean([teacher.scores(views[view]) for teacher in teachers], axis=0)
        estimate.step()
    np.save(folder / "scores.npy", scores)
    views.flush()
    unfinished.replace(folder / "pixels.npy")
    return Views.load(folder)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", metavar="NAME=PATH", required=True, help="as for training.cli face")
    parser.add_argument("--teachers", type=Path, nargs="+", required=True, help="weights by training.cli face")
    parser.add_argument("--out", type=Path, required=True, help="folder for the views")
    parser.add_argument("--count", type=int, default=24, help="variations of each face; a training uses one an epoch")
    parser.add_argument("--fold", default="speakers:1/5", help="as for training.cli face")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        data = check_data(read_datasets(options.data, custom.LAYOUTS))
        faces, *_ = custom.prepare(data, options.fold, options.out, print)
        teachers = [Teacher.load(file, faces.part("valid"), options.device) for file in options.teachers]
    except (LayoutError, WeightsError) as error:
        print(error, file=sys.stderr)
        return 2
    pixels = faces.part("train").pixels
    make_views(options.out, pixels, teachers, options.count, options.device, options.seed)
    print(f"{options.count} views of {len(pixels)} faces in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
