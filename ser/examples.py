"""Batches: which clips a training step sees, every corpus and class alike, as a pure function of the step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ser.corpora import Clip, classes_of, shares, targets

ABSENT = 0.05
"""Prior of a class its corpus does not have. Without it a model learns that Koreans are never disgusted."""


@dataclass(frozen=True)
class Labels:
    """Right answers and priors of all clips, as a loss needs them."""

    right: Tensor
    prior: Tensor
    share: np.ndarray

    @classmethod
    def of(cls, clips: Sequence[Clip], absent: float = ABSENT, power: float = 1.0) -> Labels:
        has = {corpus: classes_of(corpus, clips) for corpus in {clip.corpus for clip in clips}}
        prior = np.stack([np.where(has[clip.corpus], 1.0, absent) for clip in clips])
        return cls(
            torch.from_numpy(targets(clips)), torch.from_numpy(np.log(prior).astype(np.float32)), shares(clips, power)
        )


def draw(
    train: np.ndarray, share: np.ndarray, batch: int, step: int, seed: int
) -> tuple[np.ndarray, np.random.Generator]:
    """The clips of one step, and the randomness for what happens to them."""
    rng = np.random.default_rng([seed, step])
    chance = share[train] / share[train].sum()
    return rng.choice(train, batch, p=chance), rng


def log_right(logits: Tensor, right: Tensor, prior: Tensor) -> Tensor:
    """Log of the chance given to a right answer, where several may be right, under the prior of the clip's corpus."""
    log_scores = (logits.float() + prior).log_softmax(-1)
    return log_scores.masked_fill(~right, -1e9).logsumexp(-1)


def right_answer_loss(logits: Tensor, right: Tensor, prior: Tensor, smooth: float = 0.05) -> Tensor:
    """Cross-entropy with a little label smoothing over the classes that the clip's corpus has."""
    log_scores = (logits.float() + prior).log_softmax(-1)
    possible = prior > -1e-6
    evenly = -(log_scores * possible).sum(-1) / possible.sum(-1)
    return (-(1 - smooth) * log_right(logits, right, prior) + smooth * evenly).mean()
