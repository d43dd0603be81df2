"""The voice of a fold, as the shipped one is made: networks over frames and a committee of heads on statistics.

Every figure of people left out comes from here. Logits are kept in the cache, so that a figure costs its training once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy.special import log_softmax

from inference import weights
from ser import members
from ser.frames import FrameNet
from ser.model import Committee
from training.voice.batches import Labels
from training.voice.frame_cache import FrameCopy, open_frames
from training.voice.frame_training import Extra, FrameOptions, logits_of, train_net
from training.voice.plots import Predictions
from training.voice.teacher import CommitteeOptions, predict_logits
from training.voice.train import committee
from training.voice.training_data import TrainingData


@dataclass(frozen=True)
class Recipe:
    """How the voice of a fold is made; the defaults are those of the shipped voice."""

    frames: FrameOptions = field(default_factory=FrameOptions)
    seeds: tuple[int, ...] = (0, 1)
    """A network of each."""
    heads: CommitteeOptions = field(default_factory=lambda: CommitteeOptions(heads=2))
    share: float = 0.7
    """The weight of the networks; the committee has the rest."""
    absent: float | None = None
    """The prior of a class that a corpus lacks, where it is not the usual one."""
    balance: str = "class"
    """Draws alike: `class` every class of every corpus, `person` also every person of it, `none` clips as they come."""
    bursts: bool = True
    """Learn from laughs and sobs, too."""


SHIPPED_RECIPE = Recipe()


@dataclass(frozen=True)
class FrameData:
    """The clips and copies that the voice of a fold learns from."""

    clips: TrainingData

    @cached_property
    def frames(self) -> list[FrameCopy]:
        return [open_frames(self.clips.cache, number) for number in range(self.clips.copies_used)]

    @cached_property
    def extra(self) -> Extra:
        return Extra.of(self.clips.clips)

    def labels(self, recipe: Recipe) -> Labels:
        given = {} if recipe.absent is None else {"absent": recipe.absent}
        labels = Labels.of(self.clips.clips, held=self.clips.held, power=float(recipe.balance != "none"), **given)
        if recipe.balance != "person":
            return labels
        return replace(labels, share=_alike_people(labels.share, self.clips.clips))

    def train_and_test(self, fold: str, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
        train, test = self.clips.train_and_test(fold)
        if not recipe.bursts:
            train = np.array([index for index in train if self.clips.clips[index].is_speech])
        return train, test


def _alike_people(share: np.ndarray, clips: Sequence) -> np.ndarray:
    """The share of each class of a corpus stays, and the people in it are drawn alike."""
    group = np.unique([f"{clip.corpus}/{clip.label}" for clip in clips], return_inverse=True)[1]
    person = np.unique([f"{clip.corpus}/{clip.label}/{clip.speaker}" for clip in clips], return_inverse=True)[1]
    whole = np.bincount(group, share)
    each = 1 / np.bincount(person)[person]
    return whole[group] * each / np.bincount(group, each)[group]


def predictions(data: FrameData, fold: str, recipe: Recipe, copies: Sequence[int] = (0,)) -> Predictions:
    """The left-out clips of a fold, heard by the voice trained without them: the mean over copies of them."""
    logits = np.mean([_of_copy(data, fold, recipe, copy) for copy in copies], axis=0)
    _, test = data.train_and_test(fold, recipe)
    return Predictions(tuple(data.clips.clips[index] for index in test), logits, (fold,) * len(test))


def _of_copy(data: FrameData, fold: str, recipe: Recipe, copy: int) -> np.ndarray:
    parts = []
    if recipe.share > 0:
        parts.append(recipe.share * of_nets(data, fold, recipe, copy))
    if recipe.share < 1:
        parts.append((1 - recipe.share) * of_committee(data, fold, recipe, copy))
    return np.sum(parts, axis=0)


def of_nets(data: FrameData, fold: str, recipe: Recipe, copy: int) -> np.ndarray:
    """(left-out clips, classes): mean log-scores of the networks on one copy of the clips."""
    return np.mean([_logits(data, fold, recipe, seed, copy) for seed in recipe.seeds], axis=0)


def of_committee(data: FrameData, fold: str, recipe: Recipe, copy: int) -> np.ndarray:
    """(left-out clips, classes): log-scores of the committee."""
    heads = fold_committee(data, fold, recipe)
    _, test = data.train_and_test(fold, recipe)
    return log_softmax(predict_logits(heads, data.clips.copies[copy], test), 1)


def fold_committee(data: FrameData, fold: str, recipe: Recipe) -> Committee:
    return committee(data.clips, fold, f"{recipe.heads.heads}-heads", options=recipe.heads)


def fold_net(data: FrameData, fold: str, recipe: Recipe, seed: int) -> FrameNet:
    """One network of a fold; trained once, then read from the cache."""
    file = _file(data, fold, recipe, seed, ".safetensors")
    labels = data.labels(recipe)
    if not file.exists():
        train, _ = data.train_and_test(fold, recipe)
        net = train_net(data.frames, labels, data.extra, train, replace(recipe.frames, seed=seed))
        weights.save(file, net.state_dict(), members.describe("frame_net", "frame_net", fold), "fp32")
        return net
    net = FrameNet(recipe.frames.shape, len(labels.names), plane=recipe.frames.rated > 0 and labels.has_plane)
    net.load_state_dict(weights.load(file)[0])
    return net.eval()


def _logits(data: FrameData, fold: str, recipe: Recipe, seed: int, copy: int) -> np.ndarray:
    file = _file(data, fold, recipe, seed, f"-copy-{copy}.npy")
    if not file.exists():
        _, test = data.train_and_test(fold, recipe)
        found = logits_of(fold_net(data, fold, recipe, seed), data.frames[copy], test)
        np.save(file, log_softmax(found, 1))
    return np.load(file)


def _file(data: FrameData, fold: str, recipe: Recipe, seed: int, ending: str) -> Path:
    return data.clips.cache / "folds" / net_name(data, recipe) / f"{fold.replace('/', ' of ')}-{seed}{ending}"


def net_name(data: FrameData, recipe: Recipe) -> str:
    """A name made of all that the training of a network depends on."""
    told = (recipe.frames, recipe.absent, recipe.balance, recipe.bursts, data.clips.copies_used, data.clips.which)
    return f"net-{hashlib.sha256(repr(told).encode()).hexdigest()[:12]}"
