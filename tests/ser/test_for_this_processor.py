"""Whisper's encoder runs in bfloat16 where the processor has that, and the reading stays the same."""

from __future__ import annotations

import pytest
import torch

from ser import members
from ser.frames import FrameNet, FramesClassifier, FrameShape
from ser.members import FramesMember, WhisperMember
from ser.model import Committee, StatisticsHead
from ser.transformer import WhisperEncoder
from tests.ser.conftest import make_voice


def both() -> list[WhisperMember | FramesMember]:
    torch.manual_seed(0)
    encoder, committee = WhisperEncoder(width=64, layers=6, heads=1), Committee([StatisticsHead(5, 64, 9)])
    nets = [FrameNet(FrameShape(width=64, channels=16, blocks=1), 9)]
    found = [
        members.whisper_member(encoder, committee, "none"),
        members.frames_member(FramesClassifier(encoder, nets, committee, 0.7), "none"),
    ]
    for member in found:
        member.model.eval()
    return found


@pytest.mark.parametrize("number", [0, 1])
def test_the_reading_stays_the_same(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    wave = make_voice(1.5)
    before = both()[number].forward(wave)
    monkeypatch.setattr(members, "has_bfloat16", lambda: True)
    fast = members.for_this_processor(both()[number])
    assert isinstance(fast, WhisperMember | FramesMember)
    assert {each.dtype for each in fast.model.encoder.parameters()} == {torch.bfloat16}
    after = fast.forward(wave)
    assert after.logits.dtype == torch.float32
    assert after.logits.softmax(-1).tolist()[0] == pytest.approx(before.logits.softmax(-1).tolist()[0], abs=0.02)


def test_another_processor_keeps_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "has_bfloat16", lambda: False)
    for member in both():
        kept = members.for_this_processor(member)
        assert isinstance(kept, WhisperMember | FramesMember)
        assert {each.dtype for each in kept.model.encoder.parameters()} == {torch.float32}
