"""Generates short sequences of one face from a single picture of it: speaking, still, or with a head that turns.

There are no films among the data. So the mouth of a picture is warped open and closed, and in every frame the face
sits a little differently in its crop, as a detector places it. A generated mouth is no real one: it shows what an
opening alone does to a reading, not how people look while they speak.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fer.faces import Finder
from fer.features import FRAMING

FRAMES = 5
ENLARGED = 4
"""The mouth is warped at so many times the size of the crop: at 48 pixels, a step of one pixel would show."""
MANNERS = {"quiet": (0.25, 0.6), "lively": (0.6, 1.0)}
"""How people speak: between which heights, in widths of the mouth, each person's widest opening lies."""
_MARGIN = 48
"""Grey pixels around an enlarged crop, so that the detector finds a face that fills the crop."""


@dataclass(frozen=True)
class Mouth:
    """The line of a level mouth, in pixels of its picture."""

    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Speech:
    """How one person's mouth moves in a sequence."""

    openings: np.ndarray
    """Of each frame: the height of the opening, in widths of the mouth."""
    stretches: np.ndarray
    """Of each frame: the width of the mouth, in its usual widths."""
    shows_teeth: bool


def find_mouth(face: np.ndarray, finder: Finder) -> Mouth | None:
    """The mouth of a 48×48 crop; None where the detector finds none that is level and in its place."""
    large = cv2.resize(face, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
    framed = np.pad(large, _MARGIN, constant_values=114)
    found = finder.find(cv2.cvtColor(framed, cv2.COLOR_GRAY2RGB))
    if not found:
        return None
    left, right = (found[0].points[3:5] - _MARGIN) / ENLARGED
    is_level = abs(right[1] - left[1]) < 0.25 * abs(right[0] - left[0])
    x, y = (left + right) / 2
    width, side = float(np.hypot(*(right - left))), FRAMING.side
    in_place = 0.3 * side < x < 0.7 * side and 0.6 * side < y < 0.92 * side
    return Mouth(float(x), float(y), width) if is_level and in_place and 0.15 * side < width < 0.6 * side else None


def speech(rng: np.random.Generator, manner: str = "quiet", frames: int = FRAMES) -> Speech:
    """Openings of a mouth at moments longer apart than a syllable: each frame is independent of the one before.

    In a third of the moments the lips are closed, as in speech with its pauses and its m, b and p.
    """
    widest = rng.uniform(*MANNERS[manner])
    openings = widest * rng.beta(1.6, 1.4, frames) * (rng.random(frames) > 1 / 3)
    return Speech(openings, rng.uniform(0.8, 1.1, frames), bool(rng.random() < 0.5))


def speaking(
    face: np.ndarray, mouth: Mouth, rng: np.random.Generator, manner: str = "quiet", frames: int = FRAMES
) -> np.ndarray:
    """(frames, 48, 48): the face while its mouth moves."""
    said = speech(rng, manner, frames)
    large = cv2.resize(face, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
    big_mouth = Mouth(ENLARGED * (mouth.x + 0.5) - 0.5, ENLARGED * (mouth.y + 0.5) - 0.5, ENLARGED * mouth.width)
    moved = [
        opened(large, big_mouth, opening, stretch, said.shows_teeth)
        for opening, stretch in zip(said.openings, said.stretches, strict=True)
    ]
    return np.stack([_seen(picture, face.shape[0], rng) for picture in moved])


def still(face: np.ndarray, rng: np.random.Generator, frames: int = FRAMES) -> np.ndarray:
    """(frames, 48, 48): the face while nothing in it moves."""
    large = cv2.resize(face, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
    return np.stack([_seen(large, face.shape[0], rng) for _ in range(frames)])


def turning(face: np.ndarray, rng: np.random.Generator, frames: int = FRAMES) -> np.ndarray:
    """(frames, 48, 48): a silent face whose head turns a little, as a change of perspective."""
    side = face.shape[0]
    far = ENLARGED * side - 1
    large = cv2.resize(face, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
    corners = np.array([[0, 0], [far, 0], [far, far], [0, far]], np.float32)
    turned = []
    for by in np.cumsum(rng.normal(0, 0.04 * far, frames)):
        moves = [[by, 0.6 * abs(by)], [0.3 * by, -0.2 * abs(by)], [0.3 * by, 0], [by, -0.6 * abs(by)]]
        matrix = cv2.getPerspectiveTransform(corners, corners + np.array(moves, np.float32))
        turned.append(cv2.warpPerspective(large, matrix, large.shape[::-1], borderMode=cv2.BORDER_REPLICATE))
    return np.stack([_seen(picture, side, rng) for picture in turned])


def opened(picture: np.ndarray, mouth: Mouth, opening: float, stretch: float = 1.0, teeth: bool = False) -> np.ndarray:
    """A picture, grey or RGB, with its mouth opened by `opening` widths of the mouth and as wide as `stretch` says.

    The upper lip rises by 30 % of the opening, and lower lip and jaw sink by the rest; cheeks and nose stay.
    """
    height, width = picture.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    along, below = (x - mouth.x) / (mouth.width / 2), (y - mouth.y) / mouth.width
    near = np.exp(-((along / 1.5) ** 2) - (below / 0.6) ** 2)
    along = along / (1 + (stretch - 1) * near)
    gap = np.sqrt(np.clip(1 - along**2, 0, None))  # the shape of the opening, 1 in its middle
    rise, sink = 0.3 * opening * gap, 0.7 * opening * gap
    jaw = np.exp(-((along / 1.6) ** 2))
    fade_up = np.clip(1 - (-below - rise) / 0.6, 0, 1)
    down = np.clip((below - sink) / 0.5, 0, 1)
    lower = 0.7 * opening * (gap + (jaw - gap) * down)
    moved = np.where(below < 0, rise * fade_up, -lower)
    source_x = mouth.x + along * mouth.width / 2
    warped = cv2.remap(
        picture,
        source_x.astype(np.float32),
        (y + moved * mouth.width).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    edge = 1.5 / mouth.width  # one and a half pixels of softness
    inside = np.clip((below + rise) / edge, 0, 1) * np.clip((sink - below) / edge, 0, 1) * (gap > 0)
    return _blend(warped, _inside(picture, mouth, below, rise + sink, rise, teeth), inside)


def _inside(
    picture: np.ndarray, mouth: Mouth, below: np.ndarray, opening: np.ndarray, rise: np.ndarray, teeth: bool
) -> np.ndarray:
    """What an open mouth shows: dark, lighter towards the tongue, and the upper teeth where they show."""
    top, bottom = (int(mouth.y + share * mouth.width) for share in (-0.4, 0.4))
    left, right = (int(mouth.x + share * mouth.width) for share in (-0.6, 0.6))
    around = picture[max(0, top) : max(1, bottom), max(0, left) : max(1, right)]
    dark, light = np.percentile(around, 5), np.percentile(around, 90)
    depth = np.clip((below + rise) / np.maximum(opening, 1e-6), 0, 1)
    shade = dark * (0.4 + 0.4 * depth)
    if teeth:
        shade = np.where((depth < 0.35) & (opening > 0.12), 0.9 * light, shade)
    return shade.astype(np.float32)


def _blend(picture: np.ndarray, shade: np.ndarray, share: np.ndarray) -> np.ndarray:
    if picture.ndim == 3:
        shade, share = shade[..., None], share[..., None]
    return np.clip(picture * (1 - share) + shade * share, 0, 255).astype(np.uint8)


def _seen(large: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """One frame: the crop sits a little differently, the light flickers a little, and the camera adds noise."""
    middle = ENLARGED * side / 2
    matrix = cv2.getRotationMatrix2D((middle, middle), rng.normal(0, 1.2), rng.normal(1, 0.015))
    matrix[:, 2] += rng.normal(0, 0.4 * ENLARGED, 2)
    placed = cv2.warpAffine(large, matrix, large.shape[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    small = cv2.resize(placed, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.clip(small * rng.normal(1, 0.03) + rng.normal(0, 2.0, small.shape), 0, 255).astype(np.uint8)
