"""`python -m training.cli voice`, from made-up downloads to weights that the app's own loader takes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from emotions import EMOTIONS
from inference import measured
from inference.model_card import verify_checksum
from inference.weights import read_meta
from ser import members
from ser.predict import load
from tests.trees import PITCH, cremad, dacon, dialogue, ravdess, tone, write_wav
from training import cli
from training.voice.encoders import SHIPPED, load_whisper

FEW = ["--steps", "4", "--batch", "4", "--copies", "0", "--fp32"]
IMAGES = ["--model", "convnext_atto", *FEW]


def run(*arguments: object) -> int:
    return cli.main(["voice", *map(str, arguments)])


def own_folder(root: Path) -> Path:
    """Two moods of four people."""
    for number in range(4):
        for mood in ("anger", "sadness"):
            for take in range(3):
                path = root / mood / f"person {number}" / f"{take}.wav"
                write_wav(path, PITCH[mood] + 8 * number, seed=take, seconds=0.6)
    return root


def test_the_default_needs_no_file_from_outside_and_learns(tmp_path: Path) -> None:
    """The encoder inside the shipped weights, frozen, and new heads on it: the whole command but for the steps."""
    out = tmp_path / "voice.safetensors"
    data = own_folder(tmp_path / "own")
    assert run("--data", f"folder={data}", "--out", out, "--steps", "60", "--batch", "16", "--copies", "0") == 0
    recogniser, meta = load(out), read_meta(out)
    assert (meta["kind"], meta["name"]) == ("whisper", "whisper_base")
    assert len(meta["left_out_speakers"]) == 1
    anger, sadness = (recogniser.scores(tone(PITCH[mood] + 12, 0.8, seed=9)) for mood in ("anger", "sadness"))
    assert anger[EMOTIONS.index("anger")] > anger[EMOTIONS.index("sadness")]
    assert sadness[EMOTIONS.index("sadness")] > sadness[EMOTIONS.index("anger")]
    before, after = load_whisper(SHIPPED).state_dict(), load_whisper(out).state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_a_file_without_an_encoder_is_named_before_the_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = f"ravdess={ravdess(tmp_path / 'ravdess', actors=(1,))}"
    for file, message in (
        (SHIPPED.parent / "strangeness.safetensors", "no Whisper"),
        (tmp_path / "gone", "no file"),
    ):
        given = ["--data", data, "--out", tmp_path / "v.safetensors", "--work", tmp_path / file.stem]
        assert run(*given, "--encoder", file) == 2
        assert message in capsys.readouterr().err


@pytest.mark.usefixtures("a_further_process")
def test_from_a_download_to_the_apps_own_loader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three of the sets at once, one file of them broken, sample rates mixed."""
    ravdess(tmp_path / "ravdess", actors=(1, 2, 3, 4, 5))
    cremad(tmp_path / "cremad")
    for number, (mood, pitch) in enumerate(PITCH.items()):
        write_wav(tmp_path / "own" / mood / "지우" / f"{number}.wav", pitch, 44_100, channels=2)
    broken = tmp_path / "ravdess" / "Audio_Speech_Actors_01-24" / "Actor_01" / "03-01-03-01-01-01-01.wav"
    broken.write_bytes(b"RIFF and no more")
    out = tmp_path / "mine" / "voice.safetensors"
    data = [f"ravdess={tmp_path / 'ravdess'}", f"crema-d={tmp_path / 'cremad'}", f"folder={tmp_path / 'own'}"]
    assert run("--data", *data, "--out", out, *IMAGES) == 0
    printed = capsys.readouterr().out
    assert "| ravdess | 40 | 5 |" in printed
    assert "1 clips cannot be read" in printed
    assert "tensorboard --logdir" in printed

    recogniser = load(out)
    reading = recogniser.read([tone(200, 2.0)])[0]
    assert sum(reading.scores.values()) == pytest.approx(1)
    meta = read_meta(out)
    assert meta["sense"] == "voice"
    assert meta["trained_on"] == ["crema-d", "folder", "ravdess"]
    assert len(meta["left_out_speakers"]) == 2  # one of the five actors, one of the three; the one voice is spared
    assert meta["temperature"] != 1.0
    assert meta["margin"] == 1.0  # two people are too few to tell when it may be sure
    verify_checksum(out)
    (figures,) = measured.read(out)
    assert (figures.name, figures.groups) == ("left_out_people", 2)
    assert figures.model == recogniser.model
    assert set(figures.parts) == {"crema-d", "ravdess"}
    card = out.with_suffix(".md").read_text(encoding="utf-8")
    for text in ("03-01-03-01-01-01-01.wav", "UAR", "CC BY-NC-SA 4.0", "HARU_WEIGHTS=", "against the raters' majority"):
        assert text in card, text
    assert list((tmp_path / "mine" / "voice-work" / "log").glob("events*"))


