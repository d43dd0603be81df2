"""Fits the novelty file: how a clip's distance from the training softens its scores.

    python -m training.voice.fit_novelty --data DATA --cache DIR [--out assets/weights/ser] [--look]

It uses two kinds of left-out people: every sixth speaker of the known corpora (`mixed:1` … `mixed:6`), and whole
corpora (`corpus:…`). The figures of a corpus are fitted without it, the growth of the temperature included.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from emotions import EMOTIONS
from inference import metrics
from inference.calibration import fit_temperature, is_sure, negative_log_likelihood, softmax
from inference.weights import WeightsError
from ser import members, novelty
from ser.model import Committee, StatisticsHead
from ser.novelty import Novelty
from ser.predict import WEIGHTS
from training.voice import teacher
from training.voice.cache import AugmentedCopy
from training.voice.corpora import DATA_HELP
from training.voice.evaluate import CORPORA, committee_predictions
from training.voice.folds import MIXED
from training.voice.train import committee
from training.voice.training_data import TrainingData

DIRECTIONS = 64
CLIPS_OF_A_COPY = 900
"""Clips of each copy, drawn at random, to find the directions from."""
USUAL, STRANGE = 0.5, 0.05
"""Quantiles: half of the clips of new people in known recordings count as usual, all but a twentieth of those in
unknown recordings as fully novel. Later limits, up to .9 and .5, were no better (ser/MODEL_CARD.md)."""
GROWTHS = np.linspace(0, 2.5, 51)


@dataclass(frozen=True)
class LeftOutClips:
    """Clips of people left out of a training: the scores and the novelty of each."""

    truth: np.ndarray
    logs: np.ndarray
    far: np.ndarray
    weights: np.ndarray
    """They make every corpus count alike."""


def standard(committee: nn.Module, copy: AugmentedCopy, clips: np.ndarray) -> np.ndarray:
    """(clips, features), standardised as the first head does it."""
    head = committee.heads[0] if isinstance(committee, Committee) else committee
    if not isinstance(head, StatisticsHead):
        raise WeightsError("The novelty is measured on the statistics of a transformer; these weights have none.")
    with torch.inference_mode():
        return head.standardised(teacher.head_input(copy)[torch.from_numpy(clips)]).numpy()


def training_directions(data: TrainingData, heads: nn.Module, train: np.ndarray) -> Novelty:
    """Where the training clips lie; limits and growth are still to be fitted."""
    rng = np.random.default_rng(0)
    features = np.concatenate([standard(heads, copy, rng.permutation(train)[:CLIPS_OF_A_COPY]) for copy in data.copies])
    middle = features.mean(0)
    torch.manual_seed(0)
    _, _, directions = torch.svd_lowrank(torch.from_numpy(features - middle), q=DIRECTIONS + 16, niter=4)
    return Novelty(middle, directions[:, :DIRECTIONS].T.contiguous().numpy(), 0.0, 1.0, 0.0)


def left_out_clips(data: TrainingData, fold: str) -> LeftOutClips:
    """The clips of a fold's left-out people, with the committee and the directions of that fold."""
    train, test = data.train_and_test(fold)
    heads = committee(data, fold)
    truth, logs = committee_predictions(data, fold).in_seven()
    with_mood = np.array([index for index in test if data.clips[index].mood])
    far = training_directions(data, heads, train).distance(standard(heads, data.copies[0], with_mood))
    corpora = np.array([data.clips[index].corpus for index in with_mood])
    _, member, counts = np.unique(corpora, return_inverse=True, return_counts=True)
    return LeftOutClips(truth, logs, far, 1.0 / counts[member])


