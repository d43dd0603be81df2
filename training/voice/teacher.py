"""The teacher: a committee of small heads on what the frozen Whisper encoder heard in every copy of every clip."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from inference import weights
from ser import members
from ser.model import LAYERS, Committee, StatisticsHead
from training.loop import Options, fit
from training.voice.batches import Answers, Labels, draw, whole_loss
from training.voice.cache import Copy

STEPS, BATCH, SEEDS = 700, 128, 3


def train_committee(
    copies: Sequence[Copy],
    labels: Labels,
    train: np.ndarray,
    seeds: int = SEEDS,
    steps: int = STEPS,
    logdir: Path | None = None,
    progress: bool = False,
) -> Committee:
    """Heads on the clips `train` (indices), each from its own seed and its own order of clips."""
    heard = torch.stack([half(copy) for copy in copies])
    return Committee([_train_head(heard, labels, train, seed, steps, logdir, progress) for seed in range(seeds)]).eval()


def half(copy: Copy) -> Tensor:
    return torch.from_numpy(copy.statistics[:, slice(*LAYERS)])


def _train_head(
    heard: Tensor,
    labels: Labels,
    train: np.ndarray,
    seed: int,
    steps: int,
    logdir: Path | None,
    progress: bool,
) -> StatisticsHead:
    torch.manual_seed(seed)
    count, clips, layers, width = heard.shape
    every = heard.flatten(0, 1)
    head = StatisticsHead(layers, width // 2, len(labels.names), plane=labels.has_plane)
    head.standardise(heard[0][torch.from_numpy(train)].float())

    def batch_at(step: int) -> tuple[Tensor, Answers]:
        chosen, rng = draw(train, labels.share, BATCH, step, seed)
        copy = rng.integers(0, count, BATCH)
        return every[torch.from_numpy(copy * clips + chosen)].float(), labels.answers.at(chosen)

    def loss(head: StatisticsHead, batch: tuple[Tensor, Answers]) -> Tensor:
        return whole_loss(head(batch[0]), batch[1])

    options = Options(steps, lr=1e-3, weight_decay=0.1, ema=0.99, seed=seed, logdir=logdir, progress=progress)
    return fit(head, batch_at, loss, options)


def save_committee(heads: Committee, path: Path, fold: str) -> None:
    weights.save(path, heads.state_dict(), members.describe("committee", "committee", fold), "fp32")


def load_committee(path: Path) -> Committee:
    state, _ = weights.load(path)
    count = 1 + max(int(name.split(".")[1]) for name in state)
    heads = Committee(StatisticsHead.like(state, f"heads.{number}.") for number in range(count))
    heads.load_state_dict(state)
    return heads.eval()


@torch.inference_mode()
def opinions(committee: Committee, copies: Sequence[Copy]) -> tuple[np.ndarray, np.ndarray]:
    """Soft scores (copies, clips, nine) and embeddings (copies, clips, hidden) of every copy: what a student learns."""
    scores, embeddings = [], []
    for copy in copies:
        told = committee(half(copy))
        scores.append(torch.stack([head(half(copy)).logits.softmax(-1) for head in committee.heads]).mean(0).numpy())
        embeddings.append(told.embedding.numpy().astype(np.float16))
    return np.stack(scores), np.stack(embeddings)


@torch.inference_mode()
def judge(committee: Committee, copy: Copy, clips: np.ndarray) -> np.ndarray:
    """Logits for some clips of a copy."""
    return committee(half(copy)[torch.from_numpy(clips)]).logits.numpy()
