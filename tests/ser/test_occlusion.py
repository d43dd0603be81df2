"""Reading a clip without one of its parts: exact, only over sound, and able to find what was planted."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ser import members
from ser.frames import FrameNet, FramesClassifier, FrameShape, frames_of
from ser.members import LABELS, FramesMember
from ser.model import Committee, StatisticsHead, statistics
from ser.occlusion import WINDOW, EncodedClip, parts_of
from ser.transformer import WhisperEncoder, encoder_mask
from tests.ser.conftest import make_voice
from tests.ser.test_frames_member import tiny_member


@pytest.fixture(scope="module")
def member() -> FramesMember:
    """Six layers as Whisper base has, of which the networks use five, and blocks that reach as far as the shipped."""
    torch.manual_seed(0)
    encoder = WhisperEncoder(width=64, layers=6, heads=1)
    nets = [FrameNet(FrameShape(width=64, channels=16, blocks=3), len(LABELS)) for _ in range(2)]
    heads = Committee([StatisticsHead(5, 64, len(LABELS), 16) for _ in range(2)])
    return members.frames_member(FramesClassifier(encoder, nets, heads, 0.6).eval().requires_grad_(False), "none")


@pytest.mark.parametrize("count", [3, 12, 13, 25, 36, 37, 125, 250])
def test_the_parts_cover_every_frame_and_leave_most_of_the_clip(count: int) -> None:
    parts = parts_of(count)
    covered = {frame for first, after in parts for frame in range(first, after)}
    assert covered == set(range(count))
    (length,) = {after - first for first, after in parts}
    assert 1 <= length <= min(WINDOW, count / 3)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_clip_of_two_frames_has_no_part_to_leave_out(count: int) -> None:
    assert parts_of(count) == []


@pytest.mark.parametrize("seconds", [0.5, 1.23, 3.0, 10.0])
def test_the_whole_clip_reads_as_the_member_reads_it(member: FramesMember, seconds: float) -> None:
    clip, expected = EncodedClip(member, make_voice(seconds)), member.forward(make_voice(seconds))
    assert torch.allclose(clip.output.logits, expected.logits, atol=1e-4)
    assert clip.output.standard is not None
    assert expected.standard is not None
    assert torch.allclose(clip.output.standard, expected.standard, atol=1e-2)


@pytest.mark.parametrize("seconds", [0.5, 1.23, 3.0, 6.1])
def test_pieces_give_what_the_plain_way_gives(member: FramesMember, seconds: float) -> None:
    """The plain way: the whole clip through the networks again for each part, and statistics with a mask."""
    wave = make_voice(seconds)
    clip, model = EncodedClip(member, wave), member.model
    mel, mask = members.whisper_batch(wave)
    expected = []
    with torch.inference_mode():
        inside = encoder_mask(mask)
        outputs = model.encoder(mel, mask)
        frames, sound = frames_of(outputs, inside)
        for first, after in parts_of(clip.count):
            others = sound.clone()
            others[0, first:after] = False
            hidden, stays = frames.clone(), inside.clone()
            hidden[0, first:after] = frames[others].mean(0)
            stays[0, 2 * first : 2 * after] = False
            ours = model.convnext(hidden, sound).logits
            other = model.committee(statistics(outputs[1:], stays)).logits
            expected.append(0.6 * ours + 0.4 * other)
    found = clip.without(parts_of(clip.count))
    assert np.allclose(found, torch.cat(expected).numpy(), atol=1e-3)
    assert np.ptp(found, axis=0).max() > 1e-2  # the parts do differ


@pytest.mark.parametrize("hundredths", [50, 77, 300, 1000])
def test_attention_sums_to_one_over_sound_and_padding_gets_none(member: FramesMember, hundredths: int) -> None:
    given = []
    hook = member.model.nets[0].pool.register_forward_hook(lambda _, inputs, output: given.append(output[1]))
    clip = EncodedClip(member, make_voice(10.0)[: 160 * hundredths])
    hook.remove()
    assert clip.count == -(-hundredths // 4)
    assert clip.attention.shape == (clip.count,)
    assert clip.attention.sum() == pytest.approx(1, abs=1e-5)
    assert (clip.attention > 0).all()
    assert given[0][0, clip.count :].abs().sum() == 0
    assert given[0].shape[1] % 25 == 0  # it was padded at all


def test_the_encoder_runs_once() -> None:
    member, runs = tiny_member(), []
    member.model.encoder.register_forward_pre_hook(lambda *_: runs.append(1))
    clip = EncodedClip(member, make_voice(2.0))
    clip.without(parts_of(clip.count))
    assert len(runs) == 1


def test_networks_meet_few_shapes_however_long_clips_are(member: FramesMember) -> None:
    """Each shape costs memory for as long as the process lives."""
    met: set[tuple[int, ...]] = set()
    handle = (
        member.model.nets[0].blocks[0].depthwise.register_forward_pre_hook(lambda _, given: met.add(given[0].shape))
    )
    for hundredths in range(200, 1001, 37):
        clip = EncodedClip(member, np.random.default_rng(0).normal(0, 0.1, 160 * hundredths).astype(np.float32))
        clip.without(parts_of(clip.count))
    handle.remove()
    assert len(met) <= 10
