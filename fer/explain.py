"""Where the models looked: Grad-CAM of every member and of the ensemble, laid over the face.

A heat map says which part of the picture a verdict rests on. It is no reason, and no proof that the verdict is right.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from emotions import EMOTIONS
from fer.features import even_light, resize, to_tensor
from fer.labels import seven_of
from fer.model import Member
from fer.predict import Recogniser


@dataclass(frozen=True)
class Heat:
    """What one expression was seen in, (48, 48) between 0 and 1."""

    emotion: str
    ensemble: np.ndarray
    members: Mapping[str, np.ndarray]


def explain(recogniser: Recogniser, crop: np.ndarray, emotion: str | None = None) -> Heat:
    """Heat maps for one expression (the likeliest without any) of a face crop, as `Seen.crop` holds it."""
    place = int(np.argmax(_seven(recogniser, crop))) if emotion is None else EMOTIONS.index(emotion)
    members = {name: grad_cam(member, crop, place) for name, member in recogniser.members.items()}
    summed = sum(recogniser.mix.weights[name] * heat for name, heat in members.items())
    return Heat(EMOTIONS[place], _to_one(summed), members)


def grad_cam(member: Member, crop: np.ndarray, place: int) -> np.ndarray:
    """(48, 48): the maps of the member's late layer, each weighted by how much it speaks for the class at `place`."""
    caught: list[Tensor] = []
    mine = threading.get_ident()

    def catch(module: torch.nn.Module, given: object, maps: Tensor) -> None:
        # Other threads may be reading faces with the same member at this moment.
        if threading.get_ident() == mine:
            caught.append(maps)

    hook = member.seen_through.register_forward_hook(catch)
    try:
        with torch.enable_grad():
            faces = resize(even_light(to_tensor(crop[None])), member.size).requires_grad_()
            score = member(faces).log_softmax(-1)[0, place]
            (slope,) = torch.autograd.grad(score, caught[0])
    finally:
        hook.remove()
    maps = caught[0].detach()
    heat = functional.relu((slope.mean((2, 3), keepdim=True) * maps).sum(1, keepdim=True))
    return _to_one(resize(heat, crop.shape[0])[0, 0].numpy())


def overlay(picture: np.ndarray, heat: np.ndarray, strength: float = 0.5) -> np.ndarray:
    """The face, grey or RGB of any size, with the heat over it: (height, width, 3), 8 bits."""
    height, width = picture.shape[:2]
    face = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else picture
    fine = cv2.resize(heat.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    # From dark violet over orange to yellow: brightness alone tells the order, also for colour-blind eyes.
    colours = cv2.cvtColor(cv2.applyColorMap((fine * 255).astype(np.uint8), cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB)
    share = strength * fine[..., None]
    return (face * (1 - share) + colours * share).astype(np.uint8)


def as_picture(crop: np.ndarray, heat: np.ndarray, side: int = 384) -> Image.Image:
    """The overlay at a size for people."""
    return Image.fromarray(overlay(cv2.resize(crop, (side, side), interpolation=cv2.INTER_CUBIC), heat))


def deletion(
    score: Callable[[np.ndarray], np.ndarray], crop: np.ndarray, heat: np.ndarray, share: float = 0.2
) -> tuple[float, float]:
    """How far the score falls when the hottest `share` of the face is blurred away, and when the coldest is.

    `score` takes crops (n, 48, 48) and gives one number each. A heat map worth showing has the first larger.
    """
    count = int(share * heat.size)
    order = np.argsort(heat, axis=None)
    blurred = cv2.GaussianBlur(crop, (0, 0), crop.shape[0] / 6)
    gone = []
    for places in (order[-count:], order[:count]):
        picture = crop.copy()
        picture.flat[places] = blurred.flat[places]
        gone.append(picture)
    whole, hot, cold = score(np.stack([crop, *gone]))
    return float(whole - hot), float(whole - cold)


def _seven(recogniser: Recogniser, crop: np.ndarray) -> np.ndarray:
    return seven_of(recogniser.mix.scores(recogniser.logits(crop[None])))[0]


def _to_one(heat: np.ndarray) -> np.ndarray:
    top = float(heat.max())
    return heat / top if top > 0 else heat
