import pytest
import torch

from ser.features import whisper_mel
from ser.frames import FrameNet, FramesClassifier, FrameShape, frames_of
from ser.model import Committee, StatisticsHead
from ser.transformer import encoder_mask
from tests.ser.conftest import make_voice
from tests.ser.test_model import tiny_encoder

TINY = FrameShape(layers=2, width=64, channels=16, blocks=2)


def net(seed: int = 0) -> FrameNet:
    torch.manual_seed(seed)
    return FrameNet(TINY, 9).eval()


@pytest.mark.parametrize("count", [4, 5])
def test_a_frame_is_the_mean_of_two_outputs(count):
    outputs = [torch.arange(count * 3.0).view(1, count, 3) + layer for layer in range(3)]
    frames, inside = frames_of(outputs, layers=(1, 3))
    assert frames.shape == (1, (count + 1) // 2, 2, 3)
    assert torch.equal(frames[0, 0, 0], (outputs[1][0, 0] + outputs[1][0, 1]) / 2)
    last = outputs[2][0, -1] if count % 2 else (outputs[2][0, -2] + outputs[2][0, -1]) / 2
    assert torch.equal(frames[0, -1, 1], last)
    assert inside.all()


@pytest.mark.parametrize("count", [96, 97, 98])
def test_padding_changes_nothing(count):
    heads = Committee([StatisticsHead(2, 64, 9).eval()])
    classifier = FramesClassifier(tiny_encoder(), [net(0), net(1)], heads, 0.7).eval()
    mel = whisper_mel(torch.from_numpy(make_voice(1.0)))[:, :count]
    padded = torch.nn.functional.pad(mel, (0, 60))[None]
    mask = (torch.arange(padded.shape[2]) < count)[None]
    with torch.inference_mode():
        alone, in_batch = (
            classifier.convnext(*frames_of(classifier.encoder(each, m), m if m is None else encoder_mask(m), (1, 3)))
            for each, m in ((mel[None], None), (padded, mask))
        )
    assert torch.allclose(alone.logits, in_batch.logits, atol=1e-4)
    assert torch.allclose(alone.embedding, in_batch.embedding, atol=1e-4)


def test_padding_does_not_learn_either():
    model, frames = net(), torch.randn(1, 20, 2, 64)
    inside = (torch.arange(20) < 12)[None]
    frames.requires_grad_(True)
    model(frames, inside).logits.sum().backward()
    assert frames.grad is not None
    assert frames.grad[0, 12:].abs().max() == 0
    assert frames.grad[0, :12].abs().max() > 0
