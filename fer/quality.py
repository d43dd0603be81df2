"""Is this face good enough to read? Measured facts, and a named refusal where the answer is no.

The thresholds come from FER2013's own percentiles. Whether accuracy falls there is still to be measured
(`benchmarks/fer_gates.py` prints the curves).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fer.faces import Face
from fer.features import FRAMING, crop, grey
from reading import Refusal

FEWEST_PIXELS = 10.0
"""Between the eyes: a face about 28 pixels wide, little more than half of what the models look at."""
DARKEST = 0.09
"""Brightness of the 95th percentile of the face, of 1."""
FLATTEST = 0.02
"""Spread of the face's brightness, of 1: fog, a lens covered by a finger, glare."""
BLURRIEST = 0.025
"""How much of the detail of the 48-pixel face is lost by one more small blur; measured as `sharpness`."""
MOST_TURNED = 1.0
"""As `Face.turn`: the nose is level with an eye."""


@dataclass(frozen=True)
class Quality:
    """What was measured of one face; `weight` says how far to trust what is read from it."""

    eye_pixels: float
    brightness: float
    contrast: float
    sharpness: float
    turn: float
    confidence: float

    @property
    def weight(self) -> float:
        """1 for a good portrait, towards 0 at the thresholds of refusal."""
        return float(
            _ramp(self.eye_pixels, FEWEST_PIXELS / 2, 24)
            * _ramp(self.brightness, DARKEST / 2, 0.3)
            * _ramp(self.contrast, FLATTEST / 2, 0.08)
            * _ramp(self.sharpness, BLURRIEST / 2, 0.07)
            * (1 - 0.7 * min(self.turn, 1.0) ** 2)
        )

    def as_dict(self) -> dict[str, float]:
        measured = {name: round(float(value), 4) for name, value in vars(self).items()}
        return {**measured, "weight": round(self.weight, 4)}


def measure(picture: np.ndarray, face: Face) -> Quality:
    """Of a face found in an RGB picture."""
    return _measured(grey(crop(picture, face.points)), face.eye_distance, face.turn, face.confidence)


def measure_crop(face: np.ndarray) -> Quality:
    """Of a picture that already is a face crop, 48 pixels wide and grey: size and turn cannot be known."""
    return _measured(face, eye_pixels=FRAMING.eye_distance * face.shape[1], turn=0.0, confidence=1.0)


def _measured(face: np.ndarray, eye_pixels: float, turn: float, confidence: float) -> Quality:
    light = face.astype(np.float32) / 255
    spread = float(light.std())
    softer = cv2.GaussianBlur(light, (0, 0), 1.0)
    return Quality(
        eye_pixels=eye_pixels,
        brightness=float(np.percentile(light, 95)),
        contrast=spread,
        # Relative to the contrast, or every dark picture would be called blurred.
        sharpness=float(np.abs(light - softer).mean() / max(spread, 1e-6)),
        turn=turn,
        confidence=confidence,
    )


def choose(faces: Sequence[Face], wanted: int | None = None) -> tuple[int, Face]:
    """The face to read. Among several the person chooses; nothing is guessed.

    Faces too small to be read are no choice: passers-by do not make a portrait a group.
    """
    if not faces:
        raise Refusal("no_face", "No face was found; look into the camera, with light on the face.")
    if wanted is not None:
        if not 0 <= wanted < len(faces):
            raise Refusal("no_such_face", f"There is no face {wanted}; there are {len(faces)}, counted from 0.")
        return wanted, faces[wanted]
    readable = [(number, face) for number, face in enumerate(faces) if face.eye_distance >= FEWEST_PIXELS]
    if len(readable) > 1:
        raise Refusal(
            "several_faces",
            f"There are {len(readable)} faces in the picture; say which one to read.",
            {"faces": [{"face": number, "box": [round(v, 1) for v in face.box]} for number, face in readable]},
        )
    return readable[0] if readable else (0, faces[0])


def check(quality: Quality) -> None:
    """Raises `Refusal` where reading would be guessing."""
    for code, bad, message in (
        ("too_small", quality.eye_pixels < FEWEST_PIXELS, "The face is too small; come closer to the camera."),
        ("too_dark", quality.brightness < DARKEST, "The face is too dark; turn towards a light."),
        ("too_flat", quality.contrast < FLATTEST, "The face has no contrast; wipe the lens or change the light."),
        ("too_blurred", quality.sharpness < BLURRIEST, "The face is blurred; hold still and let the camera focus."),
        ("turned_away", quality.turn > MOST_TURNED, "The face is turned away; look towards the camera."),
    ):
        if bad:
            raise Refusal(code, message, {"quality": quality.as_dict()})


def _ramp(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))
