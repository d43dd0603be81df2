"""Generated sequences of speaking faces, and the table that is made of them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from emotions import EMOTIONS
from fer.faces import Finder
from fer.features import crop, grey
from training.face import speaking, speaking_faces
from training.face.speaking import Scores
from training.face.speaking_faces import Mouth
from understanding import face_frames

pytestmark = pytest.mark.training
MOUTH_ROWS = slice(33, 46)


@pytest.fixture(scope="module")
def face() -> np.ndarray:
    picture = data.astronaut()
    return grey(crop(picture, Finder().find(picture)[0].points))


@pytest.fixture(scope="module")
def mouth(face: np.ndarray) -> Mouth:
    found = speaking_faces.find_mouth(face, Finder())
    assert found is not None
    return found


def test_the_mouth_of_a_crop_is_found_where_it_is(mouth: Mouth) -> None:
    assert mouth.x == pytest.approx(24, abs=3)
    assert mouth.y == pytest.approx(37, abs=3)
    assert speaking_faces.find_mouth(np.full((48, 48), 90, np.uint8), Finder()) is None


@pytest.mark.parametrize("colours", [False, True])
def test_an_opening_darkens_the_mouth_and_leaves_the_eyes(face: np.ndarray, mouth: Mouth, colours: bool) -> None:
    picture = cv2.cvtColor(face, cv2.COLOR_GRAY2RGB) if colours else face
    assert np.abs(speaking_faces.opened(picture, mouth, 0.0).astype(int) - picture)[:30].max() <= 3
    opened = speaking_faces.opened(picture, mouth, 0.6)
    assert np.abs(opened[:24].astype(int) - picture[:24]).max() <= 3
    rows, columns = slice(round(mouth.y), round(mouth.y + 3)), slice(round(mouth.x - 2), round(mouth.x + 3))
    assert opened[rows, columns].mean() < 0.6 * picture[rows, columns].mean()


def test_only_speaking_sequences_count_as_speaking(face: np.ndarray, mouth: Mouth) -> None:
    rng = np.random.default_rng(0)
    movement = {
        "still": [face_frames.mouth_movement(list(speaking_faces.still(face, rng))) for _ in range(10)],
        "turning": [face_frames.mouth_movement(list(speaking_faces.turning(face, rng))) for _ in range(10)],
        "lively": [
            face_frames.mouth_movement(list(speaking_faces.speaking(face, mouth, rng, "lively"))) for _ in range(10)
        ],
    }
    assert max(movement["still"]) < face_frames.STILL
    assert np.median(movement["turning"]) < face_frames.STILL
    assert np.median(movement["lively"]) > face_frames.SPEAKING


def test_the_table_says_how_often_speaking_faces_read_as_surprised() -> None:
    neutral, surprise = np.eye(7)[EMOTIONS.index("neutral")], np.eye(7)[EMOTIONS.index("surprise")]
    truth = np.array([EMOTIONS.index(mood) for mood in ("neutral", "happiness", "sadness", "surprise")])
    speaks = np.stack([[surprise, surprise, neutral, surprise, neutral]] * 3 + [[surprise] * 5])
    scores = Scores(speaks, np.stack([surprise] * 4), np.full(4, 9.0))
    *_, one, mean, ruled = speaking.table(truth, {"speaks": scores}).splitlines()
    assert one.count("100.0%") == 5
    assert mean.count("100.0%") == 5
    assert [cell.strip() for cell in ruled.split("|")[2:7]] == ["0.0%", "0.0%", "0.0%", "0.0%", "100.0%"]
    assert "0.15, 0.5" in speaking.ramps(truth, {"speaks": scores})


def test_the_sample_face_of_the_app_is_there() -> None:
    assert Path(speaking.SAMPLE).is_file()
