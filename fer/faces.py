"""Finds faces with YuNet: boxes and five landmarks. It identifies nobody."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

import settings
from inference.weights import WeightsError

DETECTOR = settings.ASSETS / "weights" / "fer" / "face_detection_yunet_2023mar.onnx"
SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
CONFIDENCE_MIN = 0.7
"""The lowest confidence of a face; a cat has less (tests/fer/test_faces.py)."""
SIDES = (640, 320, 1280)
"""The longest side in pixels of each attempt, until one finds a face. YuNet finds faces of about 10 to 300 pixels, so
a face that fills the picture needs a smaller size, and one across the room a larger one."""


@dataclass(frozen=True)
class Face:
    """One face, in pixels of its picture."""

    box: tuple[float, float, float, float]
    """left, top, width, height"""
    landmarks: tuple[tuple[float, float], ...]
    """The person's right eye, left eye, tip of the nose, right and left corner of the mouth."""
    confidence: float

    @cached_property
    def points(self) -> np.ndarray:
        """The landmarks as an array, (5, 2)."""
        return np.array(self.landmarks)

    @property
    def eye_distance(self) -> float:
        """Pixels between the eyes."""
        return float(np.hypot(*(self.points[1] - self.points[0])))

    @property
    def turn(self) -> float:
        """0 where the nose is midway between the eyes, 1 where it is level with one of them: a profile."""
        left, right, nose = self.points[:3]
        eyes = right - left
        along = float(np.dot(nose - left, eyes) / max(float(np.dot(eyes, eyes)), 1e-6))
        return abs(2 * along - 1)

    def same_in(self, faces: Sequence[Face]) -> Face | None:
        """The face of the same person among those of another frame of this moment: the nearest of a similar size."""

        def distance(other: Face) -> float:
            return float(np.hypot(*(other.middle - self.middle)))

        near = [
            other
            for other in faces
            if distance(other) < self.box[2] and 0.5 < other.box[2] / max(self.box[2], 1e-6) < 2.0
        ]
        return min(near, key=distance, default=None)

    @property
    def middle(self) -> np.ndarray:
        """The middle of the box."""
        left, top, width, height = self.box
        return np.array([left + width / 2, top + height / 2])


class Finder:
    """YuNet, with one copy for each thread: OpenCV's networks keep state between calls."""

    def __init__(self, file: Path = DETECTOR, confidence_min: float = CONFIDENCE_MIN) -> None:
        if not file.is_file():
            raise WeightsError(f"The face detector {file} is missing; restore it with `git checkout -- {file.name}`.")
        content = file.read_bytes()
        if hashlib.sha256(content).hexdigest() != SHA256:
            raise WeightsError(f"The face detector {file} is damaged; restore it with `git checkout -- {file.name}`.")
        self._model = np.frombuffer(content, np.uint8)
        self._confidence_min = confidence_min
        self._of_thread = threading.local()

    def find(self, picture: np.ndarray) -> list[Face]:
        """All faces of an RGB picture, the largest first."""
        # Enlarging a picture to more than twice its size adds no detail.
        for side in dict.fromkeys(min(side, 2 * max(picture.shape[:2])) for side in SIDES):
            faces = self._at(picture, side)
            if faces:
                return faces
        # YuNet finds nothing in the dark; a brightened copy lets fer/quality.py refuse the face with the right reason.
        return self._at(_brightened(picture), min(SIDES[0], 2 * max(picture.shape[:2]))) if picture.mean() < 60 else []

    def _at(self, picture: np.ndarray, side: int) -> list[Face]:
        height, width = picture.shape[:2]
        scale = side / max(height, width)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        resized = cv2.resize(picture, size, interpolation=method)
        # A margin lets YuNet find faces at the edge, and gives the network the sides it divides by 32.
        margin = 32
        framed = cv2.copyMakeBorder(resized, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(114, 114, 114))
        rows = self._detect(cv2.cvtColor(framed, cv2.COLOR_RGB2BGR))
        scale_x, scale_y = size[0] / width, size[1] / height
        faces = [_face(row, margin, scale_x, scale_y) for row in rows]
        return sorted(faces, key=lambda face: -face.box[2] * face.box[3])

    def _detect(self, picture: np.ndarray) -> np.ndarray:
        network = getattr(self._of_thread, "network", None)
        if network is None:
            network = cv2.FaceDetectorYN.create(
                "onnx", self._model, np.empty(0, np.uint8), (320, 320), self._confidence_min, 0.3, 100
            )
            self._of_thread.network = network
        network.setInputSize((picture.shape[1], picture.shape[0]))
        _, rows = network.detect(picture)
        return np.empty((0, 15)) if rows is None else rows


def _face(row: np.ndarray, margin: int, scale_x: float, scale_y: float) -> Face:
    points = (row[4:14].reshape(5, 2) - margin) / (scale_x, scale_y)
    left, top = (row[0] - margin) / scale_x, (row[1] - margin) / scale_y
    return Face(
        box=(float(left), float(top), float(row[2] / scale_x), float(row[3] / scale_y)),
        landmarks=tuple((float(x), float(y)) for x, y in points),
        confidence=float(row[14]),
    )


def _brightened(picture: np.ndarray) -> np.ndarray:
    table = (255 * (np.arange(256) / 255) ** 0.4).astype(np.uint8)
    bright = cv2.LUT(picture, table)
    return cv2.medianBlur(bright, 3)  # brightening amplifies noise most
