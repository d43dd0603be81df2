"""Turns a face in a picture into the input of the models: grey, upright, 48 pixels wide, at a common brightness.

The training faces are 48×48 and grey, so every camera picture is brought to exactly that. No model here learnt from
larger crops.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class Framing:
    """Where a face lies in its crop, in shares of the crop's side; part of the weights' metadata.

    The values are medians over the faces of FER2013, with the landmarks that the detector finds.
    """

    side: int = 48
    eyes_x: float = 0.50
    eyes_y: float = 0.38
    eye_distance: float = 0.364
    eyes_to_mouth: float = 0.393

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


FRAMING = Framing()
LARGER = 1.04
"""How much the larger of a face's two measures exceeds either alone, in the median of the training faces. The scale
corrects for it, or every crop would show the face smaller than in the training."""


def placement(landmarks: np.ndarray, side: int, framing: Framing = FRAMING) -> np.ndarray:
    """(2, 3): the matrix from the picture to a crop of `side` pixels, turned so that the eyes are level.

    `landmarks` (5, 2): the person's right eye (on the left of an upright picture), left eye, nose, mouth corners.
    """
    left, right = np.asarray(landmarks[0], float), np.asarray(landmarks[1], float)
    eyes, mouth = (left + right) / 2, np.mean(landmarks[3:5], axis=0)
    # A turned head shortens the distance of the eyes, a nodding one that of the mouth: the longer one gives the scale.
    wide = np.hypot(*(right - left)) / framing.eye_distance
    high = np.hypot(*(mouth - eyes)) / framing.eyes_to_mouth
    scale = LARGER * side / max(wide, high, 1e-6)
    angle = np.arctan2(right[1] - left[1], right[0] - left[0])
    turn = scale * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    goal = side * np.array([framing.eyes_x, framing.eyes_y])
    return np.hstack([turn, (goal - turn @ eyes)[:, None]])


def crop(picture: np.ndarray, landmarks: np.ndarray, side: int | None = None, framing: Framing = FRAMING) -> np.ndarray:
    """The aligned face of an RGB or grey picture, (side, side[, 3]); its border continues beyond the edge.

    The face is cut at a whole multiple of the final size and averaged down: a warp straight to 48 pixels would skip
    most pixels of a large face, which leaves noise and jagged edges.
    """
    side = side or framing.side
    matrix = placement(landmarks, side, framing)
    shrink = 1 / np.sqrt(np.abs(np.linalg.det(matrix[:, :2])))
    times = int(np.clip(np.ceil(shrink), 1, 16))
    big = cv2.warpAffine(
        picture, matrix * times, (side * times, side * times), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return big if times == 1 else cv2.resize(big, (side, side), interpolation=cv2.INTER_AREA)


def grey(picture: np.ndarray) -> np.ndarray:
    """The picture in grey, (height, width)."""
    return picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)


def squeeze(picture: np.ndarray, framing: Framing = FRAMING) -> np.ndarray:
    """A picture that already is a face crop, in grey and at the size of the models."""
    small = grey(picture)
    if small.shape != (framing.side, framing.side):
        shrinking = min(small.shape) > framing.side
        method = cv2.INTER_AREA if shrinking else cv2.INTER_CUBIC
        small = cv2.resize(small, (framing.side, framing.side), interpolation=method)
    return small


def to_tensor(faces: np.ndarray) -> Tensor:
    """(faces, 48, 48) of 8 bits → (faces, 1, 48, 48) between 0 and 1."""
    return torch.from_numpy(np.ascontiguousarray(faces)).unsqueeze(1).float() / 255


def even_light(faces: Tensor) -> Tensor:
    """Normalises every face to mean 0 and standard deviation 1: the light of a room says nothing about a mood."""
    mean = faces.mean((2, 3), keepdim=True)
    spread = faces.std((2, 3), keepdim=True, correction=0)
    return (faces - mean) / spread.clamp_min(0.02)


def resize(faces: Tensor, size: int) -> Tensor:
    """Resizes to a member's input size; training and the app do it alike."""
    if faces.shape[-1] == size:
        return faces
    return functional.interpolate(faces, size=(size, size), mode="bilinear", align_corners=False)
