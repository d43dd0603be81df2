"""Trains the committee: small heads on the frozen Whisper encoder's statistics of every copy of every clip.

It is the model of `python -m training.cli voice`, and the teacher of an image network (`training.voice.student`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from inference import weights
from ser import members
from ser.model import LAYERS, Committee, StatisticsHead
from training.loop import TrainingOptions, fit
from training.progress import Report
from training.voice.batches import Answers, Labels, draw, total_loss
from training.voice.cache import AugmentedCopy


@dataclass(frozen=True)
class CommitteeOptions:
    """How the heads are trained; the defaults are those of the shipped committee."""

    steps: int = 700
    batch: int = 128
    heads: int = 3
    """Each with a seed and an order of clips of its own."""
    lr: float = 1e-3
    seed: int = 0
    bf16: bool = True
    checkpoints: Path | None = None
    """Folder for the state of each head; the training resumes from it."""
    logdir: Path | None = None
    show_progress: bool = False
    report: Report | None = None


def train_committee(
    copies: Sequence[AugmentedCopy], labels: Labels, train: np.ndarray, options: CommitteeOptions
) -> Committee:
    """Heads trained on the clips `train` (indices)."""
    features = torch.stack([head_input(copy) for copy in copies])
    heads = [_train_head(features, labels, train, options, number) for number in range(options.heads)]
    return Committee(heads).eval()


def head_input(copy: AugmentedCopy) -> Tensor:
    """(clips, layers, 2 · width): statistics of the encoder's layers that the heads use."""
    if copy.statistics is None:
        raise ValueError("The cache was made without an encoder; make it again with one.")
    return torch.from_numpy(copy.statistics[:, slice(*LAYERS)])


def _train_head(
    features: Tensor, labels: Labels, train: np.ndarray, options: CommitteeOptions, number: int
) -> StatisticsHead:
    seed = options.seed * options.heads + number
    torch.manual_seed(seed)
    count, clips, layers, width = features.shape
    every = features.flatten(0, 1)
    head = StatisticsHead(layers, width // 2, len(labels.names), plane=labels.has_plane)
    head.fit_standardisation(features[0][torch.from_numpy(train)].float())

    def batch_at(step: int) -> tuple[Tensor, Answers]:
        chosen, rng = draw(train, labels.share, options.batch, step, seed)
        copy = rng.integers(0, count, options.batch)
        return every[torch.from_numpy(copy * clips + chosen)].float(), labels.answers.at(chosen)

    settings = TrainingOptions(
        options.steps, options.lr, weight_decay=0.1, ema=0.99, seed=seed, bf16=options.bf16,
        checkpoint=options.checkpoints / f"head-{number}.pt" if options.checkpoints else None,
        logdir=options.logdir / f"head-{number}" if options.logdir else None,
        show_progress=options.show_progress, report=options.report,
    )  # fmt: skip
    fit(head, batch_at, lambda model, batch: total_loss(model(batch[0]), batch[1]), settings)
    return head


def save_committee(heads: Committee, path: Path, fold: str) -> None:
    weights.save(path, heads.state_dict(), members.describe("committee", "committee", fold), "fp32")


def load_committee(path: Path) -> Committee:
    state, _ = weights.load(path)
    count = 1 + max(int(name.split(".")[1]) for name in state)
    heads = Committee(StatisticsHead.like(state, f"heads.{number}.") for number in range(count))
    heads.load_state_dict(state)
    return heads.eval()


@torch.inference_mode()
def soft_targets(committee: Committee, copies: Sequence[AugmentedCopy]) -> tuple[np.ndarray, np.ndarray]:
    """Scores (copies, clips, classes) and embeddings (copies, clips, hidden), for a student to learn."""
    scores, embeddings = [], []
    for copy in copies:
        features = head_input(copy)
        scores.append(torch.stack([head(features).logits.softmax(-1) for head in committee.heads]).mean(0).numpy())
        embeddings.append(committee(features).embedding.numpy().astype(np.float16))
    return np.stack(scores), np.stack(embeddings)


@torch.inference_mode()
def predict_logits(committee: Committee, copy: AugmentedCopy, clips: np.ndarray) -> np.ndarray:
    """Logits for some clips of a copy."""
    return committee(head_input(copy)[torch.from_numpy(clips)]).logits.numpy()
