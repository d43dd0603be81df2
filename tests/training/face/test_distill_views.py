from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fer.features import to_tensor
from inference import metrics
from inference.weights import read_meta
from tests.fer.conftest import drawn_faces
from tests.training.face.conftest import FACES, QUICK, TrainedNetworks
from training import cli
from training.face import augment, distill_views
from training.face.distill_views import Teacher, make_views
from training.face.train import FaceTrainingOptions, FaceTrainingSet, Views, make_batches


def test_each_view_is_another_and_has_the_teachers_scores(trained: TrainedNetworks, tmp_path: Path) -> None:
    teacher = Teacher.load(trained.folder / "tiny.safetensors", FACES.part("valid"), "cpu")
    faces = drawn_faces(40)
    views = make_views(tmp_path / "views", faces.pixels, [teacher, teacher], 3, "cpu")
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


def test_an_epoch_takes_one_view_of_every_face_with_its_scores() -> None:
    faces, rng = drawn_faces(40), np.random.default_rng(0)
    views = Views(
        rng.integers(0, 256, (2, 40, 48, 48), np.uint8), rng.dirichlet(np.ones(8), (2, 40)).astype(np.float32)
    )
    settings = replace(QUICK, batch=20, teaching=0.75)
    batch_at, steps = make_batches(FaceTrainingSet.of(faces, settings, views), settings, FaceTrainingOptions(Path()))
    assert steps == 2
    for view in (0, 1, 2):
        targets = torch.cat([batch_at(2 * view)[1], batch_at(2 * view + 1)[1]]).numpy()
        wanted = 0.25 * faces.targets() + 0.75 * views.scores[view % 2]
        assert np.sort(targets, axis=0) == pytest.approx(np.sort(wanted, axis=0), abs=1e-6)


def test_views_of_other_faces_are_refused() -> None:
    views = Views(np.zeros((1, 30, 48, 48), np.uint8), np.zeros((1, 30, 8), np.float32))
    with pytest.raises(ValueError, match="30 faces"):
        FaceTrainingSet.of(drawn_faces(40), QUICK, views)


def test_from_teachers_to_a_network_by_the_commands(
    trained: TrainedNetworks, ferplus_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the model card tells how the shipped version was made."""
    data, views = f"ferplus={ferplus_folder}", str(tmp_path / "views")
    teachers = [str(trained.folder / f"{name}.safetensors") for name in trained.members]
    given = ["--data", data, "--teachers", *teachers, "--count", "2", "--out", views]
    assert distill_views.main(given) == 0
    assert f"2 views of {len(FACES.part('train'))} faces" in capsys.readouterr().out
    out = tmp_path / "student.safetensors"
    options = ["--model", "tiny", "--sizes", "48x12", "--lr", "2e-2", "--batch", "16", "--frozen", "0"]
    given = ["face", "--data", data, "--views", views, "--teaching", "0.7", *options, "--out", str(out)]
    assert cli.main(given) == 0
    printed = capsys.readouterr().out
    accuracies = [float(line.split("accuracy ")[1][:6]) for line in printed.splitlines() if line.startswith("epoch ")]
    assert max(accuracies) > 0.4  # an eighth by chance; varied stripes are hard to see
    assert read_meta(out)["training_data"] == ["FER2013 with FER+ votes"]
    assert (
        cli.main(["face", "--data", data, "--views", str(tmp_path), *options, "--out", str(tmp_path / "x.safetensors")])
        == 2
    )
    assert "pixels.npy" in capsys.readouterr().err
    assert distill_views.main(["--data", data, "--teachers", str(tmp_path / "none"), "--out", views]) == 2
