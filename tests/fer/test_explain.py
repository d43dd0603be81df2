from __future__ import annotations

import threading
from collections.abc import Callable

import cv2
import numpy as np
import pytest
import torch

from fer import explain
from fer.ensemble import Mix
from fer.faces import Finder
from fer.model import FaceMember
from fer.predict import Recogniser

ANGER = 5


@pytest.fixture
def edges(tiny: str) -> FaceMember:
    """A member whose score for anger grows with vertical edges and that ignores all else."""
    member = FaceMember(tiny, 8).eval().requires_grad_(False)
    first, second = member.body[0], member.body[3]
    for parameter in (first.weight, first.bias, second.weight, second.bias, member.head.weight):
        parameter.zero_()
    first.weight[0, 0, :, :2], first.weight[0, 0, :, 3:] = -0.1, 0.1
    first.weight[1] = -first.weight[0]
    second.weight[0, :2] = 0.1
    member.head.weight[ANGER, 0] = 3.0
    return member


@pytest.fixture
def recogniser(edges: FaceMember) -> Recogniser:
    return Recogniser({"tiny": edges}, Mix({"tiny": 1.0}, {"tiny": 1.0}, 1.0, (0.0,) * 8), 0.2, "test", "0", Finder())


@pytest.fixture
def half_striped() -> np.ndarray:
    """Vertical stripes on the left, nothing on the right."""
    face = np.full((48, 48), 128, np.uint8)
    face[:, :24] = np.where(np.arange(24) // 4 % 2, 220, 40)
    return face


def test_heat_lies_where_the_class_can_be_found(edges: FaceMember, half_striped: np.ndarray) -> None:
    for picture, hot in ((half_striped, np.s_[:, :20]), (half_striped[:, ::-1].copy(), np.s_[:, 28:])):
        heat = explain.grad_cam(edges, picture, ANGER)
        assert heat.shape == (48, 48)
        assert heat.min() >= 0
        assert heat.max() == pytest.approx(1)
        assert heat[hot].mean() > 3 * heat[hot[0], ::-1][hot].mean()


def deletion(
    score: Callable[[np.ndarray], np.ndarray], crop: np.ndarray, heat: np.ndarray, share: float = 0.2
) -> tuple[float, float]:
    """How far the score falls when the hottest `share` of the face is blurred away, and when the coldest is.

    `score` takes crops (n, 48, 48) and gives one number each.
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


def test_deleting_the_hot_part_costs_more_than_the_cold(recogniser: Recogniser, half_striped: np.ndarray) -> None:
    found = explain.explain(recogniser, half_striped)

    def score(crops: np.ndarray) -> np.ndarray:
        return recogniser.mix.scores(recogniser.logits(crops))[:, ANGER]

    hot, cold = deletion(score, half_striped, found.ensemble)
    assert hot > 0
    assert hot > cold


def test_every_member_and_the_ensemble_have_a_map(recogniser: Recogniser, half_striped: np.ndarray) -> None:
    found = explain.explain(recogniser, half_striped)
    assert found.mood == "anger"
    assert set(found.members) == {"tiny"}
    assert found.ensemble == pytest.approx(found.members["tiny"])


def test_overlay_is_a_picture() -> None:
    heat = np.zeros((48, 48))
    heat[:24] = 1
    for face in (np.full((96, 80), 100, np.uint8), np.full((96, 80, 3), 100, np.uint8)):
        over = explain.overlay(face, heat)
        assert over.shape == (96, 80, 3)
        assert (over[80:] == 100).all()
        assert not (over[:20] == 100).all()
    assert explain.as_picture(np.full((48, 48), 100, np.uint8), heat).size == (384, 384)


def test_reading_at_the_same_time_disturbs_no_map(
    recogniser: Recogniser, edges: FaceMember, half_striped: np.ndarray
) -> None:
    expected = explain.grad_cam(edges, half_striped, ANGER)
    stop = threading.Event()

    def read_on() -> None:
        while not stop.is_set():
            recogniser.logits(np.zeros((4, 48, 48), np.uint8))

    reader = threading.Thread(target=read_on)
    reader.start()
    try:
        for _ in range(20):
            assert explain.grad_cam(edges, half_striped, ANGER) == pytest.approx(expected, abs=1e-4)
    finally:
        stop.set()
        reader.join()
    assert all(not parameter.requires_grad for parameter in edges.parameters())
    assert torch.is_grad_enabled()


def test_another_mood_than_the_best_can_be_explained(recogniser: Recogniser, half_striped: np.ndarray) -> None:
    best, other = explain.explain(recogniser, half_striped), explain.explain(recogniser, half_striped, "sadness")
    assert (best.mood, other.mood) == ("anger", "sadness")
    assert explain.explain(recogniser, half_striped, "anger").ensemble == pytest.approx(best.ensemble)
    assert np.abs(other.ensemble - best.ensemble).max() > 0.1
