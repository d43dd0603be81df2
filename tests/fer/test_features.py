from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from fer.features import FRAMING, LARGER, crop, even_light, grey, placement, resize, squeeze, to_tensor

LEVEL = np.array([[100.0, 100.0], [160.0, 100.0], [130.0, 130.0], [105.0, 158.0], [155.0, 158.0]])


@given(
    st.floats(-180, 180), st.floats(0.2, 8), st.floats(-500, 500), st.floats(-500, 500), st.sampled_from([48, 96, 224])
)
def test_eyes_come_to_their_place_however_the_head_lies(angle: float, scale: float, x: float, y: float, side: int):
    turn = cv2.getRotationMatrix2D((0, 0), angle, scale)
    points = LEVEL @ turn[:, :2].T + (x, y)
    matrix = placement(points, side)
    placed = points @ matrix[:, :2].T + matrix[:, 2]
    assert placed[:2].mean(0) == pytest.approx((side * FRAMING.eyes_x, side * FRAMING.eyes_y), abs=1e-3)
    assert placed[0, 1] == pytest.approx(placed[1, 1], abs=1e-3)
    assert placed[0, 0] < placed[1, 0]
    assert placed[1, 0] - placed[0, 0] == pytest.approx(LARGER * side * FRAMING.eye_distance, rel=1e-3)


def test_a_turned_head_is_not_magnified() -> None:
    profile = LEVEL.copy()
    profile[:, 0] = 130 + (profile[:, 0] - 130) * 0.3
    plain, turned = (np.linalg.det(placement(points, 48)[:, :2]) for points in (LEVEL, profile))
    assert turned < 1.5 * plain


@pytest.mark.parametrize("scale", [0.5, 1.0, 4.0, 11.0])
def test_the_crop_is_the_same_at_every_resolution(scale: float) -> None:
    rng = np.random.default_rng(0)
    smooth = cv2.GaussianBlur(rng.uniform(0, 255, (260, 260, 3)).astype(np.float32), (0, 0), 12)
    picture = cv2.normalize(smooth, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    reference = crop(picture, LEVEL).astype(int)
    big = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    got = crop(big, (LEVEL + 0.5) * scale - 0.5).astype(int)
    assert got.shape == (48, 48, 3)
    assert np.abs(got - reference).mean() < 3


def test_beyond_the_edge_the_border_goes_on() -> None:
    picture = np.full((170, 170), 90, np.uint8)
    assert (crop(picture, LEVEL + np.array([60, 0])) == 90).all()


def test_squeezed_crops_are_grey_and_small() -> None:
    for shape in ((200, 200, 3), (31, 31), (48, 48), (300, 200, 3)):
        got = squeeze(np.full(shape, 77, np.uint8))
        assert got.shape == (48, 48)
        assert np.abs(got.astype(int) - 77).max() <= 1


def test_grey_weighs_green_most() -> None:
    colours = np.eye(3, dtype=np.uint8)[None] * 200
    red, green, blue = grey(colours)[0]
    assert blue < red < green


def test_light_does_not_change_what_a_model_sees() -> None:
    face = torch.rand(3, 1, 48, 48, generator=torch.Generator().manual_seed(0)) * 0.5
    dimmed = face * 0.3 + 0.2
    assert torch.allclose(even_light(face), even_light(dimmed), atol=1e-4)
    assert even_light(face).std() == pytest.approx(1, abs=1e-2)
    assert torch.isfinite(even_light(torch.full((1, 1, 48, 48), 0.4))).all()


def test_to_tensor_and_resize() -> None:
    faces = to_tensor(np.full((2, 48, 48), 255, np.uint8))
    assert faces.shape == (2, 1, 48, 48)
    assert faces.max() == 1
    assert resize(faces, 96).shape == (2, 1, 96, 96)
    assert resize(faces, 48) is faces
