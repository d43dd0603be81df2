"""Which clips a training reads, and what is known of each corpus."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ser import audio
from ser.describe import describe
from tests.data_folders import require_data
from training.voice import cache, corpora
from training.voice.corpora import NINE, Clip, ClipStore, clips_of_cache, read_clips, remember_set
from training.voice.known_corpora import KNOWN, SETS
from training.voice.training_data import TrainingData

HEADER = "path,corpus,language,label,original_label,speaker,gender,intensity,text"
FIVE = ("ravdess", "emodb", "nemo", "tess", "korean")


def table(root: Path, *rows: str) -> Path:
    root.mkdir(exist_ok=True)
    (root / "labels.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return root


def row(corpus: str, label: str, number: int = 1, language: str = "xx", intensity: str = "") -> str:
    return f"{corpus}/{label}{number}.opus,{corpus},{language},{label},{label},{corpus}-{number},,{intensity},a text"


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    """Two clips of each corpus, a sad one and one of another class."""
    rows = [row(name, label) for name in KNOWN for label in ("sadness", KNOWN[name].classes[0])]
    return table(tmp_path / "data", *rows, row("cremad", "neutral"))


def labels(clips: list[Clip], corpus: str) -> dict[str, int]:
    return dict(Counter(clip.label for clip in clips if clip.corpus == corpus))


def test_the_weights_in_use_learn_from_five_corpora_as_they_were_published(tmp_path: Path) -> None:
    root = table(tmp_path, *(row(name, label) for name in KNOWN for label in ("anger", "sadness", "anger")))
    clips = read_clips(root, "five")
    assert tuple(dict.fromkeys(clip.corpus for clip in clips)) == FIVE
    assert clips == [clip for clip in read_clips(root) if clip.corpus in FIVE]
    assert labels(clips, "korean") == {"anger": 2, "sadness": 1}
    assert labels(read_clips(root, "ten"), "korean") == {"anger": 1, "sadness": 2}
    assert labels(read_clips(root, "ten-as-published"), "korean") == {"anger": 2, "sadness": 1}


def test_ten_corpora_leave_the_single_neutral_clip_of_crema_d_out(ten: Path) -> None:
    assert labels(read_clips(ten, "ten"), "cremad") == {"sadness": 1, "happiness": 1}
    assert labels(read_clips(ten), "cremad") == {"sadness": 1, "happiness": 1, "neutral": 1}
    assert {clip.corpus for clip in read_clips(ten, "ten")} - {clip.corpus for clip in read_clips(ten, "speech")} == {
        "emogator"
    }


def test_a_file_that_was_published_silent_teaches_nothing(tmp_path: Path) -> None:
    silent = "cremad/1076_MTI_SAD_XX.opus,cremad,en,sadness,SAD,cremad-1076,,,Maybe tomorrow it will be cold"
    root = table(tmp_path, row("cremad", "sadness"), silent)
    assert len(read_clips(root)) == 2
    assert [clip.speaker for clip in read_clips(root, "cremad")] == ["cremad-1"]


def test_bursts_have_no_language(tmp_path: Path) -> None:
    clips = read_clips(table(tmp_path, row("emogator", "fear", language="none"), row("own", "fear", language="")))
    assert [clip.is_speech for clip in clips] == [False, True]


def test_corpora_can_be_named_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    root = table(tmp_path, row("ravdess", "fear"), row("mine", "anything"), row("emodb", "fear"))
    assert [clip.corpus for clip in read_clips(root, "ravdess, mine")] == ["ravdess", "mine"]
    with pytest.raises(ValueError, match=r"has no clips of nemo, tess, korean; it holds emodb, mine, ravdess\."):
        read_clips(root, "five")
    with pytest.raises(ValueError, match=r"no clips of ravdes;"):
        read_clips(root, "ravdes,emodb")


def test_ratings_of_listeners_become_places_on_the_plane(tmp_path: Path) -> None:
    root = table(tmp_path, row("emotale", "anger"), row("emotale", "sadness"), row("emovo", "anger"))
    assert all(clip.plane is None for clip in read_clips(root))
    (root / "emotale_ratings.csv").write_text(
        "path,arousal,valence,dominance,heard\nemotale/anger1.opus,5.0,1.5,4.5,AAA\n", encoding="utf-8"
    )
    rated, unrated, other = read_clips(root)
    assert rated.plane == (-0.75, 1.0)
    assert unrated.plane is None
    assert other.plane is None


def test_how_strongly_a_mood_was_acted_is_read_and_written(tmp_path: Path) -> None:
    clips = read_clips(table(tmp_path, row("ravdess", "fear", intensity="strong"), row("emodb", "fear")))
    assert [clip.intensity for clip in clips] == ["strong", ""]
    corpora.write_clips(clips, tmp_path / "labels.csv")
    assert read_clips(tmp_path) == clips


def test_a_cache_keeps_the_set_it_was_begun_with(ten: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    remember_set(folder, ten, "speech")
    remember_set(folder, ten, None)
    assert clips_of_cache(folder, ten) == read_clips(ten, "speech") == TrainingData(folder, ten).clips
    with pytest.raises(ValueError, match=r"holds the clips of the set speech; name another folder for ten"):
        remember_set(folder, ten, "ten")
    np.save(folder / "clips.npy", np.ones(len(read_clips(ten, "speech")), np.int64))
    (folder / "clips.i16").write_bytes(bytes(2 * len(read_clips(ten, "speech"))))
    assert ClipStore(folder, ten).clips == read_clips(ten, "speech")


def test_a_new_cache_holds_the_five_and_none_is_begun_without_them(ten: Path, tmp_path: Path) -> None:
    remember_set(tmp_path / "cache", ten, None)
    assert clips_of_cache(tmp_path / "cache", ten) == read_clips(ten, "five")
    few = table(tmp_path / "few", row("ravdess", "fear"))
    with pytest.raises(ValueError, match="no clips of emodb"):
        remember_set(tmp_path / "other", few, None)
    remember_set(tmp_path / "other", few, "all")
    assert len(clips_of_cache(tmp_path / "other", few)) == 1


def test_the_command_makes_a_cache_of_the_corpora_that_it_names(data, tmp_path: Path, monkeypatch, capsys) -> None:
    def make(*more: str) -> None:
        given = ["training.voice.cache", "--cache", str(tmp_path), "--data", str(data.root), "--copies", "0", *more]
        monkeypatch.setattr(sys, "argv", given)
        cache.main()

    with pytest.raises(SystemExit, match="has no clips of ravdess, tess, korean; it holds emodb, nemo"):
        make()
    monkeypatch.setattr(cache, "make_copy", lambda folder, root, *_: ClipStore(folder, root))
    make("--corpora", "emodb")
    assert {clip.corpus for clip in clips_of_cache(tmp_path, data.root)} == {"emodb"}
    assert len(np.load(tmp_path / "clips.npy")) == 12
    with pytest.raises(SystemExit, match="holds the clips of the set emodb"):
        make("--corpora", "nemo")


def test_a_cache_of_an_earlier_version_holds_the_whole_table(ten: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "clips.npy", np.ones(3, np.int64))
    remember_set(tmp_path, ten, None)
    assert clips_of_cache(tmp_path, ten) == read_clips(ten)


def test_a_cache_of_all_clips_serves_a_training_on_a_set(ten: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "clips.npy", np.ones(len(read_clips(ten)), np.int64))
    data = TrainingData(tmp_path, ten, which="ten")
    assert [clip.path for clip in data.clips] == [clip.path for clip in read_clips(ten)]
    train, test = data.train_and_test("corpus:korean")
    assert [data.clips[index] for index in sorted([*train, *test])] == read_clips(ten, "ten")
    assert {data.clips[index].corpus for index in test} == {"korean"}
    sad = next(
        place for place, clip in enumerate(read_clips(ten)) if clip.corpus == "korean" and clip.label == "sadness"
    )
    assert data.clips[sad].label == "anger"
    priors = data.labels().answers.prior[[clip.corpus for clip in data.clips].index("cremad")]
    assert [name for name, prior in zip(NINE, priors, strict=True) if prior == 0] == ["happiness", "sadness"]


def test_a_cache_of_a_set_serves_no_other(ten: Path, tmp_path: Path) -> None:
    remember_set(tmp_path, ten, "five")
    assert TrainingData(tmp_path, ten, which="five").clips == read_clips(ten, "five")
    with pytest.raises(ValueError, match="holds the set five alone; ten needs a cache"):
        _ = TrainingData(tmp_path, ten, which="ten").clips


def test_what_is_known_of_the_corpora_is_so() -> None:
    folder = require_data("speech")
    clips = read_clips(folder, "ten")
    for name, corpus in KNOWN.items():
        mine = [clip for clip in clips if clip.corpus == name]
        assert {clip.label for clip in mine} == set(corpus.classes) <= set(NINE), name
        assert {clip.language for clip in mine} == set(corpus.languages or ("none",)), name
        assert {clip.intensity for clip in mine} - {""} == set(corpus.intensities), name
        assert all(clip.is_speech is not corpus.bursts for clip in mine)
        assert all((clip.plane is not None) is bool(corpus.ratings) for clip in mine), name
        assert len({clip.speaker for clip in mine}) >= (corpus.parts or 2)
    planes = np.array([clip.plane for clip in clips if clip.plane])
    assert len(planes) == 640
    assert (abs(planes) <= 1).all()
    arousal = {
        label: np.mean([c.plane[1] for c in clips if c.plane and c.label == label])
        for label in KNOWN["emotale"].classes
    }
    assert min(arousal["anger"], arousal["happiness"]) > max(arousal["neutral"], arousal["sadness"])


def test_the_five_corpora_lie_first_so_that_their_copies_are_the_same_with_and_without_the_others() -> None:
    folder = require_data("speech")
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        first = [line["path"] for line in csv.DictReader(file)]
    five = read_clips(folder, "five")
    assert len(five) == 7316
    assert [clip.path for clip in five] == first[: len(five)]
    assert [clip.path for clip in read_clips(folder, "ten")][: len(five)] == first[: len(five)]


def test_every_korean_actor_speaks_lowest_when_sad_once_the_labels_are_put_right() -> None:
    folder = require_data("speech")
    pitches: dict[tuple[str, str], list[float]] = {}
    for clip in read_clips(folder, "ten"):
        if clip.corpus == "korean" and clip.path.endswith(("1.opus", "2.opus")):
            pitch = describe(audio.load(folder / clip.path)).pitch_hz
            pitches.setdefault((clip.speaker, clip.label), []).append(pitch or np.nan)
    means = {key: float(np.nanmean(values)) for key, values in pitches.items()}
    speakers = sorted({speaker for speaker, _ in means})
    assert len(speakers) == 8
    for speaker in speakers:
        assert means[speaker, "sadness"] == min(means[speaker, label] for label in KNOWN["korean"].classes), speaker


def test_sets_name_known_corpora_alone() -> None:
    assert all(set(chosen.names or ()) <= set(KNOWN) for chosen in SETS.values())
