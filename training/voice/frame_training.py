"""Trains a ConvNeXt over frames (`ser/frames.py`) on cached frames of Whisper's layers, without the people of a fold.

More steps make a network better at new people of corpora that it knows, but not at corpora that it does not know;
ser/MODEL_CARD.md has the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ser.frames import FrameNet, FrameShape
from training.loop import TrainingOptions, fit
from training.progress import Report
from training.voice.batches import Answers, Labels, draw, plane_loss, right_answer_losses
from training.voice.frame_cache import STEP, FrameCopy
from training.voice.known_corpora import KNOWN

LONGEST = 80
"""Frames of a training clip: 3.2 s, cut from a longer one at a random place."""


@dataclass(frozen=True)
class FrameOptions:
    """How a network over frames is trained."""

    shape: FrameShape = field(default_factory=FrameShape)
    steps: int = 700
    batch: int = 64
    lr: float = 1e-3
    weight_decay: float = 0.1
    frames_lost: float = 0.25
    """The largest share of frames that a training clip loses, in two stretches."""
    channels_lost: float = 0.5
    """The largest share of channels of Whisper's layers that it loses."""
    mixed: float = 0.5
    """Chance that the embedding of a clip is mixed with that of another one of the batch."""
    rated: float = 0.3
    """Weight of the loss of valence, arousal and intensity, where they are rated."""
    adversary: float = 0.0
    """Weight of a classifier of corpora whose gradient is reversed, so that the embedding tells the corpus less."""
    seed: int = 0
    checkpoint: Path | None = None
    show_progress: bool = False
    report: Report | None = None


class _Batch(NamedTuple):
    frames: Tensor
    """(batch, frames, layers, width), as the cache's bytes."""
    inside: Tensor
    answers: Answers
    corpus: Tensor
    intensity: Tensor


class Extra(NamedTuple):
    """What a training may know of every clip beside its label."""

    corpus: Tensor
    """Its number, from 0."""
    intensity: Tensor
    """From 0 (weak) to 1 (strong), NaN where it is not known."""

    @classmethod
    def of(cls, clips: Sequence[Any]) -> Extra:
        names = sorted({clip.corpus for clip in clips})
        intensity = [_intensity(clip.corpus, clip.intensity) for clip in clips]
        return cls(torch.tensor([names.index(clip.corpus) for clip in clips]), torch.tensor(intensity))


def _intensity(corpus: str, word: str) -> float:
    steps = KNOWN[corpus].intensities if corpus in KNOWN else ()
    return steps.index(word) / (len(steps) - 1) if word in steps else float("nan")


def train_net(
    copies: Sequence[FrameCopy], labels: Labels, extra: Extra, chosen: np.ndarray, options: FrameOptions
) -> FrameNet:
    """A network trained on the clips `chosen` (indices)."""
    torch.manual_seed(options.seed)
    net = FrameNet(options.shape, len(labels.names), plane=bool(options.rated) and labels.has_plane)
    net.spread.fill_(STEP)
    training = _Training(net, options, 1 + int(extra.corpus.max()))

    def batch_at(step: int) -> _Batch:
        clips, rng = draw(chosen, labels.share, options.batch, step, options.seed)
        copy = rng.integers(0, len(copies), options.batch)
        frames, inside = padded([cut(copies[c].clip(int(i)), rng) for c, i in zip(copy, clips, strict=True)])
        return _Batch(frames, inside, labels.answers.at(clips), extra.corpus[clips], extra.intensity[clips])

    settings = TrainingOptions(
        options.steps, options.lr, weight_decay=options.weight_decay, ema=0.99, seed=options.seed,
        checkpoint=options.checkpoint, show_progress=options.show_progress, report=options.report,
    )  # fmt: skip
    fit(training, batch_at, _Training.loss, settings)
    return net.eval()


def padded(clips: Sequence[np.ndarray]) -> tuple[Tensor, Tensor]:
    """Clips as bytes in one batch, and where they are not padding."""
    lengths = torch.tensor([len(clip) for clip in clips])
    batch = np.zeros((len(clips), int(lengths.max()), *clips[0].shape[1:]), np.int8)
    for row, clip in zip(batch, clips, strict=True):
        row[: len(clip)] = clip
    return torch.from_numpy(batch), torch.arange(batch.shape[1])[None] < lengths[:, None]


