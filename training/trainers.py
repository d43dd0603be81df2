"""The trainers, one for each kind of input, found by name.

`training.cli` and `training.explore` import a trainer only when it is used: each imports heavy libraries.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from reading import Refusal
from training.data_checks import CheckedData
from training.datasets.layouts import Example, FoundData, Layout, LayoutError, layout_named, parse_data_option
from training.progress import Report

if TYPE_CHECKING:
    import plotly.graph_objects as go

TRAINERS = {
    "voice": "training.voice.custom",
    "face": "training.face.custom",
    "words": "training.words.custom",
    "music": "training.music.custom",
}


@dataclass(frozen=True)
class TrainingJob:
    """One training, as the command line asks for it."""

    data: CheckedData
    names: tuple[str, ...]
    """The data sets, as they were named on the command line."""
    out: Path
    work: Path
    """Folder for decoded data, checkpoints and logs: the same command continues from it."""
    options: argparse.Namespace
    report: Report


@dataclass(frozen=True)
class CardText:
    """What a trainer writes into the model card."""

    title: str
    sections: Mapping[str, str]


@dataclass(frozen=True)
class ExampleFacts:
    """Measurements of one example: seconds and decibels, or pixels and brightness."""

    values: Mapping[str, float]


class Trainer(Protocol):
    """What the modules of `TRAINERS` offer."""

    LAYOUTS: Mapping[str, Layout]
    BALANCE_POWERS: Mapping[str, float]
    """Ways to balance the classes that are worth comparing: name and strength."""

    def example_weights(self, examples: Sequence[Example], power: float) -> np.ndarray:
        """The share of the training that each example gets under this balance; the shares sum to 1."""
        ...

    def add_options(self, parser: argparse.ArgumentParser) -> None: ...

    def train_model(self, job: TrainingJob) -> CardText:
        """Trains, writes `job.out` as the app loads it, and measures that file."""
        ...

    def measure_example(self, example: Example) -> ExampleFacts | Refusal:
        """Facts of one example, for `training.explore`."""
        ...

    def draw_examples(self, shown: Mapping[str, Sequence[Example]]) -> list[tuple[str, go.Figure]]:
        """Figures of a few examples of each class."""
        ...


def trainer_for(kind: str) -> Trainer:
    if kind not in TRAINERS:
        raise LayoutError(f"There is no trainer for {kind!r}; choose one of {', '.join(TRAINERS)}.")
    return cast(Trainer, importlib.import_module(TRAINERS[kind]))


def read_datasets(options: Sequence[str], layouts: Mapping[str, Layout]) -> dict[str, FoundData]:
    """Reads every `NAME=PATH`; what each reader found, by its name."""
    found: dict[str, FoundData] = {}
    for name, path in map(parse_data_option, options):
        key = name if name not in found else f"{name} ({path})"
        found[key] = layout_named(name, layouts).read(path)
    return found
