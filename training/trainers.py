"""What can be taught: one course a sense, found by name.

The front (`training.cli`, `training.explore`) stands below the senses and knows none of them: it knows what a course
is, and under which name each is found, as an entry point is.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from reading import Refusal
from training.data_checks import Checked
from training.datasets.layouts import Example, Found, Layout, LayoutError, layout_named, named_path
from training.pace import Tell

if TYPE_CHECKING:
    import plotly.graph_objects as go

PLACES = {"voice": "training.voice.custom", "face": "training.face.custom", "music": "training.music.custom"}


@dataclass(frozen=True)
class Job:
    """One training, as the front hands it over."""

    checked: Checked
    data: tuple[tuple[str, Path], ...]
    out: Path
    work: Path
    """For what is decoded, checkpoints and logs: kept between runs, so that the same command goes on."""
    options: argparse.Namespace
    tell: Tell


@dataclass(frozen=True)
class Taught:
    """What a course says of its weights; the front writes it into the card."""

    title: str
    sections: Mapping[str, str]


class Course(Protocol):
    """What `training.voice.custom`, `training.face.custom` and `training.music.custom` offer."""

    LAYOUTS: Mapping[str, Layout]
    BALANCES: Mapping[str, float]
    """The ways of evening out rare classes that are worth comparing: their names, and how strongly."""

    def counts_for(self, examples: Sequence[Example], power: float) -> np.ndarray:
        """How much of a training each example is, in all 1, where classes are evened out that strongly."""

    def add_options(self, parser: argparse.ArgumentParser) -> None: ...

    def teach(self, job: Job) -> Taught:
        """Trains, writes `job.out` in the form that the app loads, and measures it as written."""

    def look(self, example: Example) -> Look | Refusal:
        """One example, for `training.explore`."""

    def figures(self, shown: Mapping[str, Sequence[Example]]) -> list[tuple[str, go.Figure]]:
        """A few examples of each class, drawn."""


@dataclass(frozen=True)
class Look:
    """Measured facts of one example: seconds and decibels, or pixels and brightness."""

    facts: Mapping[str, float]


def course(sense: str) -> Course:
    if sense not in PLACES:
        raise LayoutError(f"There is no course for {sense!r}; choose one of {', '.join(PLACES)}.")
    return importlib.import_module(PLACES[sense])


def read_all(data: Sequence[str], layouts: Mapping[str, Layout]) -> tuple[dict[str, Found], tuple]:
    """`NAME=PATH …` through the readers: what each found, and the pairs."""
    pairs = tuple(map(named_path, data))
    found: dict[str, Found] = {}
    for name, path in pairs:
        key = name if name not in found else f"{name} ({path})"
        found[key] = layout_named(name, layouts).read(path)
    return found, pairs
