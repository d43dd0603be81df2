"""A network over frames: cached, trained, measured and shipped, on made-up voices and a tiny transformer."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from inference.calibration import softmax
from ser import audio, members, novelty
from ser.frames import FrameNet, FrameShape
from ser.members import FramesMember
from ser.predict import load
from tests.ser.conftest import make_voice
from training.voice import evaluate, export, fit_novelty, fold_voices, left_out_scores, recipes
from training.voice.encoders import load_whisper
from training.voice.fold_voices import FrameData, Recipe
from training.voice.frame_cache import STEP, ByteScale, make_frames, open_frames
from training.voice.frame_training import Extra, FrameOptions, cut, logits_of, padded, train_net
from training.voice.teacher import CommitteeOptions
from training.voice.training_data import TrainingData

SHAPE = FrameShape(width=64, channels=16, blocks=2)
RECIPE = Recipe(
    frames=FrameOptions(shape=SHAPE, steps=40, batch=16, lr=5e-3, rated=0.0), seeds=(0, 1),
    heads=CommitteeOptions(heads=1, steps=30),
)  # fmt: skip
PEOPLE = ("nemo:EB0", "nemo:IC0", "emodb:03", "emodb:08")
SHIPPED = "nemo:IC0+emodb:08"


@pytest.fixture(scope="module")
def framed(data: TrainingData, encoder_file: Path) -> FrameData:
    for number in range(2):
        make_frames(data.cache, encoder_file, number)
    return FrameData(TrainingData(data.cache, data.root, 2, which="nemo,emodb"))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands with the recipe, the folds and the corpora of these made-up voices."""
    monkeypatch.setattr(fold_voices, "SHIPPED_RECIPE", RECIPE)
    monkeypatch.setattr(export, "SHIPPED", SHIPPED)
    monkeypatch.setattr(left_out_scores, "UNHEARD", ("nemo", "emodb"))
    monkeypatch.setattr(left_out_scores, "KNOWN_FOLDS", PEOPLE)
    monkeypatch.setattr(evaluate, "UNHEARD", ("nemo", "emodb"))
    monkeypatch.setattr(recipes, "UNHEARD", ("nemo", "emodb"))


def options(framed: FrameData, *more: str) -> list[str]:
    where = ["--cache", str(framed.clips.cache), "--data", str(framed.clips.root)]
    return [*where, "--corpora", "nemo,emodb", *more]


def test_the_cache_holds_what_the_shipped_model_hears(framed: FrameData, encoder_file: Path) -> None:
    """Bytes back in numbers are the frames of the member that reads the file, to half a step."""
    from ser.frames import frames_of
    from ser.members import whisper_batch

    scale = ByteScale.load(framed.clips.cache)
    bytes_of = framed.frames[0].clip(0).astype(np.float32) / STEP * scale.spread + scale.middle
    encoder = load_whisper(encoder_file)
    mel, mask = whisper_batch(audio.load(framed.clips.root / framed.clips.clips[0].path))
    from ser.transformer import encoder_mask

    with torch.inference_mode():
        frames, inside = frames_of(encoder(mel, mask), encoder_mask(mask))
    heard = frames[0][inside[0]].numpy()
    assert bytes_of.shape == heard.shape
    inner = np.abs(heard - scale.middle) < 6 * scale.spread
    assert np.abs(bytes_of - heard)[inner].max() < 0.12 * scale.spread.max() + 0.05  # the cache is made in bf16


def test_a_cache_without_frames_is_named(tmp_path: Path) -> None:
    (tmp_path / "copy-00").mkdir()
    with pytest.raises(FileNotFoundError, match=r"has no frames; run `python -m training\.voice\.frame_cache`"):
        open_frames(tmp_path, 0)


