"""Augments faces as cameras, light and people would change them; each kind can be switched off by name.

A batch at a time, in torch, so that it costs little beside the models. Faces are (batch, 1, side, side) between 0
and 1. The training faces are small, grey and from the web; a webcam's are soft, noisy, badly lit and tilted.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.nn import functional

KINDS = ("flip", "pose", "light", "shadow", "softness", "coarseness", "sharpening", "noise", "occlusion")
"""In the order of the picture's path: the head, the light, the lens, the sensor, occlusion."""


def vary(faces: Tensor, seed: int, without: Iterable[str] = ()) -> Tensor:
    """One random variation of each face; the same seed gives the same result on every device."""
    off = set(without)
    if off - set(KINDS):
        raise ValueError(f"unknown augmentation {', '.join(sorted(off - set(KINDS)))}; there are {', '.join(KINDS)}")
    out = faces
    for number, kind in enumerate(KINDS):
        if kind not in off:
            # A generator for each kind: switching one off leaves the others as they were.
            out = _FUNCTIONS[kind](out, torch.Generator().manual_seed(seed * len(KINDS) + number))
    return out.clamp(0, 1)


def flip(faces: Tensor, random: torch.Generator) -> Tensor:
    return torch.where(_some(faces, 0.5, random), faces.flip(-1), faces)


def pose(faces: Tensor, random: torch.Generator) -> Tensor:
    """Random rotation, scale, stretch, shear and shift: poses of heads, and errors of the eye landmarks."""
    count = len(faces)
    angle = torch.deg2rad(_normal(count, random, 7.0).clamp(-20, 20))
    scale = torch.exp(_normal(count, random, 0.10).clamp(-0.25, 0.25))
    stretch = torch.exp(_normal(count, random, 0.06).clamp(-0.15, 0.15))
    shear, shift_x, shift_y = (_normal(count, random, spread) for spread in (0.05, 0.09, 0.09))
    cos, sin = torch.cos(angle), torch.sin(angle)
    matrix = torch.stack(
        [
            torch.stack([cos * scale * stretch, (shear - sin) * scale, shift_x], 1),
            torch.stack([sin * scale, cos * scale / stretch, shift_y], 1),
        ],
        1,
    ).to(faces)
    grid = functional.affine_grid(matrix, list(faces.shape), align_corners=False)
    return functional.grid_sample(faces, grid, mode="bilinear", padding_mode="reflection", align_corners=False)


def light(faces: Tensor, random: torch.Generator) -> Tensor:
    """Random gamma, contrast and brightness; some faces are over- or underexposed."""
    gamma = torch.exp(_normal(len(faces), random, 0.35).clamp(-1, 1)).view(-1, 1, 1, 1).to(faces)
    contrast = torch.exp(_normal(len(faces), random, 0.25)).view(-1, 1, 1, 1).to(faces)
    lift = _normal(len(faces), random, 0.06).view(-1, 1, 1, 1).to(faces)
    mean = faces.mean((2, 3), keepdim=True)
    return ((faces - mean) * contrast + mean + lift).clamp(0, 1).clamp_min(1e-4) ** gamma


def shadow(faces: Tensor, random: torch.Generator) -> Tensor:
    """A brightness gradient on a third of the faces, as from a window or a screen."""
    count, side = len(faces), faces.shape[-1]
    angle = torch.rand(count, generator=random) * 2 * torch.pi
    steep = torch.rand(count, generator=random) * 0.7
    axis = torch.linspace(-1, 1, side)
    slope = torch.cos(angle)[:, None, None] * axis[None, None] + torch.sin(angle)[:, None, None] * axis[None, :, None]
    shade = (1 + steep[:, None, None] * slope)[:, None].to(faces)
    return torch.where(_some(faces, 0.33, random), faces * shade, faces)


