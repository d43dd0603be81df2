"""Measures whether a face is good enough to read, and refuses it with a named reason where it is not.

The thresholds are percentiles of the faces of FER2013, which the models were trained on. How accuracy changes near
them has not been measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fer.faces import Face
from fer.features import FRAMING
from reading import Refusal

FEWEST_PIXELS = 10.0
"""Between the eyes: a face about 28 pixels wide, where the models read 48."""
DARKEST = 0.09
"""The 95th percentile of the face's brightness, 0 to 1."""
FLATTEST = 0.02
"""The standard deviation of the face's brightness: less in fog, in glare, or with a finger on the lens."""
BLURRIEST = 0.025
"""`sharpness`: the share of detail in the 48-pixel face that one more small blur removes."""
MOST_TURNED = 1.0
"""`Face.turn` of a profile: the nose is level with an eye."""


@dataclass(frozen=True)
class FaceQuality:
    """Measured facts about one face."""

    eye_pixels: float
    brightness: float
    contrast: float
    sharpness: float
    turn: float
    confidence: float

    @property
    def weight(self) -> float:
        """The weight in the fusion with voice and words: 1 for a good portrait, towards 0 at the thresholds."""
        return float(
            _ramp(self.eye_pixels, FEWEST_PIXELS / 2, 24)
            * _ramp(self.brightness, DARKEST / 2, 0.3)
            * _ramp(self.contrast, FLATTEST / 2, 0.08)
            * _ramp(self.sharpness, BLURRIEST / 2, 0.07)
            * (1 - 0.7 * min(self.turn, 1.0) ** 2)
        )

    def as_dict(self) -> dict[str, float]:
        """All facts and the weight, rounded."""
        measured = {name: round(float(value), 4) for name, value in vars(self).items()}
        return {**measured, "weight": round(self.weight, 4)}


def measure(crop: np.ndarray, face: Face | None) -> FaceQuality:
    """Measures a grey crop of 48 pixels; without the face in its picture, size and turn are unknown."""
    light = crop.astype(np.float32) / 255
    spread = float(light.std())
    softer = cv2.GaussianBlur(light, (0, 0), 1.0)
    return FaceQuality(
        eye_pixels=face.eye_distance if face else FRAMING.eye_distance * crop.shape[1],
        brightness=float(np.percentile(light, 95)),
        contrast=spread,
        # Relative to the contrast, or every dark picture would count as blurred.
        sharpness=float(np.abs(light - softer).mean() / max(spread, 1e-6)),
        turn=face.turn if face else 0.0,
        confidence=face.confidence if face else 1.0,
    )


def choose(faces: Sequence[Face], chosen: int | None = None) -> Face | Refusal:
    """The face to read; among several the person must choose one.

    Faces too small to be read do not count: a portrait with people passing by is no group picture.
    """
    if not faces:
        return no_face()
    if chosen is not None:
        if not 0 <= chosen < len(faces):
            return Refusal("no_such_face", f"There is no face {chosen}; there are {len(faces)}, counted from 0.")
        return faces[chosen]
    readable = [(number, face) for number, face in enumerate(faces) if face.eye_distance >= FEWEST_PIXELS]
    if len(readable) > 1:
        return Refusal(
            "several_faces",
            f"There are {len(readable)} faces in the picture; say which one to read.",
            {"faces": [{"face": number, "box": [round(v, 1) for v in face.box]} for number, face in readable]},
        )
    return readable[0][1] if readable else faces[0]


def no_face() -> Refusal:
    return Refusal("no_face", "No face was found; look into the camera, with light on the face.")


def refuse(quality: FaceQuality) -> Refusal | None:
    """The reason not to read such a face, or None."""
    for code, bad, message in (
        ("too_small", quality.eye_pixels < FEWEST_PIXELS, "The face is too small; come closer to the camera."),
        ("too_dark", quality.brightness < DARKEST, "The face is too dark; turn towards a light."),
        ("too_flat", quality.contrast < FLATTEST, "The face has no contrast; wipe the lens or change the light."),
        ("too_blurred", quality.sharpness < BLURRIEST, "The face is blurred; hold still and let the camera focus."),
        ("turned_away", quality.turn > MOST_TURNED, "The face is turned away; look towards the camera."),
    ):
        if bad:
            return Refusal(code, message, {"quality": quality.as_dict()})
    return None


def _ramp(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))
