"""Reads several frames of one moment as one face: the mean of their scores, with less surprise while the mouth speaks.

A mouth that is open because it speaks looks surprised. Speech opens and closes it within the second and a half of the
frames; surprise keeps it open. So where the mouth moves, the geometric mean of the surprise takes the place of the
mean: few frames without surprise outweigh many with it. `python -m training.face.speaking` measures the rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import cv2
import numpy as np

from emotions import EMOTIONS
from fer.predict import FaceReading
from inference.calibration import is_sure
from reading import Refusal

FRAMES = 5
"""How many frames the camera takes."""
SECONDS = 1.5
"""From the first frame to the last."""
STILL, SPEAKING = 0.15, 0.5
"""`mouth_movement` up to which a mouth is still, and from which it speaks; the rule grows between them."""
_SURPRISE = EMOTIONS.index("surprise")
# Rows and columns of a 48×48 crop.
_MOUTH = (slice(29, 46), slice(11, 37))
_UPPER_FACE = (slice(4, 29), slice(5, 43))
"""Brows, eyes and nose."""
_NOISE = 0.1
"""Of the change of the upper face: below it a change is the camera's noise."""

_LEAST_SCORE = 1e-6
"""A single frame without any surprise is no proof that there was none."""
_RIDGE = 1e-3
_FARTHEST = np.array([8.0, 8.0, np.inf, np.inf, 0.3, 0.3])
"""Pixels, and shares: frames of one moment are no further apart, and a wild step must not leave the crop."""

Frame = TypeVar("Frame")
Region = tuple[slice, slice]


def middle(frames: Sequence[Frame]) -> Frame:
    """The frame in the middle: the picture that stands for all of them until they are read."""
    return frames[len(frames) // 2]


def combine(answers: Sequence[FaceReading | Refusal], margin: float) -> FaceReading | Refusal:
    """One answer of the answers to each frame; a refusal where fewer than half of the frames can be read.

    The face and the crop are those of the frame whose scores are nearest to the result.
    """
    readings = {number: answer for number, answer in enumerate(answers) if isinstance(answer, FaceReading)}
    if not readings or 2 * len(readings) < len(answers):
        return _most_frequent([answer for answer in answers if isinstance(answer, Refusal)])
    each = list(readings.values())
    scores = np.array([_row(reading.scores) for reading in each])
    movement = mouth_movement([reading.crop for reading in each])
    mixed = mixed_scores(scores, movement)
    best = min(readings, key=lambda number: _distance(readings[number], mixed))
    return replace(
        readings[best],
        scores=_named(mixed),
        sure=bool(is_sure(mixed, margin)),
        quality={
            **_mean([reading.quality for reading in each]),
            "frames": float(len(each)),
            "mouth_movement": round(movement, 4),
        },
        members={
            name: _named(np.mean([_row(reading.members[name]) for reading in each], axis=0)) for name in each[0].members
        },
        frame=best,
    )


def mixed_scores(scores: np.ndarray, movement: float, ramp: tuple[float, float] = (STILL, SPEAKING)) -> np.ndarray:
    """(moods,): the mean of scores (frames, moods); the more the mouth moves, the less surprise it has."""
    mean, (still, speaking) = scores.mean(0), ramp
    speaks = float(np.clip((movement - still) / (speaking - still), 0, 1))
    in_all = np.exp(np.log(np.maximum(scores[:, _SURPRISE], _LEAST_SCORE)).mean())
    mean[_SURPRISE] += speaks * (in_all - mean[_SURPRISE])
    return mean / mean.sum()


def mouth_movement(crops: Sequence[np.ndarray]) -> float:
    """How much more the mouth changes its shape from frame to frame than brows, eyes and nose; 0 for a single frame.

    The frames are first laid over one another by the upper face, because a detector places each crop differently, and
    then the mouths by themselves: in a head that turns, the whole mouth moves.
    """
    if len(crops) < 2:
        return 0.0
    faces = [_even(crop) for crop in crops]
    fixed = middle(faces)
    laid = [face if face is fixed else _laid_over(fixed, face, _UPPER_FACE, turns=True) for face in faces]
    mouths = [face if face is fixed else _laid_over(fixed, face, _MOUTH, turns=False) for face in laid]
    rest = float(np.std(laid, axis=0)[_UPPER_FACE].mean())
    mouth = float(np.std(mouths, axis=0)[_MOUTH].mean())
    return max(0.0, (mouth - rest) / (rest + _NOISE))


def _even(crop: np.ndarray) -> np.ndarray:
    soft = cv2.GaussianBlur(crop.astype(np.float64), (0, 0), 0.8)
    return (soft - soft.mean()) / max(float(soft.std()), 5.0)


def _laid_over(fixed: np.ndarray, moved: np.ndarray, region: Region, turns: bool, steps: int = 4) -> np.ndarray:
    """The moved face, shifted and lit so that it fits the fixed one in a region (Gauss-Newton).

    With `turns` it may also be turned and scaled.
    """
    side = fixed.shape[0]
    centre = (side - 1) / 2
    down, right = np.mgrid[:side, :side] - centre
    found = np.zeros(6 if turns else 4)  # shift to the right and down, gain, offset, turn, growth
    laid = moved
    for _ in range(steps):
        slope_down, slope_right = np.gradient(laid)
        effects = [slope_right, slope_down, laid, np.ones_like(laid)]
        if turns:
            effects += [right * slope_down - down * slope_right, right * slope_right + down * slope_down]
        found += _least_squares([effect[region] for effect in effects], (fixed - laid)[region])
        found = np.clip(found, -_FARTHEST[: found.size], _FARTHEST[: found.size])
        turn, growth = found[4:] if turns else (0.0, 0.0)
        matrix = np.array([[1 + growth, -turn, 0.0], [turn, 1 + growth, 0.0]])
        matrix[:, 2] = centre + found[:2] - matrix[:, :2] @ np.full(2, centre)
        laid = cv2.warpAffine(
            moved, matrix, (side, side), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
        )
    gain, offset = _least_squares([laid[region], np.ones_like(laid[region])], fixed[region])
    return gain * laid + offset


def _least_squares(columns: Sequence[np.ndarray], goal: np.ndarray) -> np.ndarray:
    """The factors of the columns whose sum is nearest to the goal. The ridge answers for a region without contrast."""
    flat = np.stack([column.ravel() for column in columns])
    return np.linalg.solve(flat @ flat.T + _RIDGE * np.eye(len(flat)), flat @ goal.ravel())


def _most_frequent(refusals: Sequence[Refusal]) -> Refusal:
    code = Counter(refusal.code for refusal in refusals).most_common(1)[0][0]
    return next(refusal for refusal in refusals if refusal.code == code)


def _distance(reading: FaceReading, scores: np.ndarray) -> tuple[bool, float]:
    """How far a reading is from the scores; one with another best mood is further than all with the same."""
    is_other = EMOTIONS[int(scores.argmax())] != reading.label
    return is_other, float(np.abs(_row(reading.scores) - scores).sum())


def _mean(qualities: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: round(float(np.mean([quality[name] for quality in qualities])), 4) for name in qualities[0]}


def _row(scores: Mapping[str, float]) -> np.ndarray:
    return np.array([scores[emotion] for emotion in EMOTIONS])


def _named(scores: np.ndarray) -> dict[str, float]:
    return dict(zip(EMOTIONS, scores.tolist(), strict=True))
