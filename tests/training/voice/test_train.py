"""From recordings to weights, on a handful of made-up voices and a tiny transformer."""

import sys

import numpy as np
import torch

from ser import audio, members
from ser.model import StatisticsHead
from tests.ser.conftest import make_voice
from training.voice import student, teacher, train
from training.voice.encoders import load_whisper
from training.voice.student import VoiceHyperparameters
from training.voice.teacher import CommitteeOptions
from training.voice.training_data import MEL, TrainingData

STEPS = 4


def test_copies_are_as_many_as_clips_and_differ(data):
    clean, varied = data.copies
    assert len(data.clips) == 24
    assert clean.statistics.shape == (24, 6, 128)
    assert not np.array_equal(clean.wave(0), varied.wave(0))
    assert np.isfinite(varied.statistics.astype(np.float32)).all()


def test_training_hears_as_the_product_does(data, encoder_file):
    """The cached statistics and those that the member computes from the file are the same."""
    member = members.whisper_member(load_whisper(encoder_file), teacher.Committee([StatisticsHead(5, 64, 9)]), "none")
    inputs_of_head = []
    member.model.head.register_forward_pre_hook(lambda _, inputs: inputs_of_head.append(inputs[0][0].clone()))
    member.forward(audio.load(data.root / data.clips[0].path))
    cached = torch.from_numpy(data.copies[0].statistics[0, 1:6].astype(np.float32))
    assert torch.allclose(inputs_of_head[0], cached, atol=0.1)  # the cache is made in bf16 where the machine has it


def test_a_committee_learns_and_its_opinions_fit(data):
    heads = train.committee(data, "nemo:IC0", "test", options=CommitteeOptions(heads=2, steps=60))
    _, test = data.train_and_test("nemo:IC0")
    logits = teacher.predict_logits(heads, data.copies[0], test)
    right = np.array([members.LABELS.index(data.clips[index].label) for index in test])
    assert np.mean(logits.argmax(1) == right) > 0.8
    scores, embeddings = teacher.soft_targets(heads, data.copies)
    assert scores.shape == (2, 24, len(members.LABELS))
    assert embeddings.shape[:2] == (2, 24)
    assert np.allclose(scores.sum(-1), 1, atol=1e-3)


def settings(**changes) -> VoiceHyperparameters:
    return VoiceHyperparameters(
        **{"model": "convnext_atto", "steps": STEPS, "batch": 4, "bf16": False, "show_progress": False, **changes}
    )


def test_a_stopped_student_goes_on_to_the_same_weights(data, tmp_path):
    labels, (clips, _) = data.labels(), data.train_and_test("nemo:IC0")
    heads = train.committee(data, "nemo:IC0", "quick", options=CommitteeOptions(heads=1, steps=5))
    targets = teacher.soft_targets(heads, data.copies)
    straight = student.train_student(data.images, labels, clips, settings(), targets)
    kept = tmp_path / "state.pt"
    student.train_student(data.images, labels, clips, settings(checkpoint=kept, stop_after=2), targets)
    resumed = student.train_student(data.images, labels, clips, settings(checkpoint=kept), targets)
    for name, tensor in straight.model.state_dict().items():
        assert torch.equal(tensor, resumed.model.state_dict()[name]), name


def test_normalisation_is_of_the_training_fold_alone(data):
    clips, test = data.train_and_test("nemo:IC0")
    trained = student.train_student(data.images, data.labels(), clips, settings(steps=2))
    pixels = np.concatenate([data.images[0][index] for index in clips]).astype(np.float64)
    assert np.allclose(trained.mean, pixels.mean(0), atol=0.01)
    assert np.allclose(trained.std, pixels.std(0), atol=0.01)
    others = np.concatenate([data.images[0][index] for index in [*clips, *test]]).astype(np.float64)
    assert not np.allclose(trained.mean, others.mean(0), atol=0.01)


def test_images_are_as_wide_as_asked(data, monkeypatch, tmp_path):
    seen = []

    def disturb(images, *how):
        seen.append(images.shape[-1])
        return images

    monkeypatch.setattr(student, "disturb", disturb)
    run(monkeypatch, data, "--model", "convnext_atto", "--steps", "2", "--batch", "4", "--copies", "1", "--width", "64",
        "--out", str(tmp_path / "student.safetensors"))  # fmt: skip
    assert seen == [64, 64]


def run(monkeypatch, data: TrainingData, *arguments: str) -> None:
    monkeypatch.setattr(
        sys, "argv", ["training.voice.train", "--cache", str(data.cache), "--data", str(data.root), *arguments]
    )
    train.main()


