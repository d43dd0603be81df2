from pathlib import Path

import numpy as np
import pytest

from emotions import EMOTIONS
from tests.data_folders import require_data
from training.voice import corpora
from training.voice.batches import Labels, draw
from training.voice.corpora import NINE, RAVDESS_FOLDS, Clip
from training.voice.folds import (
    MIXED,
    SAME_SENTENCES,
    SHIPPED,
    TURNS,
    left_out,
    mixed_speakers,
    speaker_folds,
    turns_with,
)
from training.voice.known_corpora import KNOWN

TESTED = [name for name in KNOWN if name != "tess"]  # two speakers fill no fold


def made_up() -> list[Clip]:
    """Clips of speakers named as in the real corpora."""
    speakers = {
        "ravdess": [f"{n:02d}" for n in range(1, 25)],
        "emodb": ["03", "08", "09", "10", "11", "12", "13", "14", "15", "16"],
        "nemo": ["EB0", "IC0", "KD0", "KS0", "MK0", "MP0", "SM0", "TP0", "WR0"],
        "korean": ["ema", "emf", "emg", "neb", "ned", "nee", "nel", "nen"],
        "tess": ["OAF", "YAF"],
        "cremad": [*(str(n) for n in range(1001, 1029)), "1063", "1078"],
        "ased": [f"{n:02d}" for n in range(1, 31)],
        "emovo": ["f1", "f2", "f3", "m1", "m2", "m3"],
        "emotale": [f"{n:03d}" for n in range(1, 19)],
        "emogator": [f"{n:06d}" for n in range(1, 31)],
    }
    labels = {
        "ravdess": ["neutral", "calm", "anger", "disgust"],
        "emodb": ["neutral", "boredom", "anger"],
        "nemo": ["neutral", "surprise"],
        "korean": ["neutral", "sadness"],
        "tess": ["fear", "happiness"],
        **{name: ["happiness", "sadness"] for name in ("cremad", "ased", "emovo", "emotale", "emogator")},
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
    names = [fold for corpus in TESTED for fold in speaker_folds(corpus, clips)]
    names += [f"{kind}:{number + 1}" for kind in ("mixed", "everyone") for number in range(MIXED)]
    names += [f"turn:{number + 1}" for number in range(TURNS)]
    return [*names, *(f"corpus:{corpus}" for corpus in {clip.corpus for clip in clips}), "korean:em", SHIPPED]


def test_no_speaker_crosses_a_fold(clips):
    speakers = np.array([clip.speaker for clip in clips])
    for fold in every_fold(clips):
        out = left_out(fold, clips)
        assert 0 < out.sum() < len(clips), fold
        assert not set(speakers[out]) & set(speakers[~out]), fold


def test_every_speaker_is_tested_once(clips):
    for corpus in TESTED:
        times = sum(left_out(fold, clips).astype(int) for fold in speaker_folds(corpus, clips))
        assert (times[np.array([clip.corpus == corpus for clip in clips])] == 1).all()
    # The rule is about these four corpora; a table with others keeps those in every training.
    mixed = sum(left_out(f"mixed:{number + 1}", clips).astype(int) for number in range(MIXED))
    assert (mixed[np.array([clip.corpus in ("ravdess", "emodb", "nemo", "korean") for clip in clips])] == 1).all()


def test_everyone_but_tess_is_left_out_once(clips):
    times = sum(left_out(f"everyone:{number + 1}", clips).astype(int) for number in range(MIXED))
    assert (times == np.array([clip.corpus != "tess" for clip in clips])).all()
    for number in range(1, MIXED + 1):
        assert left_out(f"everyone:{number}", clips)[left_out(f"mixed:{number}", clips)].all()


def test_ten_turns_leave_everyone_but_tess_out_once(clips):
    times = sum(left_out(f"turn:{number + 1}", clips).astype(int) for number in range(TURNS))
    assert (times == np.array([clip.corpus != "tess" for clip in clips])).all()
    assert turns_with("ravdess", clips) == [f"turn:{number + 1}" for number in range(6)]
    assert turns_with("tess", clips) == []
    for fold in turns_with("emodb", clips):
        assert len({clip.speaker for clip, out in zip(clips, left_out(fold, clips), strict=True)
                    if out and clip.corpus == "emodb"}) == 1  # fmt: skip


def test_parts_of_a_corpus_are_alike_and_hold_all_its_classes(clips):
    for corpus in ("cremad", "ased", "emogator"):
        parts = [left_out(fold, clips) for fold in speaker_folds(corpus, clips)]
        assert len(parts) == KNOWN[corpus].parts
        people = [len({clip.speaker for clip, out in zip(clips, part, strict=True) if out}) for part in parts]
        assert max(people) - min(people) <= 1
        for part in parts:
            held = {clip.label for clip, out in zip(clips, part, strict=True) if out}
            assert held >= {clip.label for clip in clips if clip.corpus == corpus} & set(KNOWN[corpus].classes)


def test_parts_do_not_depend_on_the_order_of_the_table():
    clips = made_up()
    out = {clip for clip, is_out in zip(clips, left_out("ased:2/5", clips), strict=True) if is_out}
    turned = clips[::-1]
    assert out == {clip for clip, is_out in zip(turned, left_out("ased:2/5", turned), strict=True) if is_out}
    assert {clip.corpus for clip in out} == {"ased"}


def test_korean_actors_of_the_same_sentences_say_them_in_every_mood():
    clips = [clip for clip in corpora.read_clips(require_data("speech")) if clip.corpus == "korean"]
    moods: dict[tuple[str, str], set[str]] = {}
    for clip in clips:
        moods.setdefault((clip.speaker, clip.text), set()).add(clip.label)
    same = {speaker for speaker, _ in moods} - {speaker for (speaker, _), found in moods.items() if len(found) < 4}
    assert same == set(SAME_SENTENCES)
    assert [clip.speaker in same for clip in clips] == left_out("korean:em", clips).tolist()


def test_ravdess_folds_are_four_actors_in_order():
    assert RAVDESS_FOLDS[0] == ("ravdess-01", "ravdess-02", "ravdess-03", "ravdess-04")
    assert RAVDESS_FOLDS[5][-1] == "ravdess-24"
    assert mixed_speakers(2, made_up())[:4] == list(RAVDESS_FOLDS[1])


def test_none_leaves_nobody_out_and_nonsense_is_named(clips):
    assert not left_out("none", clips).any()
    for nonsense in ("ravdess:7", "everyone:7", "turn:11", "mixed:0", "corpus:nowhere", "nowhere:1/5"):
        with pytest.raises(ValueError, match=nonsense):
            left_out(nonsense, clips)
    with pytest.raises(ValueError, match="6/5 is no part of the people"):
        left_out("ased:6/5", clips)


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
