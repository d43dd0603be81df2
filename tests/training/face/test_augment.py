from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch

from fer.features import to_tensor
from tests.fer.conftest import drawn_faces
from training.face import augment


@pytest.fixture
def faces() -> torch.Tensor:
    return to_tensor(drawn_faces(32).pixels)


def test_the_same_seed_gives_the_same(faces: torch.Tensor) -> None:
    assert torch.equal(augment.vary(faces, 3), augment.vary(faces, 3))
    assert not torch.equal(augment.vary(faces, 3), augment.vary(faces, 4))


def test_faces_stay_faces(faces: torch.Tensor) -> None:
    before = faces.clone()
    varied = augment.vary(faces, 1)
    assert varied.shape == faces.shape
    assert varied.min() >= 0
    assert varied.max() <= 1
    assert torch.isfinite(varied).all()
    assert torch.equal(faces, before)


@pytest.mark.parametrize("kind", augment.KINDS)
def test_each_kind_does_something_and_can_be_switched_off(faces: torch.Tensor, kind: str) -> None:
    others = [other for other in augment.KINDS if other != kind]
    assert not torch.equal(augment.vary(faces, 0, without=others), faces)
    everything, one_less = augment.vary(faces, 0), augment.vary(faces, 0, without=[kind])
    assert not torch.equal(everything, one_less)
    assert torch.allclose(augment.vary(faces, 0, without=augment.KINDS), faces)


def test_an_unknown_kind_is_named(faces: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="unknown augmentation rain; there are flip"):
        augment.vary(faces, 0, without=["rain"])


def test_most_of_a_face_stays_recognisable() -> None:
    """Each varied face is, of all faces, still most like itself: what is learned is not the augmentation."""
    rough = np.random.default_rng(0).normal(size=(32, 48, 48))
    smooth = np.stack([cv2.GaussianBlur(face, (0, 0), 4) for face in rough])
    faces = torch.from_numpy(0.5 + smooth / smooth.std() / 6).float()[:, None].clamp(0, 1)
    varied = augment.vary(faces, 0, without=["pose", "flip"])
    flat, original = varied.flatten(1), faces.flatten(1)
    like = (
        torch.nn.functional.normalize(flat - flat.mean(1, keepdim=True))
        @ torch.nn.functional.normalize(original - original.mean(1, keepdim=True)).T
    )
    assert (like.argmax(1) == torch.arange(len(faces))).float().mean() > 0.9
