"""Several image networks on the same fold, in one table.

python -m training.voice.compare convnext_atto resnet18 efficientnet_b0 --fold mixed:2 --steps 300 --cache DIR
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from emotions import EMOTIONS
from inference import metrics
from ser.members import log_seven
from training.voice import student
from training.voice.corpora import DATA
from training.voice.student import Lesson, Trained
from training.voice.train import COPIES, Room, taught_student


@dataclass(frozen=True)
class Row:
    """One network, on speakers it has not heard."""

    model: str
    f1: float
    precision: float
    recall: float
    parameters: int
    milliseconds: float

    def __str__(self) -> str:
        return (
            f"| {self.model} | {self.f1:.1%} | {self.precision:.1%} | {self.recall:.1%} | "
            f"{self.parameters / 1e6:.1f} M | {self.milliseconds:.1f} |"
        )


HEAD = (
    "| model | macro-F1 | macro precision | macro recall (UAR) | parameters | ms a 3 s clip |\n"
    "|---|---|---|---|---|---|"
)


def compare(room: Room, fold: str, lesson: Lesson, teach: bool) -> Row:
    trained = taught_student(room, fold, lesson, teach=teach)
    _, test = room.train_and_test(fold)
    test = np.array([index for index in test if room.clips[index].mood])
    truth = np.array([EMOTIONS.index(room.clips[index].mood) for index in test])
    guess = log_seven(student.judge(trained, room.images[0], test, bf16=lesson.bf16)).argmax(1)
    classes = len(EMOTIONS)
    return Row(
        lesson.model,
        metrics.macro_f1(truth, guess, classes),
        float(np.nanmean(metrics.precision(truth, guess, classes))),
        metrics.uar(truth, guess, classes),
        sum(parameter.numel() for parameter in trained.model.parameters()),
        milliseconds(trained),
    )


@torch.inference_mode()
def milliseconds(trained: Trained, rounds: int = 10) -> float:
    """Median time of the network alone on one image of 3 s."""
    image = torch.zeros(1, 1, trained.mean.size, 150).contiguous(memory_format=torch.channels_last)
    times = []
    for _ in range(rounds + 2):
        start = time.perf_counter()
        trained.model(image)
        times.append(time.perf_counter() - start)
    return 1000 * float(np.median(times[2:]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--fold", default="mixed:2")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--batch", type=int, default=Lesson.batch)
    parser.add_argument("--copies", type=int, default=COPIES - 1, help="variations of each clip to use")
    parser.add_argument("--pretrained", action="store_true")
    parser.add_argument("--teach", action="store_true")
    options = parser.parse_args()
    room = Room(options.cache, options.data, 1 + options.copies)
    print(HEAD, flush=True)
    for model in options.models:
        lesson = Lesson(model, options.steps, options.batch, pretrained=options.pretrained)
        print(compare(room, options.fold, lesson, options.teach), flush=True)


if __name__ == "__main__":
    main()
