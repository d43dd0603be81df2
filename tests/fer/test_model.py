from __future__ import annotations

from pathlib import Path

import pytest
import torch

from fer.model import FaceMember, load_member, save_member
from inference.weights import WeightsError, read_meta

FACTS = {"name": "test", "version": "0", "training_data": "none", "licence": "none"}


@pytest.mark.parametrize(
    ("name", "millions"), [("resnet50", 23.5), ("vgg16", 14.7), ("xception", 20.8), ("alexnet", 2.5)]
)
def test_the_four_members(name: str, millions: float) -> None:
    member = FaceMember(name, 8).eval()
    assert sum(parameter.numel() for parameter in member.parameters()) / 1e6 == pytest.approx(millions, abs=0.1)
    caught = []
    member.explained_layer.register_forward_hook(lambda module, given, maps: caught.append(maps.shape))
    with torch.inference_mode():
        faces = torch.randn(2, 1, member.size, member.size)
        assert member(faces).shape == (2, 8)
        assert min(member.maps(faces).shape[2:]) >= 3
    assert min(caught[0][2:]) >= 6  # fine enough for a heat map


def test_a_wrong_name_is_answered_with_the_right_ones() -> None:
    with pytest.raises(ValueError, match="no member 'lenet'; choose one of resnet50, vgg16, xception, alexnet"):
        FaceMember("lenet", 8)


def test_saved_weights_come_back_with_what_belongs_to_them(tiny: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    member = FaceMember(tiny, 8).eval()
    member.size = 40
    save_member(member, tmp_path / "tiny.safetensors", FACTS)
    again = load_member(tmp_path / "tiny.safetensors")
    assert again.size == 40
    assert not again.training
    faces = torch.randn(4, 1, 40, 40)
    assert torch.allclose(again(faces), member(faces), atol=0.02)
    assert read_meta(tmp_path / "tiny.safetensors")["labels"][-1] == "contempt"


def test_weights_for_other_labels_are_refused(tiny: str, tmp_path: Path) -> None:
    save_member(FaceMember(tiny, 8), tmp_path / "tiny.safetensors", {**FACTS, "labels": ["joy"]})
    with pytest.raises(WeightsError, match="another version"):
        load_member(tmp_path / "tiny.safetensors")
