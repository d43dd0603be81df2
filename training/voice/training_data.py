"""The clips, copies and images that every voice training reads, as `python -m training.voice.cache` made them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ser.features import MelSettings
from training.voice.batches import Labels
from training.voice.cache import AugmentedCopy, open_copy
from training.voice.corpora import Clip, clips_of_cache, held_by
from training.voice.folds import left_out
from training.voice.mel_cache import MelImages

MEL = MelSettings()
COPIES = 5
"""The clean copy and four variations."""


@dataclass(frozen=True)
class TrainingData:
    """The clips of a table (`root`/labels.csv) that a cache was made of, and what it holds; loaded when first used."""

    cache: Path
    root: Path
    copies_used: int = COPIES
    mel: MelSettings = MEL
    which: str | None = None
    """The set of corpora to train and measure on, where the cache holds more (`known_corpora.SETS`)."""

    @cached_property
    def clips(self) -> list[Clip]:
        return clips_of_cache(self.cache, self.root, self.which)

    @cached_property
    def held(self) -> np.ndarray:
        """(clips): True at those of the set."""
        return held_by(self.which, self.clips)

    @cached_property
    def copies(self) -> list[AugmentedCopy]:
        return [open_copy(self.cache, number) for number in range(self.copies_used)]

    @cached_property
    def images(self) -> list[MelImages]:
        folders = [self.cache / f"copy-{number:02d}" for number in range(self.copies_used)]
        return [MelImages(folder, copy, self.mel) for folder, copy in zip(folders, self.copies, strict=True)]

    def labels(self, power: float = 1.0) -> Labels:
        """`power` 1 draws every corpus and class alike; a large network then overfits to the small corpora."""
        return Labels.of(self.clips, power=power, held=self.held)

    def train_and_test(self, fold: str) -> tuple[np.ndarray, np.ndarray]:
        """Indices of the clips to train on, and of those of the left-out speakers."""
        out = left_out(fold, self.clips)
        return np.flatnonzero(~out & self.held), np.flatnonzero(out & self.held)
