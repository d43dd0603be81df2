from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from emotions import EMOTIONS
from fer import predict
from fer.ensemble import Mix
from fer.faces import Finder
from fer.model import FaceMember
from fer.predict import FaceReading, Recogniser
from inference.weights import WeightsError
from reading import Reading, Refusal
from tests.fer.test_image import BAD


@pytest.fixture
def recogniser(tiny: str) -> Recogniser:
    """The real detector with two untrained members."""
    torch.manual_seed(0)
    members = {"tiny": FaceMember(tiny, 8), "twin": FaceMember(tiny, 8)}
    mix = Mix({"tiny": 0.7, "twin": 0.3}, {"tiny": 1.0, "twin": 2.0}, 1.0, (0.0,) * 8)
    return Recogniser(members, mix, 0.2, "haru-face", "test", Finder())


def jpeg(picture: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=95)
    return file.getvalue()


@pytest.fixture(scope="module")
def astronaut() -> bytes:
    return jpeg(data.astronaut())


@pytest.fixture(scope="module")
def couple() -> bytes:
    """Two faces in one picture: the astronaut and her mirror image."""
    face = data.astronaut()[20:260, 100:340]
    return jpeg(np.hstack([face, face[:, ::-1]]))


def test_one_answer_a_picture_whatever_it_is(recogniser: Recogniser, astronaut: bytes, couple: bytes) -> None:
    pictures = [astronaut, *(content for content, _ in BAD.values()), couple, jpeg(data.chelsea()), data.astronaut()]
    answers = recogniser.read(pictures)
    codes = [answer.code if isinstance(answer, Refusal) else answer.source for answer in answers]
    assert codes == ["face", *(code for _, code in BAD.values()), "several_faces", "no_face", "face"]


def test_a_reading_says_what_it_must(recogniser: Recogniser, astronaut: bytes) -> None:
    (reading,) = recogniser.read([astronaut])
    assert isinstance(reading, Reading)
    assert sum(reading.scores.values()) == pytest.approx(1)
    assert reading.model == "haru-face test"
    assert 0.9 < reading.quality["weight"] <= 1


def test_members_mix_as_the_weights_say(recogniser: Recogniser, astronaut: bytes) -> None:
    (reading,) = recogniser.read([astronaut])
    for name in EMOTIONS:
        alone = [reading.members["tiny"][name], reading.members["twin"][name]]
        assert min(alone) - 0.02 <= reading.scores[name] <= max(alone) + 0.02


def test_mirror_images_read_alike(recogniser: Recogniser) -> None:
    rng = np.random.default_rng(0)
    crops = rng.integers(0, 256, (3, 48, 48)).astype(np.uint8)
    there, back = recogniser.logits(crops), recogniser.logits(np.ascontiguousarray(crops[:, :, ::-1]))
    for name in there:
        assert there[name] == pytest.approx(back[name], abs=1e-4)


def test_a_batch_reads_as_one_by_one(recogniser: Recogniser, astronaut: bytes) -> None:
    pictures = [astronaut, data.astronaut()[:300], data.astronaut()[30:, 60:]] * 12
    together = recogniser.read(pictures)
    for picture, reading in zip(pictures[:3], together[:3], strict=True):
        (alone,) = recogniser.read([picture])
        assert dict(alone.scores) == pytest.approx(dict(reading.scores), abs=1e-4)


def test_threads_may_share_a_recogniser(recogniser: Recogniser, astronaut: bytes) -> None:
    expected = recogniser.read([astronaut])[0]
    with ThreadPoolExecutor(4) as pool:
        for reading in pool.map(lambda _: recogniser.read([astronaut])[0], range(12)):
            assert dict(reading.scores) == pytest.approx(dict(expected.scores), abs=1e-5)


def test_the_person_chooses_among_several(recogniser: Recogniser, couple: bytes) -> None:
    left, right = (recogniser.read([couple], face=number)[0] for number in (0, 1))
    assert isinstance(left, FaceReading)
    assert abs(left.face.box[0] - right.face.box[0]) > 150
    (none,) = recogniser.read([couple], face=2)
    assert none.code == "no_such_face"


def moved(picture: np.ndarray, right: int) -> bytes:
    return jpeg(np.roll(picture, right, axis=1))


