"""torch beside timm: the import that fails on CPU-only machines without inference/vision.py."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from inference.vision import timm, torchvision


def test_timm_builds_a_model_that_runs() -> None:
    model = timm.create_model("convnext_atto", in_chans=1, num_classes=7).eval()
    with torch.inference_mode():
        assert model(torch.zeros(1, 1, 64, 64)).shape == (1, 7)


def test_torchvision_is_whole() -> None:
    from torchvision.transforms import v2

    assert torchvision.models.alexnet
    assert v2.Resize(4)(torch.zeros(1, 8, 8)).shape == (1, 4, 4)


@pytest.mark.slow
def test_where_the_plain_import_fails_ours_does_not() -> None:
    """On a CPU-only torch `import torchvision` fails; the cure must be ours, not an accident of import order."""
    plain = subprocess.run([sys.executable, "-c", "import torchvision"], capture_output=True, text=True)
    ours = subprocess.run(
        [sys.executable, "-c", "from inference.vision import timm, torchvision"], capture_output=True, text=True
    )
    assert ours.returncode == 0, ours.stderr
    if plain.returncode != 0:
        assert "torchvision::nms" in plain.stderr
