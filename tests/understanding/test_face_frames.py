from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from skimage import data

from emotions import EMOTIONS
from fer.predict import FaceReading
from reading import Refusal
from tests.understanding.fakes import Fake, analyst_of, face_reading, reading
from understanding import face_frames
from understanding.analyst import Analysis, UserInput

MARGIN = 0.1
FACE = cv2.resize(cv2.cvtColor(data.astronaut()[60:190, 160:290], cv2.COLOR_RGB2GRAY), (48, 48))
"""A face whose mouth is near row 34."""
FRAMES = (b"one", b"two", b"three", b"four", b"five")


def with_mouth(opening: int) -> np.ndarray:
    """The face with a mouth that is open by so many pixels."""
    picture = FACE.copy()
    if opening:
        cv2.ellipse(picture, (23, 36), (8, opening), 0, 0, 360, 20, -1)
    return picture


def shifted(picture: np.ndarray, right: float, down: float, turn: float = 0.0) -> np.ndarray:
    matrix = cv2.getRotationMatrix2D((24, 24), turn, 1.0)
    matrix[:, 2] += (right, down)
    return cv2.warpAffine(picture, matrix, (48, 48), borderMode=cv2.BORDER_REPLICATE)


STILL = [
    shifted(FACE, right, down, turn) for right, down, turn in ((0, 0, 0), (1, 0, 1), (0, 0, 0), (-1, 1, -1), (1, 1, 2))
]
SPEAKING = [with_mouth(opening) for opening in (0, 5, 2, 6, 0)]


def scored(crop: np.ndarray, **scores: float) -> FaceReading:
    rest = (1 - sum(scores.values())) / (len(EMOTIONS) - len(scores))
    return replace(face_reading("neutral"), scores={e: scores.get(e, rest) for e in EMOTIONS}, crop=crop)


def read(crops: Sequence[np.ndarray], surprise: Sequence[float]) -> FaceReading:
    answers = [scored(crop, surprise=s, neutral=0.9 - s) for crop, s in zip(crops, surprise, strict=True)]
    found = face_frames.combine(answers, MARGIN)
    assert isinstance(found, FaceReading)
    return found


def turned(by: float) -> np.ndarray:
    """The face with its lower half moved to the side, as in a head that turns."""
    down, right = np.mgrid[:48, :48].astype(np.float32)
    return cv2.remap(FACE, right - by * np.clip((down - 24) / 8, 0, 1), down, cv2.INTER_LINEAR)


def test_a_mouth_that_speaks_moves_and_a_head_that_moves_does_not_speak() -> None:
    assert face_frames.mouth_movement([turned(by) for by in (0, 1, 0, 2, -1)]) < face_frames.STILL
    assert face_frames.mouth_movement(STILL) < face_frames.STILL
    assert face_frames.mouth_movement(SPEAKING) > face_frames.SPEAKING
    assert face_frames.mouth_movement(STILL[:1]) == 0


@pytest.mark.parametrize("value", [0, 255])
def test_pictures_without_contrast_move_no_mouth(value: int) -> None:
    assert face_frames.mouth_movement([np.full((48, 48), value, np.uint8)] * 5) == pytest.approx(0, abs=1e-6)
    rng = np.random.default_rng(0)
    noise = [rng.integers(0, 256, (48, 48)).astype(np.uint8) for _ in range(5)]
    assert face_frames.mouth_movement(noise) < face_frames.STILL


def test_still_frames_are_averaged() -> None:
    found = read(STILL, (0.8, 0.6, 0.7, 0.5, 0.4))
    assert found.scores["surprise"] == pytest.approx(0.6)
    assert found.label == "surprise"
    assert found.quality["frames"] == 5
    assert found.quality["mouth_movement"] < face_frames.STILL


