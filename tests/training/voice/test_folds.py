from pathlib import Path

import numpy as np
import pytest

from emotions import EMOTIONS
from tests.data_folders import require_data
from training.voice import corpora
from training.voice.batches import Labels, draw
from training.voice.corpora import NINE, RAVDESS_FOLDS, Clip
from training.voice.folds import MIXED, SHIPPED, left_out, mixed_speakers, speaker_folds


def made_up() -> list[Clip]:
    """Clips of speakers named as in the real corpora."""
    speakers = {
        "ravdess": [f"{n:02d}" for n in range(1, 25)],
        "emodb": ["03", "08", "09", "10", "11", "12", "13", "14", "15", "16"],
        "nemo": ["EB0", "IC0", "KD0", "KS0", "MK0", "MP0", "SM0", "TP0", "WR0"],
        "korean": ["ema", "emf", "emg", "neb", "ned", "nee", "nel", "nen"],
        "tess": ["OAF", "YAF"],
    }
    labels = {
        "ravdess": ["neutral", "calm", "anger", "disgust"],
        "emodb": ["neutral", "boredom", "anger"],
        "nemo": ["neutral", "surprise"],
        "korean": ["neutral", "sadness"],
        "tess": ["fear", "happiness"],
    }
    return [
        Clip(f"{corpus}/{name}-{label}-{take}.opus", corpus, "xx", label, f"{corpus}-{name}", "female", "")
        for corpus, names in speakers.items()
        for name in names
        for label in labels[corpus]
        for take in range(2)
    ]


@pytest.fixture(params=["made up", "real"])
def clips(request) -> list[Clip]:
    if request.param == "made up":
        return made_up()
    return corpora.read_clips(require_data("speech"))


def every_fold(clips: list[Clip]) -> list[str]:
    names = [fold for corpus in ("ravdess", "emodb", "nemo", "korean") for fold in speaker_folds(corpus, clips)]
    names += [f"mixed:{number + 1}" for number in range(MIXED)]
    return [*names, *(f"corpus:{corpus}" for corpus in {clip.corpus for clip in clips}), SHIPPED]


def test_no_speaker_crosses_a_fold(clips):
    speakers = np.array([clip.speaker for clip in clips])
    for fold in every_fold(clips):
        out = left_out(fold, clips)
        assert 0 < out.sum() < len(clips), fold
        assert not set(speakers[out]) & set(speakers[~out]), fold


def test_every_speaker_is_tested_once(clips):
    for corpus in ("ravdess", "emodb", "nemo", "korean"):
        times = sum(left_out(fold, clips).astype(int) for fold in speaker_folds(corpus, clips))
        assert (times[np.array([clip.corpus == corpus for clip in clips])] == 1).all()
    # The rule is about these four corpora; a table with others keeps those in every training.
    mixed = sum(left_out(f"mixed:{number + 1}", clips).astype(int) for number in range(MIXED))
    assert (mixed[np.array([clip.corpus in ("ravdess", "emodb", "nemo", "korean") for clip in clips])] == 1).all()


def test_ravdess_folds_are_four_actors_in_order():
    assert RAVDESS_FOLDS[0] == ("ravdess-01", "ravdess-02", "ravdess-03", "ravdess-04")
    assert RAVDESS_FOLDS[5][-1] == "ravdess-24"
    assert mixed_speakers(2, made_up())[:4] == list(RAVDESS_FOLDS[1])


def test_none_leaves_nobody_out_and_nonsense_is_named(clips):
    assert not left_out("none", clips).any()
    with pytest.raises(ValueError, match="ravdess:7"):
        left_out("ravdess:7", clips)


def test_nobody_left_out_is_ever_drawn():
    clips = made_up()
    out = left_out("mixed:3+corpus:tess", clips)
    share = Labels.of(clips).share
    drawn = np.concatenate([draw(np.flatnonzero(~out), share, 64, step, 0)[0] for step in range(50)])
    assert not out[drawn].any()


def test_a_step_is_always_the_same_and_steps_differ():
    clips = made_up()
    share = Labels.of(clips).share
    first, again, next_one = (draw(np.arange(len(clips)), share, 32, step, 7)[0] for step in (3, 3, 4))
    assert (first == again).all()
    assert (first != next_one).any()


def test_balanced_shares_are_alike_for_every_corpus_and_class():
    clips = made_up()
    share = corpora.shares(clips)
    sums = {}
    for clip, one in zip(clips, share, strict=True):
        key = (clip.corpus, clip.label)
        sums[key] = sums.get(key, 0) + one
    assert max(sums.values()) == pytest.approx(min(sums.values()))
    assert np.allclose(corpora.shares(clips, 0.0), 1 / len(clips))


def test_calm_is_asked_of_ravdess_alone():
    right = corpora.targets(made_up())
    neutral, calm = NINE.index("neutral"), NINE.index("calm")
    for clip, row in zip(made_up(), right, strict=True):
        if clip.label == "neutral":
            assert row[neutral]
            assert row[calm] == (clip.corpus != "ravdess")
        else:
            assert row.sum() == 1


def test_moods_of_labels():
    moods = {clip.label: clip.mood for clip in made_up()}
    assert moods["calm"] == "neutral"
    assert moods["boredom"] is None
    assert all(moods[name] == name for name in EMOTIONS if name in moods)


def test_the_store_decodes_once(tmp_path):
    from tests.ser.conftest import make_voice, wav_bytes

    root, cache = tmp_path / "data", tmp_path / "cache"
    root.mkdir()
    rows = ["path,corpus,language,label,original_label,speaker,gender,intensity,text"]
    for number in range(3):
        (root / f"{number}.wav").write_bytes(wav_bytes(make_voice(0.5 + number / 2)))
        rows.append(f"{number}.wav,nemo,pl,anger,anger,nemo-A,female,,x")
    (root / "labels.csv").write_text("\n".join(rows))
    store = corpora.ClipStore(cache, root)
    lengths = [store.wave(number).size for number in range(3)]
    assert lengths == sorted(lengths)
    for file in Path(root).glob("*.wav"):
        file.unlink()
    again = corpora.ClipStore(cache, root)
    assert np.array_equal(again.wave(2), store.wave(2))