def test_frames_of_one_moment_are_read_of_the_same_face(recogniser: Recogniser) -> None:
    face = data.astronaut()
    answers = recogniser.read_frames([moved(face, right) for right in (0, 5, 10, 5, 0)])
    assert all(isinstance(answer, FaceReading) for answer in answers)
    alone = recogniser.read([moved(face, 10)])[0]
    assert isinstance(alone, FaceReading)
    assert dict(answers[2].scores) == pytest.approx(dict(alone.scores), abs=0.1)  # read without its mirror image


def test_frames_that_show_nobody_or_cannot_be_read_are_named(recogniser: Recogniser, astronaut: bytes) -> None:
    damaged, nobody = astronaut[:200], jpeg(data.chelsea())
    codes = [
        answer.code if isinstance(answer, Refusal) else "read"
        for answer in recogniser.read_frames([astronaut, damaged, nobody, astronaut, astronaut])
    ]
    assert codes == ["read", "unreadable", "no_face", "read", "read"]
    assert [answer.code for answer in recogniser.read_frames([nobody, damaged])] == ["no_face", "unreadable"]


def test_one_question_chooses_the_face_of_all_frames(recogniser: Recogniser, couple: bytes, astronaut: bytes) -> None:
    pixels = np.asarray(Image.open(io.BytesIO(couple)))
    # The right face is the larger one in the last two frames: its number changes, the person does not.
    grown = pixels.copy()
    grown[:, 240:] = cv2.resize(pixels, None, fx=1.2, fy=1.2)[24:264, -240:]
    frames = [couple, couple, couple, jpeg(grown), jpeg(grown)]
    asked = recogniser.read_frames(frames)
    assert [answer.code for answer in asked] == ["several_faces"] * 5
    assert asked[0].details["frame"] == 2
    assert len(asked[0].details["faces"]) == 2
    for number in (0, 1):
        answers = recogniser.read_frames(frames, face=number)
        sides = {answer.face.box[0] > 200 for answer in answers}
        assert len(sides) == 1
    # Somebody who passes by in one frame is no question.
    passing = recogniser.read_frames([couple, jpeg(pixels[:, :240]), jpeg(pixels[:, :240])])
    assert [isinstance(answer, FaceReading) for answer in passing] == [True] * 3
    assert passing[0].face.box[0] < 200


def test_crops_are_read_without_looking_for_a_face(recogniser: Recogniser) -> None:
    cat = cv2.resize(data.chelsea(), (300, 300))
    assert recogniser.read([cat])[0].code == "no_face"
    (reading,) = recogniser.read([cat], aligned=True)
    assert reading.face is None
    assert reading.crop.shape == (48, 48)


def test_wrong_arrays_are_refused(recogniser: Recogniser) -> None:
    wrong = [np.zeros((100, 100), np.uint8), np.zeros((100, 100, 3)), np.zeros((100, 100, 4), np.uint8)]
    assert [answer.code for answer in recogniser.read(wrong)] == ["unreadable"] * 3
    assert recogniser.read([np.zeros((5, 5, 3), np.uint8)])[0].code == "too_small"
    assert recogniser.read([]) == []


def test_the_command_line(
    recogniser: Recogniser, astronaut: bytes, couple: bytes, tmp_path: Path, capsys, monkeypatch
) -> None:
    """What only this command has: faces to choose from, and each member's scores (tests/inference/test_cli.py)."""
    monkeypatch.setattr(predict, "load", lambda path: recogniser)
    for name, content in (("me.jpg", astronaut), ("us.jpg", couple)):
        (tmp_path / name).write_bytes(content)
    paths = [str(tmp_path / name) for name in ("me.jpg", "us.jpg")]
    assert predict.main(["--json", *paths]) == 1
    me, us = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert set(me) == {"path", "label", "scores", "sure", "quality", "face", "members"}
    assert set(me["face"]) == {"box", "landmarks", "confidence"}
    assert set(me["scores"]) == set(EMOTIONS) == set(me["members"]["tiny"])
    assert us["error"]["code"] == "several_faces"
    assert len(us["error"]["faces"]) == 2
    assert predict.main(["--face", "1", paths[1]]) == 0
    assert paths[1] in capsys.readouterr().out
    assert predict.main(["--json", "--aligned", paths[0]]) == 0
    assert json.loads(capsys.readouterr().out)["face"] is None


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="git checkout"):
        predict.load(tmp_path)


def test_it_warms_up(recogniser: Recogniser) -> None:
    recogniser.warm_up()
