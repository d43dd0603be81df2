from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fer.model import Member
from tests.fer.conftest import drawn_faces
from tests.training.face.test_train import QUICK
from training.face import train as training
from training.face.corpora import Faces
from training.face.pretrained import fill
from training.face.teacher import TEACHER, Leak, Sface, read_sface
from training.face.train import Lesson, teach, train

onnx = pytest.importorskip("onnx", reason="onnx is for training only (requirements-train.txt)")


def sface_file(path: Path) -> dict[str, np.ndarray]:
    """A file with SFace's names and shapes, and made-up numbers."""
    rng = np.random.default_rng(0)
    stored: dict[str, np.ndarray] = {}
    for name, step in Sface().named_children():
        kernel = step[0].weight.shape
        colours = (kernel[0], 3, 3, 3) if name == "conv_1" else tuple(kernel)
        stored[f"{name}_conv2d_weight"] = rng.normal(0, 0.1, colours)
        for part in ("gamma", "beta", "moving_mean", "moving_var"):
            stored[f"{name}_batchnorm_{part}"] = rng.uniform(0.5, 1.5, kernel[0])
        stored[f"{name}_relu_gamma"] = rng.uniform(0, 0.5, (kernel[0], 1, 1))
    stored = {name: value.astype(np.float32) for name, value in stored.items()}
    tensors = [onnx.numpy_helper.from_array(value, name) for name, value in stored.items()]
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([], "sface", [], [], tensors)), str(path))
    return stored


def test_the_file_becomes_a_teacher(tmp_path: Path) -> None:
    stored = sface_file(tmp_path / "sface.onnx")
    teacher = Member("sface", 8, architecture=TEACHER).eval()
    fill(teacher, read_sface(tmp_path / "sface.onnx"), "sface.onnx")
    grey = stored["conv_1_conv2d_weight"].sum(1, keepdims=True) / 2
    assert teacher.body.conv_1[0].weight.detach().numpy() == pytest.approx(grey)
    assert teacher.body.conv_9[2].weight.detach().numpy() == pytest.approx(stored["conv_9_relu_gamma"].ravel())
    with torch.inference_mode():
        assert teacher.maps(torch.zeros(1, 1, 112, 112)).shape == (1, 1024, 7, 7)


def test_leak_is_prelu() -> None:
    own, torchs = Leak(3), torch.nn.PReLU(3)
    maps = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(own(maps), torchs(maps))


def test_a_teachers_scores_become_half_of_the_target(tiny: str, tmp_path: Path) -> None:
    faces = drawn_faces(240)
    hidden = replace(faces.take(np.arange(20)), split=np.full(20, "test"))
    train(tiny, tmp_path, faces.part("train"), faces.part("valid"), QUICK, without=["pose", "softness"])
    (tmp_path / "recipe.json").write_text(json.dumps({"member": tiny, "sizes": [[48, 6]]}))
    everything = teach(Faces.join(faces, hidden), tmp_path)
    assert (everything.taught[240:] == 0).all()  # of test faces nobody is asked
    taught = everything.take(np.arange(240))
    assert taught.taught.sum(1) == pytest.approx(1, abs=1e-5)
    assert (taught.taught.argmax(1) == faces.majority).mean() > 0.7
    plain, helped = (Lesson.of(each, replace(QUICK, teaching=0.5), "votes") for each in (faces, taught))
    assert helped.targets == pytest.approx((plain.targets + taught.taught) / 2, abs=1e-6)
    assert Lesson.of(taught, QUICK, "old").targets.max(1) == pytest.approx(1)
    again = teach(Faces.join(faces, hidden), tmp_path)  # kept beside the teacher, not asked twice
    assert (again.taught == everything.taught).all()


def test_the_teacher_is_no_member() -> None:
    with pytest.raises(ValueError, match="no member 'sface'"):
        Member("sface", 8)
    assert "sface" in training.RECIPES
