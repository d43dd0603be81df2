"""Looks at every training face, each varied in its own way, with what the teachers see in that very look.

    python -m training.face.distill_views --runs RUNS --teachers RUNS/sface RUNS/sface-1 --count 24
    python -m training.face.train vgg16 --runs RUNS --views RUNS/views

A pupil that is told what the teachers see in the untouched face learns a wrong answer for the dark, tilted, half hidden
one before it. Here both look at the same picture (Beyer et al. 2022, "A good teacher is patient and consistent"), and
the looks are made once for all four pupils: with each the teachers are asked a single time.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from fer.features import to_tensor
from fer.model import Member
from inference import calibration
from training.face import augment, corpora
from training.face.corpora import DATA, Faces, Views
from training.face.train import BATCH, logits_of, trained_member
from training.pace import Pace


@dataclass(frozen=True)
class Teacher:
    """A trained member, as sure as it was right about faces it had not learned from."""

    member: Member
    temperature: float

    @classmethod
    def of(cls, folder: Path, held: Faces, device: str) -> Teacher:
        member = trained_member(folder).to(device)
        logits = logits_of(member, held.pixels, member.size)
        return cls(member, calibration.fit_temperature(logits, held.targets()))

    def scores(self, pixels: np.ndarray) -> np.ndarray:
        return calibration.softmax(logits_of(self.member, pixels, self.member.size), self.temperature)


def make(
    folder: Path, pixels: np.ndarray, teachers: Sequence[Teacher], count: int, device: str, seed: int = 0
) -> Views:
    """`count` looks at these faces, written to `folder`; the pixels last, so that a folder with them is a whole one."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / "pixels.part"
    looks = np.lib.format.open_memmap(unfinished, "w+", np.uint8, (count, *pixels.shape))
    scores, pace = np.zeros((count, len(pixels), 8), np.float32), Pace(count, lambda line: print(line, flush=True))
    for look in range(count):
        for start in range(0, len(pixels), BATCH[device]):
            faces = to_tensor(pixels[start : start + BATCH[device]]).to(device)
            varied = augment.vary(faces, (seed * 1_009 + look) * 1_000_003 + start)
            looks[look, start : start + BATCH[device]] = (varied[:, 0] * 255).round().to(torch.uint8).cpu().numpy()
        # Of what was kept, not of what was meant: the teachers see the rounded pixels that the pupils will.
        scores[look] = np.mean([teacher.scores(looks[look]) for teacher in teachers], axis=0)
        pace.step()
    np.save(folder / "scores.npy", scores)
    looks.flush()
    unfinished.replace(folder / "pixels.npy")
    return Views.load(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=Path, required=True, help="folder of decoded faces; RUNS/views is written")
    parser.add_argument("--teachers", type=Path, nargs="+", required=True, help="folders of finished trainings")
    parser.add_argument("--count", type=int, default=24, help="looks at each face; a training uses one an epoch")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    faces = corpora.read_ferplus(options.data, options.runs)
    held = faces.part("valid")
    teachers = [Teacher.of(folder, held, options.device) for folder in options.teachers]
    views = make(
        options.runs / "views", faces.part("train").pixels, teachers, options.count, options.device, options.seed
    )
    print(f"{len(views)} looks at {views.scores.shape[1]} faces in {options.runs / 'views'}")


if __name__ == "__main__":
    main()
