"""Draws the clips of a training step, all corpora and classes alike, and computes the loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ser.model import MemberOutput
from training.voice.corpora import (
    NINE,
    Clip,
    classes_of,
    label_names,
    neutral_includes_calm,
    planes,
    shares,
    vote_shares,
)

ABSENT = 1e-4
"""Prior of a class that a corpus lacks: the loss hardly says anything about it. With 1 a model learns that the corpus's
speakers never have that mood; ser/MODEL_CARD.md compares."""
_NEUTRAL, _CALM = NINE.index("neutral"), NINE.index("calm")


class Answers(NamedTuple):
    """The targets of a loss, with a row for each clip."""

    votes: Tensor
    """(clips, classes): the share of each answer; a single label has all of it."""
    neutral_includes_calm: Tensor
    """(clips): True where neutral may mean calm as well."""
    prior: Tensor
    """(clips, classes): logarithm; below 0 for classes that the clip's corpus does not have."""
    plane: Tensor
    """(clips, 2): valence and arousal, NaN where there is no rating."""

    def at(self, chosen: np.ndarray | Tensor) -> Answers:
        return Answers(*(part[chosen] for part in self))


@dataclass(frozen=True)
class Labels:
    """Targets of all clips, and the share of draws of each."""

    names: tuple[str, ...]
    answers: Answers
    share: np.ndarray

    @property
    def has_plane(self) -> bool:
        return bool(torch.isfinite(self.answers.plane).any())

    @classmethod
    def of(
        cls, clips: Sequence[Clip], absent: float = ABSENT, power: float = 1.0, held: np.ndarray | None = None
    ) -> Labels:
        """`held` is True at the clips of the training's set: only they say which classes a corpus has."""
        names = label_names(clips)
        saying = [clip for place, clip in enumerate(clips) if held is None or held[place]]
        has = {corpus: classes_of(corpus, saying, names) for corpus in {clip.corpus for clip in clips}}
        prior = np.stack([np.where(has[clip.corpus], 1.0, absent) for clip in clips])
        answers = Answers(
            torch.from_numpy(vote_shares(clips, names)),
            torch.from_numpy(neutral_includes_calm(clips)),
            torch.from_numpy(np.log(prior).astype(np.float32)),
            torch.from_numpy(planes(clips)),
        )
        return cls(names, answers, shares(clips, power))


def draw(
    train: np.ndarray, share: np.ndarray, batch: int, step: int, seed: int
) -> tuple[np.ndarray, np.random.Generator]:
    """The clips of one step, and the randomness for what happens to them."""
    rng = np.random.default_rng([seed, step])
    chance = share[train] / share[train].sum()
    return rng.choice(train, batch, p=chance), rng


def log_right(logits: Tensor, answers: Answers) -> Tensor:
    """Log-probability of the right answer, averaged over its votes, under the prior of the clip's corpus."""
    log_scores = (logits.float() + answers.prior).log_softmax(-1)
    rest = torch.logaddexp(log_scores[:, _NEUTRAL], log_scores[:, _CALM])
    neutral = torch.where(answers.neutral_includes_calm, rest, log_scores[:, _NEUTRAL])
    places = torch.arange(log_scores.shape[-1], device=logits.device) == _NEUTRAL
    return (answers.votes * torch.where(places, neutral[:, None], log_scores)).sum(-1)


def right_answer_losses(logits: Tensor, answers: Answers, smooth: float = 0.05) -> Tensor:
    """For each clip, cross-entropy with a little label smoothing over the classes that the clip's corpus has."""
    log_scores = (logits.float() + answers.prior).log_softmax(-1)
    possible = answers.prior > -1e-6
    evenly = -(log_scores * possible).sum(-1) / possible.sum(-1)
    return -(1 - smooth) * log_right(logits, answers) + smooth * evenly


def right_answer_loss(logits: Tensor, answers: Answers, smooth: float = 0.05) -> Tensor:
    return right_answer_losses(logits, answers, smooth).mean()


def plane_loss(predicted: Tensor | None, plane: Tensor) -> Tensor:
    """Mean squared distance of valence and arousal, over the clips with a rating."""
    known = torch.isfinite(plane).all(-1)
    if predicted is None or not known.any():
        return torch.zeros((), device=plane.device)
    return (predicted.float()[known] - plane[known]).square().mean()


def total_loss(output: MemberOutput, answers: Answers) -> Tensor:
    """The loss of the class, and of the place on the plane where it is known."""
    return right_answer_loss(output.logits, answers) + plane_loss(output.plane, answers.plane)