def cut(clip: np.ndarray, rng: np.random.Generator, longest: int = LONGEST) -> np.ndarray:
    """At most so many frames of a clip, from a random place."""
    start = rng.integers(0, max(1, len(clip) - longest + 1))
    return clip[start : start + longest]


class _Training(nn.Module):
    """The network, and the layers that only its training needs."""

    def __init__(self, net: FrameNet, options: FrameOptions, corpora: int) -> None:
        super().__init__()
        self.net, self.options = net, options
        width = 2 * net.shape.channels
        self.intensity = nn.Linear(width, 1)
        self.critic = nn.Sequential(nn.Linear(width, 128), nn.GELU(), nn.Linear(128, corpora))

    def loss(self, batch: _Batch) -> Tensor:
        net, how = self.net, self.options
        frames, inside = self._disturbed(batch)
        embedding = net(frames, inside).embedding
        order, share = torch.randperm(len(embedding)), self._shares(len(embedding))
        mixed = share[:, None] * embedding + (1 - share)[:, None] * embedding[order]
        dropped = net.drop(mixed)
        logits = net.out(dropped)
        losses = right_answer_losses(logits, batch.answers)
        of_other = right_answer_losses(logits, batch.answers.at(order))
        total = (share * losses + (1 - share) * of_other).mean()
        if how.rated:
            total = total + how.rated * self._rated_loss(dropped[share == 1], batch, share == 1)
        if how.adversary:
            corpus = self.critic(_Reversed.apply(embedding)).float()
            total = total + how.adversary * functional.cross_entropy(corpus, batch.corpus)
        return total

    def _disturbed(self, batch: _Batch) -> tuple[Tensor, Tensor]:
        """Frames without some channels, and where they count: two stretches of each clip are left out."""
        how, (count, length) = self.options, batch.inside.shape
        inside, lengths = batch.inside, batch.inside.sum(1)
        places = torch.arange(length)[None]
        for _ in range(2):
            stretch = (torch.rand(count) * how.frames_lost / 2 * lengths).long()
            start = (torch.rand(count) * (lengths - stretch).clamp_min(1)).long()[:, None]
            inside = inside & ~((places >= start) & (places < start + stretch[:, None]))
        lost = how.channels_lost * torch.rand(count, 1, 1, 1)
        kept = torch.rand(count, 1, *batch.frames.shape[2:]) >= lost
        return (batch.frames * kept.to(torch.int8)).to(torch.bfloat16), inside

    def _shares(self, count: int) -> Tensor:
        """The share of each clip in a mix of two; 1 where it stays alone."""
        share = torch.distributions.Beta(0.4, 0.4).sample((count,))
        return torch.where(torch.rand(count) < self.options.mixed, torch.maximum(share, 1 - share), torch.ones(count))

    def _rated_loss(self, embedding: Tensor, batch: _Batch, alone: Tensor) -> Tensor:
        """Of valence, arousal and intensity, over the clips that are not mixed and have a rating."""
        loss = torch.zeros(())
        if self.net.plane:
            loss = plane_loss(self.net.plane(embedding).tanh(), batch.answers.plane[alone])
        wanted = batch.intensity[alone]
        rated = torch.isfinite(wanted)
        if rated.any():
            found = self.intensity(embedding)[:, 0].float().sigmoid()
            loss = loss + (found[rated] - wanted[rated]).square().mean()
        return loss


class _Reversed(torch.autograd.Function):
    """The identity, whose gradient is reversed (Ganin et al. 2016)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        return -gradient


@torch.inference_mode()
def logits_of(net: FrameNet, copy: FrameCopy, clips: np.ndarray, batch: int = 32) -> np.ndarray:
    """(clips, classes) of some clips, whole."""
    order = np.argsort([len(copy.clip(int(index))) for index in clips])
    found = np.zeros((len(clips), net.out.out_features), np.float32)
    for start in range(0, len(clips), batch):
        places = order[start : start + batch]
        frames, inside = padded([copy.clip(int(clips[place])) for place in places])
        with torch.autocast("cpu", torch.bfloat16):
            found[places] = net(frames.to(torch.bfloat16), inside).logits.float().numpy()
    return found
