"""Looks at faces that teachers and pupils share."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fer.features import to_tensor
from inference import metrics
from tests.fer.conftest import drawn_faces
from tests.training.face.test_train import QUICK
from training.face import augment
from training.face.distill_views import Teacher, Views, make
from training.face.train import Lesson, batches, train


@pytest.fixture
def teacher(tiny: str, tmp_path: Path) -> Teacher:
    faces = drawn_faces(240)
    train(tiny, tmp_path / "teacher", faces.part("train"), faces.part("valid"), QUICK, without=["pose", "softness"])
    (tmp_path / "teacher" / "recipe.json").write_text(json.dumps({"member": tiny, "sizes": [[48, 6]]}))
    return Teacher.of(tmp_path / "teacher", faces.part("valid"), "cpu")


def test_each_look_is_another_and_the_teacher_saw_it(teacher: Teacher, tmp_path: Path) -> None:
    faces = drawn_faces(40)
    views = make(tmp_path / "views", faces.pixels, [teacher, teacher], 3, "cpu")
    assert len(views) == 3
    assert views.pixels.shape == (3, 40, 48, 48)
    assert (views.pixels[0] != views.pixels[1]).mean() > 0.5
    first = augment.vary(to_tensor(faces.pixels[:16]), 0)[:, 0].numpy() * 255
    assert np.abs(views.pixels[0, :16] - first).max() <= 0.51
    assert views.scores[2] == pytest.approx(teacher.scores(np.array(views.pixels[2])), abs=1e-5)
    assert metrics.accuracy(faces.majority, views.scores.mean(0).argmax(1)) > 0.5
    assert not (tmp_path / "views" / "pixels.part").exists()
    again = Views.load(tmp_path / "views")
    assert (again.pixels == views.pixels).all()
    assert (again.scores == views.scores).all()


def test_an_epoch_takes_one_look_at_every_face_with_its_scores() -> None:
    faces, rng = drawn_faces(40), np.random.default_rng(0)
    views = Views(
        rng.integers(0, 256, (2, 40, 48, 48), np.uint8), rng.dirichlet(np.ones(8), (2, 40)).astype(np.float32)
    )
    recipe = replace(QUICK, batch=20, teaching=0.75)
    batch_at, steps = batches(Lesson.of(faces, recipe, "votes", views), recipe, 0, torch.device("cpu"), [])
    assert steps == 2
    for look in (0, 1, 2):
        seen = torch.cat([batch_at(2 * look)[1], batch_at(2 * look + 1)[1]]).numpy()
        wanted = 0.25 * faces.targets() + 0.75 * views.scores[look % 2]
        assert np.sort(seen, axis=0) == pytest.approx(np.sort(wanted, axis=0), abs=1e-6)


def test_views_of_other_faces_are_refused() -> None:
    views = Views(np.zeros((1, 30, 48, 48), np.uint8), np.zeros((1, 30, 8), np.float32))
    with pytest.raises(ValueError, match="30 faces"):
        Lesson.of(drawn_faces(40), QUICK, "votes", views)


def test_a_pupil_learns_from_looks(tiny: str, teacher: Teacher, tmp_path: Path) -> None:
    faces = drawn_faces(240)
    learn, held = faces.part("train"), faces.part("valid")
    views = make(tmp_path / "views", learn.pixels, [teacher], 2, "cpu")
    recipe = replace(QUICK, sizes=((48, 12),), teaching=0.7)
    _, numbers = train(tiny, tmp_path / "pupil", learn, held, recipe, views=views)
    assert numbers["accuracy"] > 0.4  # an eighth by chance; varied stripes are hard to see