def test_where_the_mouth_moves_surprise_must_be_in_all_frames() -> None:
    speaks = read(SPEAKING, (0.05, 0.9, 0.6, 0.9, 0.1))
    assert speaks.label == "neutral"
    assert read(STILL, (0.05, 0.9, 0.6, 0.9, 0.1)).label == "surprise"
    surprised = read(SPEAKING, (0.8, 0.9, 0.85, 0.9, 0.8))
    assert surprised.label == "surprise"


def test_the_rule_grows_with_the_movement() -> None:
    scores = np.array([[0.1, 0.1, 0.8, 0, 0, 0, 0], [0.1, 0.7, 0.2, 0, 0, 0, 0]])
    between = (face_frames.STILL + face_frames.SPEAKING) / 2
    surprise = [face_frames.mixed_scores(scores, movement)[1] for movement in (0, face_frames.STILL, between, 1, 9)]
    assert surprise == sorted(surprise, reverse=True)
    assert surprise[0] == surprise[1] == pytest.approx(0.4)
    assert surprise[3] == surprise[4] == pytest.approx(0.07**0.5 / (0.6 + 0.07**0.5))


def test_the_picture_is_the_frame_nearest_to_the_result() -> None:
    found = read(STILL, (0.1, 0.2, 0.8, 0.3, 0.1))
    assert found.label == "neutral"
    assert found.frame == 3
    assert found.crop is STILL[3]


def test_frames_without_a_face_are_left_out_up_to_half() -> None:
    nobody = Refusal("no_face", "No face.")
    seen = scored(FACE, fear=0.7)
    found = face_frames.combine([nobody, seen, seen, nobody, seen], MARGIN)
    assert isinstance(found, FaceReading)
    assert found.quality["frames"] == 3
    assert found.frame in (1, 2, 4)
    refused = face_frames.combine([nobody, seen, Refusal("too_dark", "Dark."), nobody, seen], MARGIN)
    assert isinstance(refused, Refusal)
    assert refused.code == "no_face"


def test_frames_that_disagree_are_not_sure() -> None:
    assert read(STILL, (0.8,) * 5).sure
    assert not read(STILL, (0.05, 0.85, 0.45, 0.85, 0.05)).sure


def test_an_analysis_reads_all_frames_and_names_its_picture() -> None:
    class Frames(Fake):
        def read_frames(self, frames: Sequence[bytes], face: int | None = None) -> list:
            assert tuple(frames) == FRAMES
            self.chosen = face
            return [
                scored(crop, surprise=s, neutral=0.9 - s)
                for crop, s in zip(STILL, (0.1, 0.2, 0.8, 0.3, 0.1), strict=True)
            ]

    made = analyst_of()
    made.face = Frames(reading("face", "fear"))
    given = UserInput(picture=FRAMES[2], frames=FRAMES, face=1)
    found = made.analyse(given)
    assert found.readings["face"].label == "neutral"
    assert found.readings["face"].quality["frames"] == 5
    assert found.picture == FRAMES[3]
    assert made.face.chosen == 1


def test_other_frames_need_another_analysis() -> None:
    given = UserInput(picture=FRAMES[2], frames=FRAMES)
    found = analyst_of().analyse(given)
    assert found.matches(given)
    assert found.matches(UserInput())  # they do not survive a reload
    assert not found.matches(UserInput(picture=b"another"))
    assert not found.matches(UserInput(picture=FRAMES[2], frames=(*FRAMES[:4], b"other")))


def test_a_single_picture_is_its_own_picture() -> None:
    found = analyst_of().analyse(UserInput(picture=b"picture"))
    assert found.picture == b"picture"
    assert "frames" not in found.readings["face"].quality
    assert Analysis.from_stored(found.to_store, UserInput(note="a line")).picture is None


def test_the_faces_to_choose_among_are_those_of_the_frame_that_shows_them() -> None:
    given = UserInput(picture=FRAMES[2], frames=FRAMES)
    assert given.asked_picture(Refusal("several_faces", "Two.", {"faces": [], "frame": 1})) == FRAMES[1]
    assert UserInput(picture=b"p").asked_picture(Refusal("several_faces", "Two.", {"faces": []})) == b"p"
