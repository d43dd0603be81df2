"""Pictures of a face: several faces, the frames of the camera, and why."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from PIL import Image

from diary import entries, media, readings
from fer.ensemble import Mix
from fer.faces import Finder
from fer.labels import EIGHT
from fer.model import Architecture, FaceMember
from fer.predict import Recogniser
from reading import Refusal
from tests.fer.conftest import TinyBody
from tests.pages.conftest import Visit
from tests.pages.today_form import allow, components_of, form, photograph, show_picture, take_picture
from tests.understanding.fakes import Fake, analyst_of, face_reading, reading

TWO_FACES = Refusal(
    "several_faces",
    "There are 2 faces.",
    {"faces": [{"face": 0, "box": [10, 10, 60, 60]}, {"face": 1, "box": [150, 20, 40, 40]}]},
)


def test_of_several_faces_the_person_chooses_and_the_next_picture_asks_anew(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    made = analyst_of(face=TWO_FACES)
    models_are(made)
    there = allow(visit(), "face")
    show_picture(there, photograph())
    there.press("analyse.button")
    assert there.says(there.t("capture.which_face"))
    assert not there.app.warning  # a question, not a refusal
    made.face.answer = reading("face", "surprise")
    there.press("capture.this_face", number=2)
    assert made.face.chosen == 1
    assert there.app.button_group[0].value == "surprise"
    show_picture(there, photograph(200))
    there.press("analyse.button")
    assert made.face.chosen is None


def test_the_frames_of_the_camera_are_read_and_the_nearest_one_is_kept(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    class Frames(Fake):
        read_of: tuple[bytes, ...] = ()

        def read_frames(self, frames: Sequence[bytes], face: int | None = None) -> list:
            self.read_of = tuple(frames)
            clear = face_reading("sadness")
            other = replace(clear, scores={**clear.scores, "sadness": 0.5, "fear": 0.45})
            return [other, clear, clear, clear, clear]

    made = analyst_of()
    made.face = Frames(reading("face", "fear"))
    models_are(made)
    there = allow(visit(), "face", "media")
    assert "haru_camera" in components_of(there)
    frames = tuple(photograph(40 * number) for number in range(5))
    take_picture(there, frames)
    there.press("analyse.button")
    assert made.face.read_of == frames
    assert there.app.button_group[0].value == "sadness"
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    face = next(reading for reading in readings.of_entry(there.session, kept.id) if reading.source == "face")
    assert face.quality["frames"] == 5
    (medium,) = media.of_entry(there.session, kept.id)
    assert media.content(there.session, medium.id) == frames[1]


def test_the_faces_to_choose_among_are_those_of_the_frame_with_several(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    made = analyst_of(face=replace(TWO_FACES, details={**TWO_FACES.details, "frame": 4}))
    models_are(made)
    there = allow(visit(), "face")
    take_picture(there, (*(photograph(20 * number) for number in range(4)), photograph(250)))
    there.press("analyse.button")
    assert there.says(there.t("capture.which_face"))
    made.face.answer = reading("face", "surprise")
    there.press("capture.this_face", number=2)
    assert made.face.chosen == 1
    assert there.app.button_group[0].value == "surprise"


def test_without_an_analysis_the_frame_in_the_middle_is_kept(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = allow(visit(), "face", "media")
    frames = tuple(photograph(40 * number) for number in range(5))
    take_picture(there, frames)
    there.app.button_group[0].set_value("neutral").run()
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    (medium,) = media.of_entry(there.session, kept.id)
    assert media.content(there.session, medium.id) == frames[2]


def test_why_shows_the_face_with_its_heat_and_what_each_member_voted(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    skimage = pytest.importorskip("skimage.data")
    portrait = io.BytesIO()
    Image.fromarray(skimage.astronaut()).save(portrait, "JPEG")
    tiny = Architecture(48, 16, lambda pretrained: TinyBody(), upper_half="3", explained="4")
    members = {
        name: FaceMember("tiny", len(EIGHT), architecture=tiny) for name in ("resnet50", "vgg16", "xception", "alexnet")
    }
    mix = Mix(dict.fromkeys(members, 0.25), dict.fromkeys(members, 1.0), 1.0, (0.0,) * len(EIGHT))
    made = analyst_of()
    made.face = Recogniser(members, mix, 0.0, "untrained", "0", Finder())
    models_are(made)
    there = allow(visit(), "face")
    show_picture(there, portrait.getvalue())
    there.press("analyse.button")
    there.app.toggle(key=f"why_{form(there)}").set_value(True).run()
    there.expect_calm()
    assert there.says(there.t("why.face", mood="")[:40])
    for name in ("ResNet50", "VGG16", "Xception", "AlexNet"):
        assert there.says(name)