def test_padding_and_cutting(framed: FrameData) -> None:
    clips = [framed.frames[0].clip(index)[:length] for index, length in ((0, 5), (1, 9))]
    batch, inside = padded(clips)
    assert batch.shape == (2, 9, 5, 64)
    assert inside.sum(1).tolist() == [5, 9]
    assert not batch[0, 5:].any()
    rng = np.random.default_rng(0)
    long = np.arange(100)
    pieces = [cut(long, rng, 10) for _ in range(50)]
    assert all(len(piece) == 10 and (np.diff(piece) == 1).all() for piece in pieces)
    assert len({int(piece[0]) for piece in pieces}) > 10
    assert np.array_equal(cut(long[:7], rng, 10), long[:7])


def test_a_network_learns_and_padding_changes_nothing(framed: FrameData) -> None:
    train, test = framed.train_and_test("nemo:IC0", RECIPE)
    net = train_net(framed.frames, framed.labels(RECIPE), framed.extra, train, RECIPE.frames)
    logits = logits_of(net, framed.frames[0], test)
    right = np.array([members.LABELS.index(framed.clips.clips[index].label) for index in test])
    assert np.mean(logits.argmax(1) == right) > 0.8
    one_by_one = logits_of(net, framed.frames[0], test, batch=1)
    assert np.allclose(logits, one_by_one, atol=0.05)  # bf16


@pytest.mark.parametrize("changes", [{"adversary": 0.5}, {"rated": 0.5}, {"mixed": 0.0}, {"frames_lost": 0.0}])
def test_every_part_of_the_loss_trains(framed: FrameData, changes: dict[str, float]) -> None:
    train, _ = framed.train_and_test("nemo:IC0", RECIPE)
    how = replace(RECIPE.frames, steps=3, **changes)
    extra = Extra(framed.extra.corpus, torch.linspace(0, 1, len(framed.clips.clips)))
    plain = train_net(framed.frames, framed.labels(RECIPE), extra, train, replace(how, adversary=0.0, rated=0.0))
    other = train_net(framed.frames, framed.labels(RECIPE), extra, train, how)
    assert all(torch.isfinite(tensor).all() for tensor in other.state_dict().values())
    same = torch.equal(plain.stem.weight, other.stem.weight)
    assert same == (changes.keys() <= {"mixed", "frames_lost"})


def test_intensity_is_known_where_a_corpus_says_it(framed: FrameData) -> None:
    from training.voice.corpora import Clip

    def clip(corpus: str, intensity: str) -> Clip:
        return Clip("x", corpus, "en", "anger", f"{corpus}-1", "", "", intensity=intensity)

    extra = Extra.of([clip("ravdess", "normal"), clip("ravdess", "strong"), clip("cremad", "medium"), clip("nemo", "")])
    assert extra.intensity.tolist()[:3] == [0.0, 1.0, 0.5]
    assert torch.isnan(extra.intensity[3])
    assert extra.corpus.tolist() == [2, 2, 0, 1]


def test_people_alike_keeps_the_share_of_every_class(framed: FrameData) -> None:
    clips = framed.clips.clips
    plain, alike = (framed.labels(replace(RECIPE, balance=name)).share for name in ("class", "person"))
    for corpus in ("nemo", "emodb"):
        here = np.array([clip.corpus == corpus and clip.label == "anger" for clip in clips])
        assert plain[here].sum() == pytest.approx(alike[here].sum())
    # One clip of a person is taken away: the others of that person are drawn more often.
    fewer = [clip for place, clip in enumerate(clips) if place != 0]
    shares = fold_voices._alike_people(np.full(len(fewer), 1 / len(fewer)), fewer)
    mine = [clip.speaker == clips[0].speaker and clip.label == clips[0].label for clip in fewer]
    others = [clip.corpus == clips[0].corpus and clip.label == clips[0].label for clip in fewer] & ~np.array(mine)
    assert shares[mine].sum() == pytest.approx(shares[others].sum())


def test_left_out_people_are_not_trained_on_and_bursts_are_no_speech(framed: FrameData) -> None:
    train, test = framed.train_and_test("nemo:IC0", RECIPE)
    assert {framed.clips.clips[index].speaker for index in test} == {"nemo-IC0"}
    assert "nemo-IC0" not in {framed.clips.clips[index].speaker for index in train}


