import numpy as np
import pytest
import torch

from inference import vision
from ser import members
from ser.features import MelSettings, whisper_mel
from ser.members import LABELS, log_seven
from ser.model import TIMM_NAMES, Committee, MelNet, SpeechClassifier, StatisticsHead, create_backbone, statistics
from ser.transformer import WhisperEncoder, encoder_mask
from tests.ser.conftest import make_voice


def tiny_encoder() -> WhisperEncoder:
    torch.manual_seed(0)
    return WhisperEncoder(width=64, layers=3, heads=1).eval()


def test_the_encoder_is_whispers():
    assert vision.torchvision
    from transformers import WhisperConfig
    from transformers.models.whisper.modeling_whisper import WhisperEncoder as Reference

    torch.manual_seed(0)
    config = WhisperConfig(
        d_model=64, encoder_layers=3, encoder_attention_heads=1, encoder_ffn_dim=256, num_mel_bins=80,
        max_source_positions=1500,
    )  # fmt: skip
    reference = Reference(config).eval()
    mine = tiny_encoder()
    mine.load_state_dict(reference.state_dict())
    mel = torch.randn(1, 80, 3000)
    with torch.no_grad():
        expected = reference(mel, output_hidden_states=True)
        got = mine(mel)
    assert torch.allclose(mine.layer_norm(got[-1]), expected.last_hidden_state, atol=1e-4)
    assert torch.allclose(got[1], expected.hidden_states[2], atol=1e-4)


@pytest.mark.parametrize("frames", [96, 97])
def test_padding_changes_nothing_that_is_output(frames: int):
    encoder, mel = tiny_encoder(), whisper_mel(torch.from_numpy(make_voice(1.0)))[:, :frames]
    padded = torch.nn.functional.pad(mel, (0, 60))[None]
    inside = (torch.arange(padded.shape[2]) < frames)[None]
    with torch.inference_mode():
        alone = statistics(encoder(mel[None]))
        in_batch = statistics(encoder(padded, inside), encoder_mask(inside))
    assert torch.allclose(alone, in_batch, atol=1e-4)


@pytest.mark.parametrize("name", ["convnext_atto", "resnet18", "efficientnet_b0"])
def test_image_networks_ignore_padding(name):
    torch.manual_seed(0)
    model = MelNet(name, 9).eval()
    image = torch.randn(2, 1, 80, 96)
    with torch.inference_mode():
        output = model(image, torch.tensor([96, 96]))
        wide = model(torch.nn.functional.pad(image, (0, 160)), torch.tensor([96, 96]))
    assert output.logits.shape == (2, 9)
    assert output.embedding.shape == (2, model.head.in_features)
    similar = torch.nn.functional.cosine_similarity(output.embedding, wide.embedding)
    # Only the border, where convolutions look beyond the end, may differ; a plain mean would be far off (0.1 to 0.5).
    assert (similar > 0.8).all()


def test_a_vision_transformer_takes_mel_images_too():
    from inference.vision import timm

    small = timm.create_model("vit_tiny_patch16_224", in_chans=1, num_classes=0, dynamic_img_size=True)
    model = MelNet("convnext_atto", 9)
    model.backbone, model.norm, model.head = small, torch.nn.LayerNorm(192), torch.nn.Linear(192, 9)
    assert model(torch.randn(1, 1, 80, 160)).logits.shape == (1, 9)


def test_all_named_models_exist_in_timm():
    from inference.vision import timm

    assert {"resnet18", "convnext_tiny", "convnext_small", "convnext_base", "convnext_large"} <= set(TIMM_NAMES)
    assert {"vit_b_16", "efficientnet_b0", "convnext_atto", "convnext_nano"} <= set(TIMM_NAMES)
    assert all(timm.is_model(name) for name in TIMM_NAMES.values())


def test_a_wrong_name_lists_the_right_ones():
    with pytest.raises(ValueError, match="convnext_tiny"):
        create_backbone("convnext_huge")


def test_seven_of_nine():
    logits = np.zeros((1, len(LABELS)))
    logits[0, LABELS.index("calm")] = 5
    logits[0, LABELS.index("boredom")] = 50
    scores = np.exp(log_seven(logits))
    assert scores.sum() == pytest.approx(1)
    assert scores.argmax() == LABELS.index("neutral")


def test_the_labels_begin_with_the_diarys_seven():
    from emotions import EMOTIONS

    assert LABELS[:7] == EMOTIONS


def two_members() -> list[members.MelMember | members.WhisperMember]:
    torch.manual_seed(0)
    settings = MelSettings()
    net = MelNet("convnext_atto", len(LABELS)).eval()
    heads = Committee([StatisticsHead(2, 64, len(LABELS), 16) for _ in range(2)]).eval()
    listener = members.whisper_member(tiny_encoder(), heads, "none")
    listener.model = SpeechClassifier(tiny_encoder(), heads, (1, 3))
    return [
        members.mel_member(net, settings, np.linspace(-50, -30, 80), np.full(80, 15.0), "mixed:2"),
        listener,
    ]


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize(("storage", "close"), [("fp32", 1e-5), ("fp16", 2e-2), ("int8", 0.2)])
def test_members_come_back_from_disk(tmp_path, which, storage, close):
    member, wave = two_members()[which], make_voice(1.5)
    members.save(member, tmp_path / "member.safetensors", storage, temperature=1.3)
    back = members.load(tmp_path / "member.safetensors")
    assert back.meta["temperature"] == 1.3
    assert back.meta["labels"] == list(LABELS)
    assert back.meta["sample_rate"] == 16_000
    assert torch.allclose(back.forward(wave).logits, member.forward(wave).logits, atol=close)


def test_a_member_gives_the_same_output_again():
    member, wave = two_members()[0], make_voice(2.0)
    assert torch.equal(member.forward(wave).logits, member.forward(wave).logits)


@pytest.mark.parametrize("seconds", [0.5, 1.0, 3.3, 10.0])
def test_members_read_clips_of_any_length(seconds):
    for member in two_members():
        assert torch.isfinite(member.forward(make_voice(seconds)).logits).all()


@pytest.mark.parametrize("which", [0, 1])
def test_a_network_meets_few_lengths_however_long_clips_are(which):
    """Each length costs memory for as long as the process lives."""
    member, met = two_members()[which], set()
    member.model.register_forward_pre_hook(lambda _, given: met.add(given[0].shape[-1]))
    for hundredths in range(200, 1001, 7):
        member.forward(np.full(160 * hundredths, 0.1, np.float32))
    assert len(met) <= 16
