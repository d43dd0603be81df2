"""The plane of moods from somebody's own ratings, for `python -m training.cli music`. Never imported by the app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from inference import metrics
from music.emotion_groups import GEMS, places
from music.place import AXES
from training.datasets.layouts import Example
from training.music import ridge
from training.music.evaluate import r2, rank_correlation
from training.music.folds import folds, splits

FEWEST = 30
"""Rated tracks below which two sums of more than a hundred features are no knowledge."""
FOLDS = 5


@dataclass(frozen=True)
class OwnPlane:
    """What goes into the weights, and what was measured on artists that were left out."""

    state: Mapping[str, Tensor]
    facts: Mapping[str, object]
    told: str
    worth: bool
    """Whether it places tracks of unheard artists better than the middle of all would, on both axes."""


def rated_places(examples: Sequence[Example]) -> np.ndarray:
    """(tracks, 2): where their listeners put them; NaN where nobody said."""
    found = np.full((len(examples), 2), np.nan)
    for row, example in zip(found, examples, strict=True):
        if example.plane:
            row[:] = example.plane
        elif example.votes:
            row[:] = places(np.array([[example.votes.get(name, 0.0) for name in GEMS]]))[0]
    return found


def fit(rows: np.ndarray, names: Sequence[str], wanted: np.ndarray, artists: np.ndarray) -> OwnPlane | None:
    """Ridge regression on the tracks with valence and arousal; None where they are too few."""
    rated = ~np.isnan(wanted).any(1)
    rows, wanted, artists = rows[rated], wanted[rated], artists[rated]
    if len(rows) < FEWEST or len(set(artists)) < FOLDS or wanted.std(0).min() < 1e-6:
        return None
    guesses = np.zeros_like(wanted)
    for train, test in splits(folds(np.zeros(len(rows)), artists, seed=0, parts=FOLDS)):
        guesses[test] = ridge.fit_ridge(rows[train], wanted[train], artists[train])(rows[test])
    fitted = ridge.fit_ridge(rows, wanted, artists)
    arrays = {
        "mean": fitted.standard.mean, "std": fitted.standard.std, "weights": fitted.weights, "centre": fitted.bias,
        # A place is told in spreads of what is guessed; sums that never differ would be divided by nothing.
        "spread": np.maximum(guesses.std(0), 1e-3),
    }  # fmt: skip
    worth = all(r2(wanted[:, axis], guesses[:, axis]) > 0 for axis in range(len(AXES)))
    state = {f"plane.{name}": torch.from_numpy(array) for name, array in arrays.items()}
    return OwnPlane(state, {"axes": list(AXES), "features": list(names)}, _told(wanted, guesses, artists), worth)


def _told(wanted: np.ndarray, guesses: np.ndarray, artists: np.ndarray) -> str:
    lines = [
        f"{len(wanted)} rated tracks of {len(set(artists))} artists, {FOLDS} folds by artist; 95 % by artist:",
        "",
        "| axis | R² | rank correlation |",
        "|---|---|---|",
    ]
    for axis, name in enumerate(AXES):
        truth, mine = wanted[:, axis], guesses[:, axis]
        fit_of, order = (
            metrics.bootstrap(lambda at, by=by, truth=truth, mine=mine: by(truth[at], mine[at]), artists.tolist())
            for by in (r2, rank_correlation)
        )
        told = [f"{each.value:.2f} [{each.low:.2f}, {each.high:.2f}]" for each in (fit_of, order)]
        lines.append(f"| {name} | {' | '.join(told)} |")
    return "\n".join(lines)