def test_a_fold_is_trained_once_and_other_recipes_anew(framed: FrameData, monkeypatch: pytest.MonkeyPatch) -> None:
    first = fold_voices.predictions(framed, "nemo:IC0", RECIPE).logits
    monkeypatch.setattr(fold_voices, "train_net", lambda *_: pytest.fail("trained again"))
    assert np.array_equal(fold_voices.predictions(framed, "nemo:IC0", RECIPE).logits, first)
    with pytest.raises(pytest.fail.Exception):
        fold_voices.predictions(framed, "nemo:IC0", replace(RECIPE, absent=1.0))


def test_the_share_mixes_networks_and_committee(framed: FrameData) -> None:
    def scores(share: float) -> np.ndarray:
        return fold_voices.predictions(framed, "nemo:IC0", replace(RECIPE, share=share)).logits

    assert np.allclose(scores(0.25), 0.25 * scores(1.0) + 0.75 * scores(0.0), atol=1e-5)


def test_from_a_cache_to_weights_that_read(
    framed: FrameData, encoder_file: Path, small: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys
) -> None:
    out = ["--out", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["export", *options(framed, "--encoder", str(encoder_file), *out)])
    export.main()
    monkeypatch.setattr(sys, "argv", ["fit_novelty", *options(framed, *out)])
    fit_novelty.main()
    assert "nemo, never trained on" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["export", *options(framed, *out, "--measure", "--write")])
    export.main()
    assert f"left out: {SHIPPED}: 12 clips of 2 speakers" in capsys.readouterr().out
    assert (tmp_path / "measured.json").exists()
    recogniser = load(tmp_path)
    (member,) = recogniser.members
    assert isinstance(member, FramesMember)
    assert member.meta["left_out"] == SHIPPED
    assert recogniser.novelty is not None
    assert (tmp_path / novelty.FILE).exists()
    # The shipped network reads raw sound as the networks of the fold read the cache.
    expected = fold_voices.predictions(framed, SHIPPED, RECIPE)
    index = framed.train_and_test(SHIPPED, RECIPE)[1][0]
    heard = member.forward(framed.clips.copies[0].wave(int(index))).logits[0].softmax(-1).numpy()
    assert heard == pytest.approx(softmax(expected.logits[:1])[0], abs=0.05)
    assert recogniser.read([make_voice(2.0)])[0].source == "voice"


def test_the_tables(framed: FrameData, small: None, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["evaluate", "corpora", *options(framed)])
    evaluate.main()
    rows = capsys.readouterr().out.splitlines()
    assert rows[0] == "| | nemo | emodb | mean |"
    assert len(rows) == 8
    monkeypatch.setattr(sys, "argv", ["recipes", *options(framed, "--only", "shipped", "no-bursts")])
    monkeypatch.setattr(recipes, "SEEDS", (0,))
    monkeypatch.setattr(recipes, "start_of", lambda steps: replace(RECIPE, heads=RECIPE.heads))
    recipes.main()
    assert [line.split("|")[1].strip() for line in capsys.readouterr().out.splitlines()[2:]] == ["shipped", "no-bursts"]


def test_scores_of_left_out_people_are_written_for_the_fusion(
    framed: FrameData, small: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "argv", ["left_out_scores", *options(framed, "--out", str(tmp_path / "voice.npz"))])
    left_out_scores.main()
    with np.load(tmp_path / "voice.npz") as found:
        assert sorted(set(found["kind"])) == ["known", "unheard"]
        assert len(found["path"]) == 2 * len(framed.clips.clips)
        assert found["scores"].sum(1) == pytest.approx(1)


def test_a_network_reads_raw_frames_as_it_read_bytes() -> None:
    torch.manual_seed(0)
    net = FrameNet(SHAPE, 9).eval()
    middle, spread = torch.randn(5, 64), torch.rand(5, 64) + 0.5
    frames = torch.randint(-60, 60, (1, 12, 5, 64)).float()
    with torch.inference_mode():
        net.spread.fill_(STEP)
        learnt = net(frames).logits
        net.middle.copy_(middle)
        net.spread.copy_(spread)
        heard = net(frames / STEP * spread + middle).logits
    assert torch.allclose(learnt, heard, atol=1e-4)