def test_the_command_line_from_recordings_to_a_recogniser(data, encoder_file, monkeypatch, tmp_path, capsys):
    common = ["--fold", "nemo:IC0", "--copies", "1", "--fp32"]
    run(monkeypatch, data, "--model", "whisper_base", "--encoder", str(encoder_file), "--steps", "4", *common,
        "--out", str(tmp_path / "whisper.safetensors"))  # fmt: skip
    # The teacher of the fold lies in the cache already; a whole one takes seconds.
    train.committee(data, "nemo:IC0", options=CommitteeOptions(heads=1, steps=5))
    first = ["--model", "convnext_atto", "--steps", "2", "--batch", "4", *common]
    run(monkeypatch, data, *first, "--teach", "--out", str(tmp_path / "student.safetensors"))
    run(monkeypatch, data, *first, "--init", str(tmp_path / "student.safetensors"),
        "--out", str(tmp_path / "student.safetensors"))  # fmt: skip
    from ser.predict import load

    recogniser = load(tmp_path)
    assert {member.meta["name"] for member in recogniser.members} == {"convnext_atto", "whisper_base"}
    assert all(member.meta["left_out"] == "nemo:IC0" for member in recogniser.members)
    assert recogniser.read([make_voice(2.0)])[0].source == "voice"


def test_models_of_a_fold_are_measured_as_the_app_reads(data, encoder_file, monkeypatch, tmp_path, capsys):
    """Either kind: what `training.voice.train` wrote for a fold says of its clips what it was trained to say."""
    from training.voice import evaluate

    fold = "nemo:IC0"
    run(monkeypatch, data, "--model", "whisper_base", "--encoder", str(encoder_file), "--steps", "60", "--fold", fold,
        "--copies", "1", "--out", str(tmp_path / f"{fold}.safetensors"))  # fmt: skip
    given = [
        "nemo",
        "--weights",
        str(tmp_path),
        "--corpora",
        "all",
        "--cache",
        str(data.cache),
        "--data",
        str(data.root),
    ]
    monkeypatch.setattr(sys, "argv", ["training.voice.evaluate", *given])
    evaluate.main()
    assert "nemo, 1 folds" in capsys.readouterr().out
    saved = evaluate.saved_predictions(data, fold, tmp_path)
    heads = train.committee(data, fold, "60-steps", options=CommitteeOptions(steps=60))
    cached = teacher.predict_logits(heads, data.copies[0], data.train_and_test(fold)[1])
    assert len(saved.logits) == 6
    assert np.array_equal(saved.logits.argmax(1), cached.argmax(1))
    net = members.mel_member(student.new_model("convnext_atto"), MEL, np.zeros(80), np.ones(80), fold)
    members.save(net, tmp_path / f"{fold}.safetensors")
    other = evaluate.saved_predictions(data, fold, tmp_path)
    assert other.logits.shape == (6, len(members.LABELS))


def test_upper_layers_of_whisper_learn_too(data, encoder_file, monkeypatch, tmp_path):
    out = tmp_path / "fine.safetensors"
    run(monkeypatch, data, "--model", "whisper_base", "--encoder", str(encoder_file), "--finetune", "2", "--steps", "3",
        "--batch", "4", "--copies", "1", "--fp32", "--lr", "0.01", "--out", str(out))  # fmt: skip
    before, after = load_whisper(encoder_file), members.load(out).model.encoder
    moved = [
        not torch.allclose(one, other, atol=2e-3)
        for one, other in zip(before.layers.parameters(), after.layers.parameters(), strict=True)
    ]
    each = len(moved) // 6
    assert not any(moved[: 4 * each])
    # fp16 on disk hides changes below a thousandth, so only some of the tensors show theirs.
    with torch.no_grad():
        shift = (before.layers[5].fc1.weight - after.layers[5].fc1.weight).abs().max()
        still = (before.layers[0].fc1.weight - after.layers[0].fc1.weight).abs().max()
    assert shift > 2 * still


def test_wav2vec2_of_hugging_face_learns_by_the_same_loop(data, monkeypatch, tmp_path):
    from inference import vision

    assert vision.torchvision
    from transformers import Wav2Vec2Config, Wav2Vec2Model

    torch.manual_seed(0)
    config = Wav2Vec2Config(
        hidden_size=32, num_hidden_layers=3, num_attention_heads=2, intermediate_size=64, conv_dim=(16,) * 7,
        num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=2, mask_time_prob=0.0, layerdrop=0.0,
    )  # fmt: skip
    Wav2Vec2Model(config).save_pretrained(tmp_path / "tiny")
    run(monkeypatch, data, "--model", str(tmp_path / "tiny"), "--finetune", "1", "--steps", "2", "--batch", "4",
        "--copies", "1", "--fp32", "--out", str(tmp_path / "w2v.safetensors"))  # fmt: skip
    from inference.weights import load

    state, meta = load(tmp_path / "w2v.safetensors")
    assert meta["kind"] == "hub"
    assert any(name.startswith("head.") for name in state)


def test_compare_writes_one_row_a_model(data):
    from training.voice.compare import compare

    row = compare(data, "nemo:IC0", settings(steps=2), teach=False)
    assert str(row).count("|") == 7
    assert 0 <= row.recall <= 1
    assert row.parameters > 3e6
