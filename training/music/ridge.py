"""Linear models for a few hundred tracks: ridge regression in closed form, softmax regression, and how strong to hold
them back. Never imported by the app, which only multiplies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from inference.metrics import macro_f1
from training.music.folds import folds, splits

STRENGTHS = tuple(np.geomspace(10, 1000, 9))
SOFTMAX_STRENGTHS = (10.0, 30.0, 100.0, 300.0)


@dataclass(frozen=True)
class Standard:
    """Mean and standard deviation of the tracks something is fitted on."""

    mean: np.ndarray
    std: np.ndarray

    @classmethod
    def of(cls, rows: np.ndarray) -> Standard:
        return cls(rows.mean(0), np.maximum(rows.std(0), 1e-9))

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        return np.clip((rows - self.mean) / self.std, -3.0, 3.0)


@dataclass(frozen=True)
class Fitted:
    """A standard, the weights of the standardised features, and what is added."""

    standard: Standard
    weights: np.ndarray
    bias: np.ndarray
    strengths: tuple[float, ...]

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        return self.standard(rows) @ self.weights.T + self.bias


def fit_ridge(
    rows: np.ndarray, targets: np.ndarray, artists: np.ndarray, strengths: Sequence[float] = STRENGTHS
) -> Fitted:
    """Each target with its own strength, chosen by five folds by artist within these very tracks."""
    errors = np.zeros((len(strengths), targets.shape[1]))
    for train, test in splits(folds(np.zeros(len(rows)), artists, seed=0)):
        paths = _ridge_paths(Standard.of(rows[train]), rows[train], targets[train], strengths)
        errors += [((fitted(rows[test]) - targets[test]) ** 2).sum(0) for fitted in paths]
    best = errors.argmin(0)
    paths = _ridge_paths(Standard.of(rows), rows, targets, strengths)
    weights = np.stack([paths[choice].weights[at] for at, choice in enumerate(best)])
    return Fitted(paths[0].standard, weights, targets.mean(0), tuple(float(strengths[choice]) for choice in best))


def _ridge_paths(standard: Standard, rows: np.ndarray, targets: np.ndarray, strengths: Sequence[float]) -> list[Fitted]:
    """The regression at every strength, for the price of one: in the basis of the singular vectors it is a division."""
    centre = targets.mean(0)
    left, size, right = np.linalg.svd(standard(rows), full_matrices=False)
    projected = left.T @ (targets - centre)
    return [
        Fitted(standard, ((size / (size**2 + strength))[:, None] * projected).T @ right, centre, (strength,))
        for strength in strengths
    ]


def fit_softmax(
    rows: np.ndarray,
    shares: np.ndarray,
    artists: np.ndarray,
    strengths: Sequence[float] = SOFTMAX_STRENGTHS,
) -> Fitted:
    """Classes from shares (one-hot, or what part of the listeners said so), every class counting alike.

    The strength is chosen by the macro-F1 of four folds by artist within these very tracks.
    """
    labels = shares.argmax(1)
    inner = splits(folds(labels, artists, seed=0, parts=4))
    found = []
    for strength in strengths:
        guess = np.zeros(len(rows), np.int64)
        for train, test in inner:
            guess[test] = softmax_regression(rows[train], shares[train], strength)(rows[test]).argmax(1)
        found.append(macro_f1(labels, guess, shares.shape[1]))
    return softmax_regression(rows, shares, float(strengths[int(np.argmax(found))]))


def softmax_regression(rows: np.ndarray, shares: np.ndarray, strength: float) -> Fitted:
    standard = Standard.of(rows)
    inputs, targets = torch.from_numpy(standard(rows)), torch.from_numpy(shares)
    # Every class counts alike: of what the listeners said, a rare class gets as much weight in all as a frequent one.
    # A class that nobody brought (of one's own tracks) gets none.
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
    return Fitted(standard, weights.detach().numpy(), bias.detach().numpy(), (strength,))
