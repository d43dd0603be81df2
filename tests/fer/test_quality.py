from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from fer import quality
from fer.faces import Face, Finder
from fer.features import crop, grey
from reading import Refusal
from tests.fer.test_faces import looking


@pytest.fixture(scope="module")
def astronaut() -> tuple[np.ndarray, Face]:
    picture = data.astronaut()
    return picture, Finder().find(picture)[0]


def measured(picture: np.ndarray, face: Face) -> quality.FaceQuality:
    return quality.measure(grey(crop(picture, face.points)), face)


def code_of(picture: np.ndarray, face: Face) -> str:
    refusal = quality.refuse(measured(picture, face))
    return refusal.code if refusal else "good"


def test_a_portrait_is_good(astronaut: tuple[np.ndarray, Face]) -> None:
    assert code_of(*astronaut) == "good"
    assert measured(*astronaut).weight > 0.9


def test_each_fault_is_named(astronaut: tuple[np.ndarray, Face]) -> None:
    picture, face = astronaut
    assert code_of(picture // 16, face) == "too_dark"
    assert code_of(cv2.GaussianBlur(picture, (0, 0), 14), face) == "too_blurred"
    assert code_of((120 + picture // 50).astype(np.uint8), face) == "too_flat"
    small = cv2.resize(picture, None, fx=0.2, fy=0.2, interpolation=cv2.INTER_AREA)
    points = tuple((x * 0.2, y * 0.2) for x, y in face.landmarks)
    assert code_of(small, Face(tuple(v * 0.2 for v in face.box), points, 0.9)) == "too_small"


def test_a_profile_is_turned_away() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (100, 100, 3)).astype(np.uint8)
    face = looking(nose=46)
    assert face.turn > 1
    assert code_of(picture, face) == "turned_away"
    assert code_of(picture, looking(nose=28)) == "good"


def test_every_fault_lowers_the_weight(astronaut: tuple[np.ndarray, Face]) -> None:
    picture, face = astronaut
    best = measured(picture, face).weight
    for worse in (picture // 6, cv2.GaussianBlur(picture, (0, 0), 5)):
        assert measured(worse, face).weight < best


def test_measured_values_stay_in_their_range() -> None:
    rng = np.random.default_rng(0)
    for picture in (np.zeros((48, 48), np.uint8), np.full((48, 48), 255, np.uint8), rng.integers(0, 256, (48, 48))):
        facts = quality.measure(picture.astype(np.uint8), None).as_dict()
        assert all(np.isfinite(list(facts.values())))
        assert 0 <= facts["weight"] <= 1


def face_at(left: float, eyes: float) -> Face:
    points = ((left, 50.0), (left + eyes, 50.0), (left + eyes / 2, 60.0), (left, 70.0), (left + eyes, 70.0))
    return Face((left, 30, 2 * eyes, 2.5 * eyes), points, 0.9)


def refusal_of(answer: Face | Refusal) -> Refusal:
    assert isinstance(answer, Refusal)
    return answer


def test_among_several_the_person_chooses() -> None:
    faces = [face_at(10, 60), face_at(200, 40), face_at(300, 5)]
    refusal = refusal_of(quality.choose(faces))
    assert refusal.code == "several_faces"
    assert [face["face"] for face in refusal.details["faces"]] == [0, 1]
    assert quality.choose(faces, 1) is faces[1]
    assert refusal_of(quality.choose(faces, 3)).code == "no_such_face"


def test_passers_by_too_small_to_read_are_no_choice() -> None:
    faces = [face_at(10, 60), face_at(300, 5)]
    assert quality.choose(faces) is faces[0]
    assert refusal_of(quality.choose([])).code == "no_face"
