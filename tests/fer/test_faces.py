from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from fer import faces, quality
from fer.faces import Face, Finder
from inference.weights import WeightsError
from reading import Refusal

# The astronaut's face as drawn by hand: left, top, right, bottom from forehead to chin.
BY_HAND = (178, 66, 272, 176)


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder()


@pytest.fixture(scope="module")
def astronaut() -> np.ndarray:
    return data.astronaut()


def overlap(face: Face, box: tuple[float, float, float, float]) -> float:
    left, top, width, height = face.box
    right, bottom = left + width, top + height
    wide = max(0.0, min(right, box[2]) - max(left, box[0]))
    high = max(0.0, min(bottom, box[3]) - max(top, box[1]))
    shared = wide * high
    return shared / (width * height + (box[2] - box[0]) * (box[3] - box[1]) - shared)


def test_one_face_where_a_person_would_draw_it(finder: Finder, astronaut: np.ndarray) -> None:
    found = finder.find(astronaut)
    assert len(found) == 1
    assert overlap(found[0], BY_HAND) > 0.75
    assert found[0].points[0, 0] < found[0].points[1, 0]
    assert found[0].turn < 0.4


@pytest.mark.parametrize("name", ["chelsea", "coffee", "rocket"])
def test_a_cat_a_cup_and_a_rocket_are_no_faces(finder: Finder, name: str) -> None:
    found = finder.find(getattr(data, name)())
    refusal = quality.choose(found)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "no_face"


@pytest.mark.parametrize("scale", [0.3, 1, 3])
def test_boxes_count_the_pictures_own_pixels(finder: Finder, astronaut: np.ndarray, scale: float) -> None:
    resized = cv2.resize(astronaut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = finder.find(resized)
    assert overlap(found[0], tuple(side * scale for side in BY_HAND)) > 0.65


def test_found_when_tilted_dark_or_filling_the_picture(finder: Finder, astronaut: np.ndarray) -> None:
    tilted = cv2.warpAffine(astronaut, cv2.getRotationMatrix2D((225, 120), 30, 1), (512, 512))
    assert finder.find(tilted)
    assert finder.find(astronaut // 12)
    close = cv2.resize(astronaut[40:210, 150:300], (1200, 1360))
    assert finder.find(close)


def test_threads_may_share_a_finder(finder: Finder, astronaut: np.ndarray) -> None:
    pictures = [np.ascontiguousarray(astronaut[: 300 + 20 * n, : 320 + 10 * n]) for n in range(8)]
    alone = [finder.find(picture) for picture in pictures]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(finder.find, pictures)) == alone


def test_a_damaged_or_missing_detector_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="missing"):
        Finder(tmp_path / "yunet.onnx")
    (tmp_path / "yunet.onnx").write_bytes(faces.DETECTOR.read_bytes()[:-1] + b"x")
    with pytest.raises(WeightsError, match="damaged"):
        Finder(tmp_path / "yunet.onnx")


def looking(nose: float) -> Face:
    points = ((0.0, 0.0), (40.0, 0.0), (nose, 20.0), (5.0, 40.0), (35.0, 40.0))
    return Face((-10, -20, 60, 80), points, 0.9)


def test_turn_is_how_far_the_nose_leaves_the_middle() -> None:
    assert looking(20).turn == pytest.approx(0)
    assert looking(40).turn == pytest.approx(1)
    assert looking(-10).turn == pytest.approx(1.5)