def fit(known: Sequence[LeftOutClips], unknown: Sequence[LeftOutClips], found: Novelty) -> tuple[Novelty, float]:
    """Limits by quantiles, growth by the likelihood of unknown recordings; and the temperature of known ones then."""
    everyone = [_joined(known), *unknown]
    usual = float(np.quantile(everyone[0].far, USUAL))
    strange = max(float(np.mean([np.quantile(one.far, STRANGE) for one in unknown])), usual + 0.05)
    found = replace(found, usual=usual, strange=strange)

    def loss(growth: float) -> tuple[float, float]:
        mine = replace(found, growth=growth)
        temperature = fit_temperature(soft(everyone[0], mine), everyone[0].truth, everyone[0].weights)
        return float(np.mean([_loss(one, mine, temperature) for one in everyone[1:]])), temperature

    growth = min(GROWTHS, key=lambda growth: loss(growth)[0])
    return replace(found, growth=float(growth)), loss(growth)[1]


def soft(people: LeftOutClips, found: Novelty) -> np.ndarray:
    return people.logs / found.temperature_factor(people.far)[:, None]


def _loss(people: LeftOutClips, found: Novelty, temperature: float) -> float:
    return negative_log_likelihood(soft(people, found), people.truth, temperature, people.weights)


def _joined(people: Sequence[LeftOutClips]) -> LeftOutClips:
    return LeftOutClips(
        *(np.concatenate([getattr(one, name) for one in people]) for name in LeftOutClips.__annotations__)
    )


def row(name: str, people: LeftOutClips, found: Novelty, temperature: float, margin: float) -> str:
    scores = softmax(soft(people, found), temperature)
    sure, right = is_sure(scores, margin), scores.argmax(1) == people.truth
    rights = [f"{right[part].mean():.0%}" if part.any() else "–" for part in (sure, ~sure)]
    return (
        f"| {name} | {np.median(people.far):.2f} | {right.mean():.1%} | {scores.max(1).mean():.1%} "
        f"| {metrics.ece(people.truth, scores):.1%} | {sure.mean():.0%} | {rights[0]} | {rights[1]} |"
    )


def report(known: Sequence[LeftOutClips], unknown: dict[str, LeftOutClips], found: Novelty, margin: float) -> str:
    """A table with and without the softening; each corpus with parameters fitted on the others."""
    plain = replace(found, growth=0.0)
    lines = [
        "| left-out people | median novelty | accuracy | mean top score | ECE | sure | right when sure | when not |",
        "|---" * 8 + "|",
    ]
    everyone = _joined(known)
    fitted, temperature = fit(known, list(unknown.values()), found)
    alone = fit_temperature(everyone.logs, everyone.truth, everyone.weights)
    lines.append(row("of known corpora, temperature alone", everyone, plain, alone, margin))
    lines.append(row("of known corpora", everyone, fitted, temperature, margin))
    for name, people in unknown.items():
        others = [one for other, one in unknown.items() if other != name]
        without, temperature = fit(known, others, found)
        lines.append(row(f"{name}, never trained on, temperature alone", people, plain, alone, margin))
        lines.append(row(f"{name}, never trained on", people, without, temperature, margin))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True, help="folder made by `python -m training.voice.cache`")
    parser.add_argument("--data", type=Path, required=True, help=DATA_HELP)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder of the shipped weights")
    parser.add_argument("--look", action="store_true", help="report only; write nothing")
    options = parser.parse_args()
    data = TrainingData(options.cache, options.data)
    shipped = members.load(options.out / "whisper_base.safetensors")
    found = training_directions(data, shipped.model.head, data.train_and_test(shipped.meta["left_out"])[0])
    known = [left_out_clips(data, f"mixed:{number + 1}") for number in range(MIXED)]
    unknown = {corpus: left_out_clips(data, f"corpus:{corpus}") for corpus in CORPORA}
    print(report(known, unknown, found, float(shipped.meta["margin"])))
    found, temperature = fit(known, list(unknown.values()), found)
    everyone = _joined(known)
    found = replace(found, ease=temperature / fit_temperature(everyone.logs, everyone.truth, everyone.weights))
    print("\n" + ", ".join(f"{name} {getattr(found, name):.3f}" for name in novelty.NUMBERS))
    if not options.look:
        facts = members.describe("strangeness", "strangeness", shipped.meta["left_out"], moods=list(EMOTIONS))
        novelty.save(found, options.out / novelty.FILE, facts)


if __name__ == "__main__":
    main()
