"""Fits linear models to a few hundred tracks: ridge regression in closed form and softmax regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from inference.metrics import macro_f1
from music.features import CLIP
from music.mood_model import MoodModel
from training.music.folds import folds, splits

STRENGTHS = tuple(np.geomspace(10, 1000, 9))
SOFTMAX_STRENGTHS = (10.0, 30.0, 100.0, 300.0)


@dataclass(frozen=True)
class Standardiser:
    """Scales features by the mean and standard deviation of the training tracks, as `music.features` does."""

    mean: np.ndarray
    std: np.ndarray

    @classmethod
    def of(cls, rows: np.ndarray) -> Standardiser:
        return cls(rows.mean(0), np.maximum(rows.std(0), 1e-9))

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        return np.clip((rows - self.mean) / self.std, -CLIP, CLIP)


@dataclass(frozen=True)
class LinearFit:
    """Fitted weights of standardised features."""

    standardiser: Standardiser
    weights: np.ndarray
    """(targets, features)."""
    bias: np.ndarray
    strengths: tuple[float, ...]
    """Of the regularisation, for each target."""

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        return self.standardiser(rows) @ self.weights.T + self.bias

    def mood_model(self, names: Sequence[str], temperature: float, version: str) -> MoodModel:
        """The form that the app loads."""
        scale = self.standardiser
        return MoodModel(tuple(names), scale.mean, scale.std, self.weights, self.bias, temperature, version)


def fit_ridge(
    rows: np.ndarray, targets: np.ndarray, artists: np.ndarray, strengths: Sequence[float] = STRENGTHS
) -> LinearFit:
    """Each target gets its own strength, chosen by five folds by artist within these tracks."""
    errors = np.zeros((len(strengths), targets.shape[1]))
    for train, test in splits(folds(np.zeros(len(rows)), artists, seed=0)):
        paths = _ridge_paths(Standardiser.of(rows[train]), rows[train], targets[train], strengths)
        errors += [((fitted(rows[test]) - targets[test]) ** 2).sum(0) for fitted in paths]
    best = errors.argmin(0)
    paths = _ridge_paths(Standardiser.of(rows), rows, targets, strengths)
    weights = np.stack([paths[choice].weights[at] for at, choice in enumerate(best)])
    return LinearFit(
        paths[0].standardiser, weights, targets.mean(0), tuple(float(strengths[choice]) for choice in best)
    )


def _ridge_paths(
    standardiser: Standardiser, rows: np.ndarray, targets: np.ndarray, strengths: Sequence[float]
) -> list[LinearFit]:
    """The regression at every strength from one decomposition: in the singular basis a strength is a division."""
    centre = targets.mean(0)
    left, size, right = np.linalg.svd(standardiser(rows), full_matrices=False)
    projected = left.T @ (targets - centre)
    return [
        LinearFit(standardiser, ((size / (size**2 + strength))[:, None] * projected).T @ right, centre, (strength,))
        for strength in strengths
    ]


def fit_softmax(
    rows: np.ndarray,
    shares: np.ndarray,
    artists: np.ndarray,
    strengths: Sequence[float] = SOFTMAX_STRENGTHS,
) -> LinearFit:
    """Classes from shares (one-hot, or of the listeners). The strength with the best macro-F1 of four folds by artist
    within these tracks wins."""
    labels = shares.argmax(1)
    inner = splits(folds(labels, artists, seed=0, parts=4))
    scores = []
    for strength in strengths:
        guess = np.zeros(len(rows), np.int64)
        for train, test in inner:
            guess[test] = softmax_regression(rows[train], shares[train], strength)(rows[test]).argmax(1)
        scores.append(macro_f1(labels, guess, shares.shape[1]))
    return softmax_regression(rows, shares, float(strengths[int(np.argmax(scores))]))


def softmax_regression(rows: np.ndarray, shares: np.ndarray, strength: float) -> LinearFit:
    standardiser = Standardiser.of(rows)
    inputs, targets = torch.from_numpy(standardiser(rows)), torch.from_numpy(shares)
    # A rare class gets as much weight in all as a frequent one; a class without tracks gets none.
    targets = targets / targets.mean(0).clamp_min(1e-9) / targets.shape[1]
    weights = torch.zeros(shares.shape[1], rows.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(shares.shape[1], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=25, history_size=8, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        logs = (inputs @ weights.T + bias).log_softmax(1)
        loss = -(targets * logs).sum() + 0.5 * strength * weights.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return LinearFit(standardiser, weights.detach().numpy(), bias.detach().numpy(), (strength,))
