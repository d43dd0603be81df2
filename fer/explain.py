"""Explains a reading of a face: Grad-CAM heat maps of each member and of the ensemble, over the face.

A heat map shows which part of the picture a reading rests on. It gives no reason, and no proof that the reading is
right.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from emotions import EMOTIONS
from fer.features import even_light, resize, to_tensor
from fer.model import FaceMember
from fer.predict import Recogniser

REGIONS = {"eyes": (0.2, 0.5), "middle": (0.5, 0.65), "mouth": (0.65, 0.9)}
"""Bands of an upright face, as shares of the height of its crop (fer/features.py)."""


@dataclass(frozen=True)
class FaceExplanation:
    """The heat maps for one mood, each (48, 48) between 0 and 1."""

    mood: str
    ensemble: np.ndarray
    members: Mapping[str, np.ndarray]

    @property
    def region(self) -> str:
        """Where the map of the ensemble is warmest: `eyes`, `middle` (nose and cheeks) or `mouth`."""
        side = len(self.ensemble)
        means = {
            name: float(self.ensemble[int(top * side) : int(bottom * side)].mean())
            for name, (top, bottom) in REGIONS.items()
        }
        return max(means, key=means.__getitem__)


def explain(recogniser: Recogniser, crop: np.ndarray, mood: str | None = None) -> FaceExplanation:
    """Explains `mood`, or the best mood of a face; `crop` is that of its `FaceReading`."""
    if mood is None:
        index = int(np.argmax(recogniser.seven(recogniser.mix.scores(recogniser.logits(crop[None])))[0]))
    else:
        index = EMOTIONS.index(mood)
    members = {name: grad_cam(member, crop, index) for name, member in recogniser.members.items()}
    mixed = np.sum([recogniser.mix.weights[name] * heat for name, heat in members.items()], axis=0)
    return FaceExplanation(EMOTIONS[index], _to_one(mixed), members)


def grad_cam(member: FaceMember, crop: np.ndarray, index: int) -> np.ndarray:
    """(48, 48): the maps of the explained layer, each weighted by its mean gradient for the mood at `index`."""
    captured: list[Tensor] = []
    this_thread = threading.get_ident()

    def capture(module: torch.nn.Module, inputs: object, maps: Tensor) -> None:
        # Other threads may read faces with the same member at this moment.
        if threading.get_ident() == this_thread:
            captured.append(maps)

    hook = member.explained_layer.register_forward_hook(capture)
    try:
        with torch.enable_grad():
            faces = resize(even_light(to_tensor(crop[None])), member.size).requires_grad_()
            score = member(faces).log_softmax(-1)[0, index]
            (gradient,) = torch.autograd.grad(score, captured[0])
    finally:
        hook.remove()
    maps = captured[0].detach()
    heat = functional.relu((gradient.mean((2, 3), keepdim=True) * maps).sum(1, keepdim=True))
    return _to_one(resize(heat, crop.shape[0])[0, 0].numpy())


def overlay(picture: np.ndarray, heat: np.ndarray, strength: float = 0.5) -> np.ndarray:
    """The face, grey or RGB of any size, under the heat map: (height, width, 3), 8 bits."""
    height, width = picture.shape[:2]
    face = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else picture
    fine = cv2.resize(heat.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    # From dark violet over orange to yellow: the brightness alone shows the order, also without colour vision.
    colours = cv2.cvtColor(cv2.applyColorMap((fine * 255).astype(np.uint8), cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB)
    share = strength * fine[..., None]
    return (face * (1 - share) + colours * share).astype(np.uint8)


def as_picture(crop: np.ndarray, heat: np.ndarray, side: int = 384) -> Image.Image:
    """The face under the heat map, enlarged for display."""
    return Image.fromarray(overlay(cv2.resize(crop, (side, side), interpolation=cv2.INTER_CUBIC), heat))


def _to_one(heat: np.ndarray) -> np.ndarray:
    top = float(heat.max())
    return heat / top if top > 0 else heat
