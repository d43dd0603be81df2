"""Where the training of a member starts."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from fer.model import FaceMember, save_member
from tests.fer.test_model import FACTS
from training.face.pretrained import start_from


@pytest.mark.parametrize("name", ["resnet50", "vgg16", "alexnet"])
def test_colour_weights_start_a_grey_member(name: str, tmp_path: Path) -> None:
    source = FaceMember(name, 8)
    prefix = "" if name == "resnet50" else "features."
    state = {prefix + key: torch.randn_like(value.float()) for key, value in source.body.state_dict().items()}
    first = next(key for key, value in state.items() if value.ndim == 4)
    grey = state[first].clone()
    state[first] = torch.cat([grey * share for share in (0.2, 0.5, 0.3)], 1)
    save_file(state, tmp_path / "start.safetensors")
    member = FaceMember(name, 8)
    start_from(member, tmp_path / "start.safetensors")
    assert torch.allclose(member.body.state_dict()[first.removeprefix("features.")], grey, atol=1e-6)
    with pytest.raises(ValueError, match="no start for xception"):
        start_from(FaceMember("xception", 8), tmp_path / "start.safetensors")


def test_a_shipped_member_can_be_taught_further(tiny: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    before = FaceMember(tiny, 8)
    save_member(before, tmp_path / "tiny.safetensors", FACTS, "fp32")
    torch.manual_seed(2)
    member = FaceMember(tiny, 8)
    start_from(member, tmp_path / "tiny.safetensors")
    for name, tensor in before.state_dict().items():
        assert torch.equal(member.state_dict()[name], tensor), name
    assert all(parameter.requires_grad for parameter in member.parameters())
    with pytest.raises(ValueError, match="no start for vgg16: it holds"):
        start_from(FaceMember("vgg16", 8), tmp_path / "tiny.safetensors")
