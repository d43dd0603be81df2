"""Personalises a recogniser of voice or face: an offset for each mood, added to the log-scores of a frozen model.

People differ in how they sound and look when calm, and a model that reads one person's calm as sadness repeats that
error. The offsets are learnt from moods that the person confirmed and from stored scores, never from sound or pictures.

Where strangers were measured (inference/strangers.py), the offset is the person's most likely difference from them.
Else a normal prior keeps the offsets small, and leave-one-out over the confirmed entries chooses its strength. Either
way a correction that would not have helped with the entries left out is not used; without entries it is the identity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from emotions import EMOTIONS
from inference.calibration import is_sure
from inference.strangers import Strangers
from reading import Reading

STRENGTHS = (0.0, 0.3, 0.6, 1.0, 1.5)
"""Standard deviations of the prior on each offset; 0 means no correction."""
FEWEST = 5
"""With fewer confirmed entries leave-one-out cannot tell chance from a pattern."""
LAST = 128
"""Only the latest entries count: voices and faces change with years, microphones and cameras."""
LEAST = 1e-4
"""Scores count as this at least."""
_STEPS = 8
"""Of Newton's method."""


@dataclass(frozen=True)
class Correction:
    """The offset of each mood's log-score."""

    offset: tuple[float, ...] = (0.0,) * len(EMOTIONS)
    strength: float = 0.0
    model: str = ""
    """The model whose scores it was learnt from; another model's readings stay as they are. Empty: any model's."""

    def apply(self, reading: Reading, margin: float = 0.0) -> Reading:
        """The corrected reading; `margin` is the recogniser's and decides whether it is sure."""
        if not any(self.offset) or self.model not in ("", reading.model):
            return reading
        scores = _scores(_log(reading.scores)[None] + np.array(self.offset))[0]
        return replace(
            reading,
            scores=dict(zip(EMOTIONS, scores.tolist(), strict=True)),
            sure=bool(is_sure(scores, margin)),
            model=f"{reading.model} + own {reading.source}",
        )


def learn(confirmed: Sequence[tuple[Mapping[str, float], str]], strangers: Strangers | None = None) -> Correction:
    """Learns from pairs of the model's uncorrected scores and the mood that the person confirmed, oldest first.

    `strangers` is what was measured for this model.
    """
    confirmed = list(confirmed)[-LAST:]
    if len(confirmed) < FEWEST:
        return Correction()
    logs = np.stack([_log(scores) for scores, _ in confirmed])
    truth = np.array([EMOTIONS.index(mood) for _, mood in confirmed])
    if strangers is not None:
        return _by_difference(logs, truth, strangers)
    losses = [_left_out_losses(logs, truth, strength) for strength in STRENGTHS]
    # The one-standard-error rule: a correction must be clearly better than none.
    best = int(np.argmin([np.mean(loss) for loss in losses]))
    gain = losses[0] - losses[best]
    if best == 0 or gain.mean() < gain.std() / np.sqrt(len(gain)):
        return Correction()
    return Correction(tuple(fit_offset(logs, truth, STRENGTHS[best]).tolist()), STRENGTHS[best])


def _by_difference(logs: np.ndarray, truth: np.ndarray, strangers: Strangers) -> Correction:
    """Takes the person's difference out, if that helps on average with each entry left out."""
    without_one = logs - strangers.differences_without_one(logs, truth)
    if _losses(without_one, truth).mean() >= _losses(logs, truth).mean():
        return Correction()
    return Correction(tuple((-strangers.difference(logs, truth)).tolist()), strength=1.0)


def fit_offset(logs: np.ndarray, truth: np.ndarray, strength: float) -> np.ndarray:
    """The most likely offsets under a normal prior of this standard deviation (Newton's method; the loss is convex)."""
    classes = logs.shape[1]
    offset = np.zeros(classes)
    if strength == 0 or not len(logs):
        return offset
    counts = np.bincount(truth, minlength=classes)
    for _ in range(_STEPS):
        scores = _scores(logs + offset)
        gradient = scores.sum(0) - counts + offset / strength**2
        hessian = np.diag(scores.sum(0)) - scores.T @ scores + np.eye(classes) / strength**2
        offset = offset - np.linalg.solve(hessian, gradient)
    return offset


def _left_out_losses(logs: np.ndarray, truth: np.ndarray, strength: float) -> np.ndarray:
    """For each entry, the negative log-likelihood of its mood under offsets learnt from the others.

    The same as `fit_offset` without each entry in turn, but vectorised: a reading waits for this, and a loop takes a
    hundred times as long.
    """
    count, classes = logs.shape
    offsets = np.zeros((count, classes))
    one_hot = np.eye(classes)[truth]
    # The largest of each row is 1, so that no sum is zero.
    likelihoods = np.exp(logs - logs.max(1, keepdims=True))
    products = (likelihoods[:, :, None] * likelihoods[:, None, :]).reshape(count, -1)
    others = 1.0 - np.eye(count)
    for _ in range(_STEPS if strength else 0):
        factors = np.exp(offsets)
        share = others / (factors @ likelihoods.T)
        scores = factors * (share @ likelihoods)
        gradient = scores - (one_hot.sum(0) - one_hot) + offsets / strength**2
        outer = factors[:, :, None] * factors[:, None, :] * (share**2 @ products).reshape(count, classes, classes)
        hessian = scores[:, :, None] * np.eye(classes) - outer + np.eye(classes) / strength**2
        offsets = offsets - np.linalg.solve(hessian, gradient[..., None])[..., 0]
    return _losses(logs + offsets, truth)


def _losses(logs: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """The negative log-likelihood of each mood."""
    return -np.log(_scores(logs)[np.arange(len(truth)), truth] + 1e-9)


def _log(scores: Mapping[str, float]) -> np.ndarray:
    return np.log(np.maximum([scores[name] for name in EMOTIONS], LEAST))


def _scores(logs: np.ndarray) -> np.ndarray:
    exponentials = np.exp(logs - logs.max(1, keepdims=True))
    return exponentials / exponentials.sum(1, keepdims=True)
