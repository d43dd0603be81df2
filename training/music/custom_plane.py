"""Fits the valence/arousal plane to a user's own ratings, for `python -m training.cli music`."""

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
"""Fewer rated tracks are too few for two regressions on more than a hundred features."""
FOLDS = 5


@dataclass(frozen=True)
class CustomPlane:
    """The weights of a plane, and its figures on artists that were left out."""

    state: Mapping[str, Tensor]
    meta: Mapping[str, object]
    figures: str
    """Markdown, for the model card."""
    is_useful: bool
    """Whether both axes are better on left-out artists than the mean of all tracks (R² over 0)."""


def rated_places(examples: Sequence[Example]) -> np.ndarray:
    """(tracks, 2): the places that listeners gave; NaN for tracks without ratings."""
    rated = np.full((len(examples), 2), np.nan)
    for row, example in zip(rated, examples, strict=True):
        if example.plane:
            row[:] = example.plane
        elif example.votes:
            row[:] = places(np.array([[example.votes.get(name, 0.0) for name in GEMS]]))[0]
    return rated


def fit(rows: np.ndarray, names: Sequence[str], wanted: np.ndarray, artists: np.ndarray) -> CustomPlane | None:
    """Ridge regression on the tracks with valence and arousal; None if they are too few."""
    rated = ~np.isnan(wanted).any(1)
    rows, wanted, artists = rows[rated], wanted[rated], artists[rated]
    if len(rows) < FEWEST or len(set(artists)) < FOLDS or wanted.std(0).min() < 1e-6:
        return None
    guesses = np.zeros_like(wanted)
    for train, test in splits(folds(np.zeros(len(rows)), artists, seed=0, parts=FOLDS)):
        guesses[test] = ridge.fit_ridge(rows[train], wanted[train], artists[train])(rows[test])
    fitted = ridge.fit_ridge(rows, wanted, artists)
    arrays = {
        "mean": fitted.standardiser.mean, "std": fitted.standardiser.std,
        "weights": fitted.weights, "centre": fitted.bias,
        # `Plane.place` divides by the spread.
        "spread": np.maximum(guesses.std(0), 1e-3),
    }  # fmt: skip
    is_useful = all(r2(wanted[:, axis], guesses[:, axis]) > 0 for axis in range(len(AXES)))
    state = {f"plane.{name}": torch.from_numpy(array) for name, array in arrays.items()}
    meta = {"axes": list(AXES), "features": list(names)}
    return CustomPlane(state, meta, _figures(wanted, guesses, artists), is_useful)


def _figures(wanted: np.ndarray, guesses: np.ndarray, artists: np.ndarray) -> str:
    lines = [
        f"{len(wanted)} rated tracks of {len(set(artists))} artists, {FOLDS} folds by artist; 95 % by artist:",
        "",
        "| axis | R² | rank correlation |",
        "|---|---|---|",
    ]
    for axis, name in enumerate(AXES):
        truth, guess = wanted[:, axis], guesses[:, axis]
        intervals = [
            metrics.bootstrap(
                lambda rows, measure=measure, truth=truth, guess=guess: measure(truth[rows], guess[rows]),
                artists.tolist(),
            )
            for measure in (r2, rank_correlation)
        ]
        cells = [f"{each.value:.2f} [{each.low:.2f}, {each.high:.2f}]" for each in intervals]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