def softness(faces: Tensor, random: torch.Generator) -> Tensor:
    """A blur of random width on a third of the faces: out of focus, or moved."""
    sigma = torch.rand(len(faces), generator=random) * 1.3 + 0.2
    return torch.where(_some(faces, 0.33, random), _blurred(faces, sigma), faces)


def coarseness(faces: Tensor, random: torch.Generator) -> Tensor:
    """A resolution of only 16 to 40 pixels on a sixth of the faces: far from the camera."""
    side = faces.shape[-1]
    few = int(torch.randint(16, 41, (1,), generator=random) * side / 48)
    small = functional.interpolate(faces, size=(few, few), mode="area")
    coarse = functional.interpolate(small, size=(side, side), mode="bilinear", align_corners=False)
    return torch.where(_some(faces, 0.16, random), coarse, faces)


def sharpening(faces: Tensor, random: torch.Generator) -> Tensor:
    """Sharpens a quarter of the faces, as phones and the shrinking of large faces do."""
    amount = (torch.rand(len(faces), generator=random) * 1.2).view(-1, 1, 1, 1).to(faces)
    edges = faces - _blurred(faces, torch.full((len(faces),), 0.8))
    return torch.where(_some(faces, 0.25, random), faces + amount * edges, faces)


def noise(faces: Tensor, random: torch.Generator) -> Tensor:
    """Sensor noise in low light, on two faces in five."""
    spread = (torch.rand(len(faces), generator=random) * 0.07).view(-1, 1, 1, 1)
    grain = torch.randn(faces.shape, generator=random) * spread
    return torch.where(_some(faces, 0.4, random), faces + grain.to(faces), faces)


def occlusion(faces: Tensor, random: torch.Generator) -> Tensor:
    """A rectangle of 2 to 15 % of the picture in one shade, on a quarter of the faces: a hand, hair or a cup."""
    count, side = len(faces), faces.shape[-1]
    area = 0.02 + torch.rand(count, generator=random) * 0.13
    aspect = torch.exp(_normal(count, random, 0.5))
    half_x, half_y = (area * aspect).sqrt() / 2, (area / aspect).sqrt() / 2
    centre_x, centre_y = torch.rand(count, generator=random), torch.rand(count, generator=random)
    axis = (torch.arange(side) + 0.5) / side
    inside_x = (axis[None] - centre_x[:, None]).abs() < half_x[:, None]
    inside_y = (axis[None] - centre_y[:, None]).abs() < half_y[:, None]
    inside = (inside_y[:, :, None] & inside_x[:, None, :])[:, None].to(faces.device)
    shade = torch.rand(count, generator=random).view(-1, 1, 1, 1).to(faces)
    return torch.where(_some(faces, 0.25, random) & inside, shade, faces)


def _some(faces: Tensor, share: float, random: torch.Generator) -> Tensor:
    """True for about this share of the faces, shaped to choose between two batches."""
    return (torch.rand(len(faces), generator=random) < share).view(-1, 1, 1, 1).to(faces.device)


def _normal(count: int, random: torch.Generator, spread: float) -> Tensor:
    return torch.randn(count, generator=random) * spread


def _blurred(faces: Tensor, sigma: Tensor) -> Tensor:
    """Gaussian blur with a width for each face, by two grouped convolutions."""
    reach = torch.arange(-3, 4, dtype=torch.float32)
    kernel = torch.exp(-(reach[None] ** 2) / (2 * sigma[:, None] ** 2))
    kernel = (kernel / kernel.sum(1, keepdim=True)).to(faces)
    count, side = len(faces), faces.shape[-1]
    rows = functional.pad(faces.view(1, count, side, side), (3, 3, 3, 3), mode="replicate")
    across = functional.conv2d(rows, kernel.view(count, 1, 1, 7), groups=count)
    return functional.conv2d(across, kernel.view(count, 1, 7, 1), groups=count).view(count, 1, side, side)


_FUNCTIONS = {kind: globals()[kind] for kind in KINDS}
