from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from fer.model import FaceMember, load_member, save_member
from tests.training.face.conftest import FACTS
from training.face.pretrained import fill
from training.face.teacher import SFACE, TEACHER, PlainPReLU, Sface, load_trained, read_sface
from training.face.train import DEFAULTS

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
    teacher = FaceMember("sface", 8, architecture=TEACHER).eval()
    fill(teacher, read_sface(tmp_path / "sface.onnx"), "sface.onnx")
    grey = stored["conv_1_conv2d_weight"].sum(1, keepdims=True) / 2
    assert teacher.body.conv_1[0].weight.detach().numpy() == pytest.approx(grey)
    assert teacher.body.conv_9[2].weight.detach().numpy() == pytest.approx(stored["conv_9_relu_gamma"].ravel())
    with torch.inference_mode():
        assert teacher.maps(torch.zeros(1, 1, 112, 112)).shape == (1, 1024, 7, 7)


def test_leak_is_prelu() -> None:
    own, torchs = PlainPReLU(3), torch.nn.PReLU(3)
    maps = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(own(maps), torchs(maps))


def test_the_trained_teacher_is_loaded_but_never_as_a_network_of_the_app(tmp_path: Path) -> None:
    saved = FaceMember(SFACE, 8, architecture=TEACHER).eval()
    saved.size = 96
    save_member(saved, tmp_path / "sface.safetensors", FACTS, "fp16")
    teacher, face = load_trained(tmp_path / "sface.safetensors"), torch.zeros(1, 1, 96, 96)
    assert teacher.size == 96
    with torch.inference_mode():
        assert torch.allclose(teacher(face), saved(face), atol=1e-2)
    with pytest.raises(ValueError, match="no member 'sface'"):
        load_member(tmp_path / "sface.safetensors")
    assert SFACE in DEFAULTS