@pytest.mark.parametrize("images", [True, False])
def test_the_same_command_continues_and_another_is_refused(
    images: bool, encoder_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ravdess(tmp_path / "ravdess", actors=(1, 2, 3))
    out, how = tmp_path / "voice.safetensors", IMAGES if images else [*FEW, "--encoder", encoder_file]
    given = ["--data", f"ravdess={tmp_path / 'ravdess'}", "--out", out, *how]
    assert run(*given) == 0
    (cache,) = (tmp_path / "voice-work").glob("clips-*")
    assert json.loads((cache / "unreadable.json").read_text()) == []
    files = sorted([*cache.glob("*.pt"), *cache.glob("clips.*")])
    assert len(files) == (3 if images else 5)
    before, first = [file.stat().st_mtime_ns for file in files], out.read_bytes()
    assert run(*given) == 0
    assert [file.stat().st_mtime_ns for file in files] == before  # nothing was left to decode or to train
    assert out.read_bytes() == first
    assert run(*given, "--seed", "5") == 2
    assert "another seed" in capsys.readouterr().err


def test_contempt_and_the_plane_are_learnt_and_folded(tmp_path: Path, encoder_file: Path) -> None:
    moods = ("happy", "sad", "angry", "contempt", "neutral")
    for clip in range(1, 5):
        lines = [(f"P{clip}", 1 + 7 * i, 6 + 7 * i, mood, 1 + i, 5 - i) for i, mood in enumerate(moods)]
        dialogue(tmp_path / "data" / f"clip_{clip}", clip, lines)
    out = tmp_path / "voice.safetensors"
    assert run("--data", f"aihub-dialogues={tmp_path / 'data'}", "--out", out, *FEW, "--encoder", encoder_file) == 0
    member = members.load(out)
    assert tuple(member.meta["labels"]) == members.WITH_CONTEMPT
    output = member.forward(tone(200, 1.0))
    assert output.logits.shape == (1, 10)
    assert output.plane.shape == (1, 2)
    assert output.plane.abs().max() <= 1
    seven = np.exp(members.log_seven(output.logits[0].numpy()))
    assert seven.sum() == pytest.approx(1)
    # Without contempt the others keep their proportions.
    shares = output.logits[0].softmax(0).numpy()
    assert seven[0] / seven[1] == pytest.approx(shares[0] / shares[1], rel=1e-4)
    card = out.with_suffix(".md").read_text(encoding="utf-8")
    assert "contempt" in card
    assert "concordance (CCC)" in card


def test_crowd_votes_pull_a_model_towards_what_was_heard(tmp_path: Path, encoder_file: Path) -> None:
    """Of two trainings on the same clips the one with votes for neutral gives it a larger share."""
    given = ["--fold", "none", "--encoder", encoder_file, "--steps", "120", "--batch", "12", "--copies", "0", "--fp32"]
    shares = {}
    for name in ("votes", "acted"):
        root = cremad(tmp_path / name, emotions="ANG SAD")
        if name == "acted":
            (root / "processedResults" / "tabulatedVotes.csv").unlink()
        out = tmp_path / f"{name}.safetensors"
        assert run("--data", f"crema-d={root}", "--out", out, *given) == 0
        shares[name] = load(out).scores(tone(220, 0.7, seed=1001))[2]
    assert shares["votes"] > shares["acted"] + 0.1
    card = (tmp_path / "acted.md").read_text(encoding="utf-8")
    assert "**not measured**" in card
    assert read_meta(tmp_path / "acted.safetensors")["margin"] == 1.0  # nobody knows when it may be sure


def test_whisper_fine_tuned(tmp_path: Path, encoder_file: Path) -> None:
    data, out = ravdess(tmp_path / "ravdess", actors=(1, 2, 3)), tmp_path / "voice.safetensors"
    assert run("--data", f"ravdess={data}", "--encoder", encoder_file, *FEW, "--finetune", 1, "--out", out) == 0
    assert load(out).members[0].meta["kind"] == "whisper"


def test_the_contest_with_wav2vec2_and_its_submission(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from inference import vision

    assert vision.torchvision
    from transformers import Wav2Vec2Config, Wav2Vec2Model

    torch.manual_seed(0)
    config = Wav2Vec2Config(
        hidden_size=32, num_hidden_layers=3, num_attention_heads=2, intermediate_size=64, conv_dim=(16,) * 7,
        num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=2, mask_time_prob=0.0, layerdrop=0.0,
    )  # fmt: skip
    Wav2Vec2Model(config).save_pretrained(tmp_path / "tiny")
    root = dacon(tmp_path / "contest")
    (root / "test" / "TEST_0002.wav").write_bytes(b"broken")
    out, answers = tmp_path / "voice.safetensors", tmp_path / "submission.csv"
    status = run(
        "--data", f"dacon={root}", "--model", tmp_path / "tiny", *FEW, "--out", out,
        "--submission", answers,
    )  # fmt: skip
    assert status == 0
    lines = answers.read_text().splitlines()
    assert lines[0] == "id,label"
    assert [line.split(",")[0] for line in lines[1:]] == [f"TEST_{number:04d}" for number in range(6)]
    assert all(line.split(",")[1] in "012345" for line in lines[1:])
    card = out.with_suffix(".md").read_text(encoding="utf-8")
    assert "the split is random by clip" in card
    assert "of people it may know" in card
    assert "Measured on left-out people" not in card
    assert [one.name for one in measured.read(out)] == ["left_out_clips"]
    assert load(out).members[0].meta["kind"] == "hub"  # from its own file alone
    capsys.readouterr()


def test_looking_alone_trains_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ravdess(tmp_path / "ravdess", actors=(1, 2))
    assert run("--data", f"ravdess={tmp_path / 'ravdess'}", "--check") == 0
    assert "hardly enough to learn from: anger 2" in capsys.readouterr().out
    assert {path.name for path in tmp_path.iterdir()} == {"ravdess"}


def test_every_mistake_is_answered_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ravdess(tmp_path / "ravdess", actors=(1, 2))
    here = f"ravdess={tmp_path / 'ravdess'}"
    for given, text in (
        ([], "--layouts lists them"),
        (["--data", "ravdes=x"], "choose one of ravdess"),
        (["--data", "ravdess"], "no NAME=PATH"),
        (["--data", f"emodb={tmp_path / 'ravdess'}"], "EMO-DB files such as wav/03a01Fa.wav"),
        (["--data", here], "--out FILE.safetensors"),
        (["--data", here, "--out", tmp_path / "v.safetensors", "--fold", "corpus:ravdess"], "leaves nobody"),
        (["--data", here, "--out", tmp_path / "w.safetensors", "--submission", tmp_path / "s.csv"], "dacon=PATH"),
    ):
        assert run(*given, *([] if "--out" not in given else FEW)) == 2
        assert text in capsys.readouterr().err, given
    assert run("--layouts") == 0
    assert "03-01-06-01-02-01-12" not in capsys.readouterr().out.split("emodb=")[1]
