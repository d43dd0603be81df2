"""A person's own voice, and its twin, their own face: a small correction on top of a frozen model, learnt from entries
the person confirmed.

People differ in how they sound and look when calm; a model that takes one person's calm for sadness does so every time.
So the correction is one number a mood, added to the log-scores. It is learnt from the seven scores that the diary keeps
anyway, never from sound or pictures, and tells nothing about who the person is.

It cannot hurt much: it is pulled towards nothing, and leave-one-out over the confirmed entries decides how far it may
go, "not at all" included. With no entries it is the identity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from emotions import EMOTIONS
from inference.calibration import is_sure
from reading import Reading

STRENGTHS = (0.0, 0.3, 0.6, 1.0, 1.5)
"""Standard deviations of the prior on each number: 0 is no correction."""
FEWEST = 3
"""Below this many confirmed entries leave-one-out cannot tell luck from a habit."""
LAST = 128
"""Voices and faces change with years, microphones and cameras: only the latest entries count."""
_STEPS = 8


@dataclass(frozen=True)
class Correction:
    """What is added to each mood's log-score."""

    offset: tuple[float, ...] = (0.0,) * len(EMOTIONS)
    strength: float = 0.0

    def apply(self, reading: Reading, margin: float = 0.0) -> Reading:
        """The reading as this person's; `margin` is the recogniser's, for what is sure."""
        if not any(self.offset):
            return reading
        scores = _scores(_log(reading.scores)[None] + np.array(self.offset))[0]
        told = dict(zip(EMOTIONS, scores.tolist(), strict=True))
        return replace(
            reading, scores=told, sure=bool(is_sure(scores, margin)), model=f"{reading.model} + own {reading.source}"
        )


def learn(confirmed: Sequence[tuple[Mapping[str, float], str]]) -> Correction:
    """From (the model's scores, the mood the person confirmed), oldest first. Scores before any correction."""
    confirmed = list(confirmed)[-LAST:]
    if len(confirmed) < FEWEST:
        return Correction()
    logs = np.stack([_log(scores) for scores, _ in confirmed])
    truth = np.array([EMOTIONS.index(mood) for _, mood in confirmed])
    losses = [_left_out_losses(logs, truth, strength) for strength in STRENGTHS]
    # One standard error: a correction must clearly earn its place.
    best = int(np.argmin([np.mean(loss) for loss in losses]))
    gain = losses[0] - losses[best]
    if best == 0 or gain.mean() < gain.std() / np.sqrt(len(gain)):
        return Correction()
    return Correction(tuple(fit_offset(logs, truth, STRENGTHS[best]).tolist()), STRENGTHS[best])


def fit_offset(logs: np.ndarray, truth: np.ndarray, strength: float) -> np.ndarray:
    """The most likely offset under a normal prior of this standard deviation (Newton's method; the loss is convex)."""
    classes = logs.shape[1]
    offset = np.zeros(classes)
    if strength == 0 or not len(logs):
        return offset
    wanted = np.bincount(truth, minlength=classes)
    for _ in range(_STEPS):
        scores = _scores(logs + offset)
        slope = scores.sum(0) - wanted + offset / strength**2
        bend = np.diag(scores.sum(0)) - scores.T @ scores + np.eye(classes) / strength**2
        offset = offset - np.linalg.solve(bend, slope)
    return offset


def _left_out_losses(logs: np.ndarray, truth: np.ndarray, strength: float) -> np.ndarray:
    """For each entry, the surprise at its mood under an offset learnt from the others.

    As `fit_offset` would learn each, all at once: a reading waits for this, and one after the other takes a hundred
    times as long.
    """
    count, classes = logs.shape
    offsets = np.zeros((count, classes))
    own = np.eye(classes)[truth]
    # Each row's largest is 1, so that no sum is ever nothing.
    grown = np.exp(logs - logs.max(1, keepdims=True))
    products = (grown[:, :, None] * grown[:, None, :]).reshape(count, -1)
    others = 1.0 - np.eye(count)
    for _ in range(_STEPS if strength else 0):
        factors = np.exp(offsets)
        share = others / (factors @ grown.T)
        scores = factors * (share @ grown)
        slope = scores - (own.sum(0) - own) + offsets / strength**2
        both = factors[:, :, None] * factors[:, None, :] * (share**2 @ products).reshape(count, classes, classes)
        bend = scores[:, :, None] * np.eye(classes) - both + np.eye(classes) / strength**2
        offsets = offsets - np.linalg.solve(bend, slope[..., None])[..., 0]
    return -np.log(_scores(logs + offsets)[np.arange(count), truth] + 1e-9)


def _log(scores: Mapping[str, float]) -> np.ndarray:
    return np.log(np.maximum([scores[name] for name in EMOTIONS], 1e-4))


def _scores(logs: np.ndarray) -> np.ndarray:
    grown = np.exp(logs - logs.max(1, keepdims=True))
    return grown / grown.sum(1, keepdims=True)
