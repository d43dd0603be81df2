"""Compares image networks on the same fold in one table.

python -m training.voice.compare convnext_atto resnet18 --fold mixed:2 --steps 300 --data DATA --cache DIR
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
from training.voice.corpora import DATA_HELP
from training.voice.student import TrainedMelNet, VoiceHyperparameters
from training.voice.train import train_fold_student
from training.voice.training_data import COPIES, TrainingData


@dataclass(frozen=True)
class ComparisonRow:
    """Figures of one network on left-out speakers."""

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


def compare(data: TrainingData, fold: str, settings: VoiceHyperparameters, teach: bool) -> ComparisonRow:
    trained = train_fold_student(data, fold, settings, teach=teach)
    _, test = data.train_and_test(fold)
    test = np.array([index for index in test if data.clips[index].mood])
    truth = np.array([EMOTIONS.index(data.clips[index].mood) for index in test])
    guess = log_seven(student.predict_logits(trained, data.images[0], test, bf16=settings.bf16)).argmax(1)
    classes = len(EMOTIONS)
    return ComparisonRow(
        settings.model,
        metrics.macro_f1(truth, guess, classes),
        float(np.nanmean(metrics.precision(truth, guess, classes))),
        metrics.uar(truth, guess, classes),
        sum(parameter.numel() for parameter in trained.model.parameters()),
        milliseconds(trained),
    )


@torch.inference_mode()
def milliseconds(trained: TrainedMelNet, rounds: int = 10) -> float:
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
    parser.add_argument("--data", type=Path, required=True, help=DATA_HELP)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--batch", type=int, default=VoiceHyperparameters.batch)
    parser.add_argument("--copies", type=int, default=COPIES - 1, help="variations of each clip to use")
    parser.add_argument("--pretrained", action="store_true")
    parser.add_argument("--teach", action="store_true")
    options = parser.parse_args()
    data = TrainingData(options.cache, options.data, 1 + options.copies)
    print(HEAD, flush=True)
    for model in options.models:
        settings = VoiceHyperparameters(model, options.steps, options.batch, pretrained=options.pretrained)
        print(compare(data, options.fold, settings, options.teach), flush=True)


if __name__ == "__main__":
    main()
