"""The member of ConvNeXts over Whisper's frames: its file, its padding, and the share of its parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from inference.weights import read_meta
from ser import members
from ser.features import whisper_mel
from ser.frames import FrameNet, FramesClassifier, FrameShape, frames_of
from ser.members import LABELS, FramesMember
from ser.model import Committee, StatisticsHead, statistics
from ser.transformer import encoder_mask
from tests.ser.conftest import make_voice
from tests.ser.test_model import tiny_encoder

SHAPE = FrameShape(layers=2, width=64, channels=16, blocks=2)


def tiny_member(share: float = 0.7, plane: bool = False, seed: int = 0) -> FramesMember:
    """Random networks over a small encoder; its three layers give two of those that the networks use."""
    encoder = tiny_encoder()
    torch.manual_seed(seed)
    nets = [FrameNet(SHAPE, len(LABELS), plane=plane) for _ in range(2)]
    for net in nets:
        net.middle.normal_(0, 0.1)
        net.spread.uniform_(0.5, 1.5)
    heads = Committee([StatisticsHead(2, 64, len(LABELS), 16) for _ in range(3)])
    model = FramesClassifier(encoder, nets, heads, share).eval().requires_grad_(False)
    return members.frames_member(model, "none")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "frames.safetensors"


@pytest.mark.parametrize("plane", [False, True])
@pytest.mark.parametrize(("storage", "close"), [("fp32", 1e-5), ("fp16", 2e-2)])
def test_it_comes_back_from_disk(file: Path, storage, close: float, plane: bool) -> None:
    member, wave = tiny_member(plane=plane), make_voice(1.5)
    members.save(member, file, storage, temperature=1.3)
    back = members.load(file)
    assert isinstance(back, FramesMember)
    assert back.meta["temperature"] == 1.3
    found, expected = back.forward(wave), member.forward(wave)
    for name in ("logits", "embedding", "standard", *(["plane"] if plane else [])):
        assert torch.allclose(getattr(found, name), getattr(expected, name), atol=close), name
    assert (found.plane is None) == (not plane)


def test_its_file_says_what_it_holds(file: Path) -> None:
    members.save(tiny_member(), file)
    meta = read_meta(file)
    assert meta["shape"] == {"width": 64, "layers": 3, "nets": 2, "heads": 3}
    assert (meta["frames"], meta["share"]) == (SHAPE.as_dict(), 0.7)
    assert meta["encoder"] == "Whisper base, OpenAI, MIT"


def test_a_file_in_fp16_is_half_as_large(tmp_path: Path) -> None:
    sizes = []
    for storage in ("fp32", "fp16"):
        members.save(tiny_member(), tmp_path / f"{storage}.safetensors", storage)
        sizes.append((tmp_path / f"{storage}.safetensors").stat().st_size)
    assert sizes[1] < 0.55 * sizes[0]


@pytest.mark.parametrize("share", [0.0, 0.7, 1.0])
def test_the_share_weighs_the_convnext_against_the_committee(file: Path, share: float) -> None:
    members.save(tiny_member(share), file, "fp32")
    member, wave = members.load(file), make_voice(1.2)
    assert isinstance(member, FramesMember)
    model = member.model
    with torch.inference_mode():
        outputs = model.encoder(whisper_mel(members.prepare(wave))[None])
        ours = model.convnext(*frames_of(outputs)).logits
        other = model.committee(statistics(outputs[1:])).logits
        assert not torch.allclose(ours, other, atol=0.1)
        assert torch.allclose(member.forward(wave).logits, share * ours + (1 - share) * other, atol=1e-3)


@pytest.mark.parametrize("hundredths", [55, 120, 333, 1000])
def test_a_padded_clip_reads_like_an_unpadded_one(hundredths: int) -> None:
    member, wave = tiny_member(plane=True), make_voice(10.0)[: 160 * hundredths]
    with torch.inference_mode():
        alone = member.model(whisper_mel(members.prepare(wave))[None])
        found = member.forward(wave)
    padded, mask = members.whisper_batch(wave)
    assert padded.shape[-1] % 100 == 0
    assert encoder_mask(mask).sum() == (hundredths + 1) // 2
    for name in ("logits", "embedding", "standard", "plane"):
        assert torch.allclose(getattr(found, name), getattr(alone, name), atol=1e-3), name


def test_it_meets_few_lengths_however_long_clips_are() -> None:
    """Each length costs memory for as long as the process lives."""
    member, met = tiny_member(), set()
    member.model.register_forward_pre_hook(lambda _, given: met.add(given[0].shape[-1]))
    for hundredths in range(200, 1001, 7):
        member.forward(np.full(160 * hundredths, 0.1, np.float32))
    assert len(met) <= 16
