"""A teacher for the four networks: OpenCV's face recogniser SFace, trained further on expressions, never shipped.

    python -m training.cli face --model sface --init SFACE.onnx --data ferplus=DATA --out T/sface.safetensors
    python -m training.face.distill_views --teachers T/sface.safetensors --data ferplus=DATA --out VIEWS

SFace was trained on millions of faces. Its last layer, which identifies people, is not loaded: the teacher cannot
recognise anybody.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from fer.labels import EIGHT
from fer.model import Architecture, FaceMember, load_member
from inference import weights

SFACE = "sface"
WIDTHS = (32, 64, 128, 128, 256, 256, *[512] * 6, 1024, 1024)
"""Channels after each of the 14 blocks of the MobileNet that SFace is."""
STRIDES = (1, 1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)


class Sface(nn.Sequential):
    """SFace up to its last maps, for grey faces of 112×112. Parts are named `conv_1`, `conv_2_dw` … as in its file."""

    def __init__(self) -> None:
        super().__init__()
        before = 1
        for block, (width, stride) in enumerate(zip(WIDTHS, STRIDES, strict=True), 1):
            if block == 1:
                self.add_module("conv_1", _step(before, width, 3, stride, 1))
            else:
                self.add_module(f"conv_{block}_dw", _step(before, before, 3, stride, before))
                self.add_module(f"conv_{block}", _step(before, width, 1, 1, 1))
            before = width


class PlainPReLU(nn.Module):
    """PReLU from two ReLUs: torch's own takes twice as long in bf16 on a CPU."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((width,), 0.25))

    def forward(self, maps: Tensor) -> Tensor:
        return maps.relu() - self.weight.to(maps.dtype).view(1, -1, 1, 1) * (-maps).relu()


def _step(before: int, width: int, kernel: int, stride: int, groups: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, width, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(width, eps=1e-3),
        PlainPReLU(width),
    )


def read_sface(file: Path) -> dict[str, Tensor]:
    """The weights of the ONNX file under the names of `Sface`; its colour filters summed into grey ones."""
    import onnx  # only training needs it
    from onnx import numpy_helper

    stored = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in onnx.load(str(file)).graph.initializer}
    state: dict[str, Tensor] = {}
    for name, _ in Sface().named_children():
        kernel = stored[f"{name}_conv2d_weight"]
        state[f"{name}.0.weight"] = kernel.sum(1, keepdim=True) if name == "conv_1" else kernel
        for ours, theirs in (
            *(("weight", "gamma"), ("bias", "beta")),
            *(("running_mean", "moving_mean"), ("running_var", "moving_var")),
        ):
            state[f"{name}.1.{ours}"] = stored[f"{name}_batchnorm_{theirs}"]
        state[f"{name}.2.weight"] = stored[f"{name}_relu_gamma"].flatten()
    # The input of SFace was (colour - 127.5) / 128; the input of members has mean 0 and standard deviation 1.
    state["conv_1.0.weight"] *= 0.5
    return state


TEACHER = Architecture(80, WIDTHS[-1], lambda pretrained: Sface(), upper_half="conv_5_dw", explained="conv_12")


def load_trained(file: Path) -> FaceMember:
    """Weights that `python -m training.cli face` wrote: one of the four networks, or the teacher."""
    state, meta = weights.load(file)
    if meta.get("member") != SFACE:
        return load_member(file)
    member = FaceMember(SFACE, len(EIGHT), architecture=TEACHER)
    member.load_state_dict(state)
    member.size = int(meta["size"])
    return member.eval().requires_grad_(False).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  (missing in the stub)
