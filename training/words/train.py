"""Trains the model of written emotion: `python -m training.words.train --data DIR [--out FILE] [--calibrate]`.

It trains on English comments, their Korean translation, Korean comments and generated diary sentences together. Each
source has its own offset for each mood, because the moods are not equally frequent in them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR

from emotions import EMOTIONS
from inference.model_card import write_checksum
from training.words import corpora
from training.words.calibrate import calibrate_on_dev
from training.words.lines import SOURCES, Lines, batch_of, choose_vocabulary, concatenate, matrix, pieces_of
from training.words.practice import practice
from words import model
from words.model import Bag, Vocabulary, WordsModel

VERSION = "1.1.0"


@dataclass(frozen=True)
class TrainingSettings:
    """The settings chosen on the dev splits."""

    pieces: int = 150_000
    least: int = 3
    """Fewest lines that a piece must occur in."""
    width: int = 24
    hidden: int = 64
    dropout: float = 0.4
    """Share of a line's pieces that are left out in each step."""
    epochs: int = 2
    batch: int = 256
    rate: float = 4e-3
    weights: dict[str, float] = field(default_factory=lambda: {"en": 1.0, "ko": 1.0, "kote": 3.0, "practice": 1.0})
    practice: int = 12_000
    """Generated diary sentences."""
    sure: float = 0.75
    """Accuracy of the sure readings on the dev comments."""
    seed: int = 0


def fit(lines: Lines, settings: TrainingSettings, logdir: Path | None = None) -> tuple[Bag, Vocabulary, np.ndarray]:
    """The bag, its vocabulary, and the offsets of each source."""
    torch.manual_seed(settings.seed)
    rng = np.random.default_rng(settings.seed)
    vocabulary = choose_vocabulary(lines, settings.pieces, settings.least)
    weighed = matrix(vocabulary, lines)
    bag = Bag(len(vocabulary), settings.width, settings.hidden)
    offsets = nn.Parameter(torch.zeros(len(SOURCES), len(EMOTIONS)))
    others = [*(parameter for name, parameter in bag.named_parameters() if name != "pieces.weight"), offsets]
    optimisers = [
        torch.optim.SparseAdam([bag.pieces.weight], settings.rate),
        torch.optim.AdamW(others, settings.rate / 2),
    ]
    steps = settings.epochs * -(-len(lines.shares) // settings.batch)
    schedules = [LambdaLR(optimiser, lambda step: _rate_factor(step, steps)) for optimiser in optimisers]
    targets, source = torch.from_numpy(lines.shares), torch.from_numpy(lines.source)
    weight = torch.tensor([settings.weights[name] for name in SOURCES])[source]
    log = _scalar_logger(logdir)
    bag.train()
    for epoch in range(settings.epochs):
        order = rng.permutation(len(targets))
        for at in range(0, len(order), settings.batch):
            rows = order[at : at + settings.batch]
            logits = bag.classify(bag.pool(*batch_of(weighed, rows, settings.dropout, rng))) + offsets[source[rows]]
            loss = (weight[rows] * -(targets[rows] * logits.log_softmax(1)).sum(1)).mean()
            for optimiser in optimisers:
                optimiser.zero_grad()
            loss.backward()
            for optimiser, schedule in zip(optimisers, schedules, strict=True):
                optimiser.step()
                schedule.step()
            log("loss", loss.item(), schedules[0].last_epoch)
        print(f"epoch {epoch + 1}/{settings.epochs}: loss {loss.item():.3f}", flush=True)
    return bag.eval(), vocabulary, offsets.detach().numpy()


def _rate_factor(step: int, steps: int) -> float:
    """A linear warm-up over 100 steps, then a linear decay to a fiftieth."""
    return min(1, (step + 1) / 100) * max(0.02, 1 - step / steps)


def corpus_lines(data: Path, settings: TrainingSettings, languages: tuple[str, ...] = ("en", "ko")) -> dict[str, Lines]:
    """The training lines of every source."""
    lines = {}
    for language in languages:
        comments = corpora.goemotions(language, "train", data)
        lines[language] = pieces_of(comments.texts, comments.shares, language)
    real = corpora.kote(data)
    lines["kote"] = pieces_of(real.texts, real.shares, "kote")
    lines["practice"] = pieces_of(*practice(settings.practice, settings.seed), "practice")
    return lines


def train(data: Path, settings: TrainingSettings, logdir: Path | None = None) -> WordsModel:
    """Trains on all training lines; the model is not calibrated yet."""
    bag, vocabulary, _ = fit(concatenate(list(corpus_lines(data, settings).values())), settings, logdir)
    meta = {
        "name": "haru-words",
        "version": VERSION,
        "labels": list(EMOTIONS),
        "sense": "words",
        "training_data": ["GoEmotions (en, machine-translated ko) train", "KOTE", "training/words/practice.py"],
        "licence": "Apache-2.0 and MIT data; weights for any use that cites them",
        "width": settings.width,
        "hidden": settings.hidden,
        "known": 0.34,
    }
    return WordsModel(bag, vocabulary, meta)


def _scalar_logger(logdir: Path | None) -> Callable[..., None]:
    if logdir is None:
        return lambda *_: None
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(str(logdir)).add_scalar


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.words.train", description="Trains the model of written emotion."
    )
    parser.add_argument("--data", type=Path, required=True, help=corpora.LAYOUT)
    parser.add_argument("--out", type=Path, default=model.WEIGHTS, help="file to write (default: the shipped weights)")
    parser.add_argument("--logdir", type=Path, help="TensorBoard logs")
    for name in ("pieces", "width", "epochs", "practice", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(TrainingSettings(), name))
    for name in ("dropout", "rate"):
        parser.add_argument(f"--{name}", type=float, default=getattr(TrainingSettings(), name))
    parser.add_argument("--calibrate", action="store_true", help="only calibrate the weights at --out again")
    options = vars(parser.parse_args())
    data, out, logdir, only_calibrate = (options.pop(name) for name in ("data", "out", "logdir", "calibrate"))
    settings = TrainingSettings(**options)
    raw = out if only_calibrate else out.with_suffix(".uncalibrated")
    if not only_calibrate:
        model.save(train(data, settings, logdir), raw)
    # Calibrates the stored model, whose vectors are rounded to int8.
    trained = model.load(raw)
    trained.meta.update(calibrate_on_dev(trained, data, settings.sure))
    model.save(trained, out)
    if raw != out:
        raw.unlink()
    if out != model.WEIGHTS:  # the app loads own weights (HARU_WEIGHTS) only with their checksum
        write_checksum(out)
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB, {len(trained.vocabulary):,} pieces")


if __name__ == "__main__":
    main()
