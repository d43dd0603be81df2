from __future__ import annotations

import csv
import json
import shutil
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from ser import audio
from tests.trees import actors, dialogue, nfd, write_film
from training.datasets import aihub_films
from training.datasets.layouts import LayoutError
from training.voice import corpora
from training.voice.corpora import load_part
from training.voice.flatten import flatten


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return actors(tmp_path_factory.mktemp("259"))


def test_numbers_are_emotions() -> None:
    edges = {1: "happiness", 50: "happiness", 51: "surprise", 101: "neutral", 151: "fear", 201: "disgust"}
    edges |= {251: "anger", 300: "anger", 301: "sadness", 350: "sadness", 0: None, 351: None}
    assert {number: aihub_films.mood_of_number(number) for number in edges} == edges


def test_actors_clips_and_what_is_missing(films: Path) -> None:
    found = aihub_films.actors(films)
    labels = sorted((example.person, example.original_label, example.label) for example in found.examples)
    assert labels[:3] == [
        ("aihub-000", "1", "happiness"),
        ("aihub-000", "301", "sadness"),
        ("aihub-000", "51", "surprise"),
    ]
    assert ("aihub-010", "255", "anger") in labels
    remarks = " ".join(found.remarks)
    assert "000_999.mp4" in remarks
    assert "aihub-010 has 1 of 350" in remarks
    assert "3 of 100 actors are here" in remarks


def test_flattening_can_be_stopped_and_started_again(films: Path, tmp_path: Path) -> None:
    target = tmp_path / "flat"
    report = flatten(films, target, workers=1, progress=False)
    assert "7 of 8 films converted (0 of them in an earlier run), 3 actors" in report
    assert "007_151.mp4" in report
    assert (target / "report.txt").read_text(encoding="utf-8").strip() == report
    made = sorted(path.name for path in target.glob("*.wav"))
    assert made == [
        *("000_001.wav", "000_051.wav", "000_301.wav", "007_002.wav"),
        *("007_101.wav", "007_350.wav", "010_255.wav"),
    ]
    assert not list(target.rglob("*.jpg"))
    with wave.open(str(target / "000_001.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
    first = (target / "000_001.wav").stat().st_mtime_ns
    (target / "007_350.wav").unlink()
    (target / "007_002.part").write_bytes(b"stopped in the middle")
    again = flatten(films, target, workers=1, progress=False)
    assert "(6 of them in an earlier run)" in again
    assert (target / "000_001.wav").stat().st_mtime_ns == first
    with (target / "labels.csv").open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    assert {row["path"]: row["label"] for row in rows}["010_255.wav"] == "anger"
    clips = corpora.read_clips(target)
    assert {clip.speaker for clip in clips} == {"aihub-000", "aihub-007", "aihub-010"}


@pytest.mark.usefixtures("a_further_process")
def test_the_command_and_its_errors(films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(
        sys, "argv", ["training.voice.corpora", "flatten", str(films), str(tmp_path / "flat"), "--workers", "1"]
    )
    corpora.main()
    assert "happiness 2" in capsys.readouterr().out
    (tmp_path / "wrong").mkdir()
    monkeypatch.setattr(
        sys, "argv", ["training.voice.corpora", "flatten", str(tmp_path / "wrong"), str(tmp_path / "x")]
    )
    with pytest.raises(SystemExit, match="0~9/007/movie"):
        corpora.main()


def test_films_outside_a_movie_folder_are_not_guessed_at(tmp_path: Path) -> None:
    write_film(tmp_path / "0~9" / "000" / "clips" / "000_1.mp4", (100,))
    with pytest.raises(LayoutError, match="movie"):
        aihub_films.actors(tmp_path)


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    """A dialogue of two people, in two encodings and two ways of naming the files."""
    dialogue(tmp_path / "clip_13", 13, [("P1", 1, 15, "happy", 4, 5), ("P2", 20, 36, "contempt", 2, 1)])
    dialogue(tmp_path / "clip_30", 30, [("P3", 2, 16, "혐오", 3, 2), ("P1", 20, 30, "nonsense", 3, 3)], "cp949")
    dialogue(tmp_path / "clip_31", 31, [("P1", 1, 5, "sad", 1, 1)], film=False)
    return tmp_path


def test_utterances_are_read_once_with_their_times_and_places_on_the_plane(spoken: Path) -> None:
    found = aihub_films.dialogues(spoken)
    labels = {(example.person[-2:], example.label): example for example in found.examples}
    assert set(labels) == {("P1", "happiness"), ("P2", "contempt"), ("P3", "disgust")}
    happy = labels["P1", "happiness"]
    assert (happy.start, happy.end) == (pytest.approx(0.1), pytest.approx(1.5))
    assert happy.plane == (1.0, 0.5)  # valence 5 and arousal 4 of 1 … 5
    assert happy.box == (8, 8, 56, 56)
    remarks = " ".join(found.remarks)
    assert "on a scale from 1 to 5" in remarks
    assert "clip_31.json" in remarks
    assert "nonsense" in remarks


def test_the_sound_of_an_utterance_is_cut_out_of_its_film(spoken: Path) -> None:
    found = aihub_films.dialogues(spoken)
    waves = {example.label: load_part(example.path, example.start, example.end) for example in found.examples}
    assert waves["happiness"].size / audio.SAMPLE_RATE == pytest.approx(1.4, abs=0.2)

    def pitch(wave: np.ndarray) -> float:
        spectrum = np.abs(np.fft.rfft(wave))
        return float(np.fft.rfftfreq(wave.size, 1 / audio.SAMPLE_RATE)[spectrum.argmax()])

    assert pitch(waves["happiness"]) == pytest.approx(220, abs=8)
    assert pitch(waves["contempt"]) == pytest.approx(110, abs=8)


def test_the_public_sample_has_labels_and_films_apart(spoken: Path, tmp_path: Path) -> None:
    sample = tmp_path / "sample"
    (sample / nfd("라벨데이터")).mkdir(parents=True)
    (sample / nfd("원천데이터")).mkdir()
    shutil.copy(spoken / "clip_13" / "clip_13.json", sample / nfd("라벨데이터"))
    shutil.copy(spoken / "clip_13" / "clip_13.mp4", sample / nfd("원천데이터") / "0013.MP4")
    found = aihub_films.dialogues(sample)
    assert len(found.examples) == 2
    # Two names alone are places in the picture, not people.
    assert not any(example.person_known for example in found.examples)
    assert found.cautions


def test_labels_of_another_kind_and_broken_ones_are_named(spoken: Path) -> None:
    (spoken / "clip_13" / "clip_13.json").write_text(json.dumps({"annotations": []}))
    with pytest.raises(LayoutError, match=r"clip_13\.json has no `data` by frames"):
        aihub_films.dialogues(spoken)
    (spoken / "clip_13" / "clip_13.json").write_text('{"clip_id": "13", "data": {')
    with pytest.raises(LayoutError, match="not a complete JSON"):
        aihub_films.dialogues(spoken)


def test_a_film_that_cannot_be_opened_is_counted(spoken: Path) -> None:
    (spoken / "clip_30" / "clip_30.mp4").write_bytes(b"half a film")
    found = aihub_films.dialogues(spoken)
    assert "1 film that cannot be opened" in " ".join(found.remarks)
    assert {example.path.stem for example in found.examples} == {"clip_13"}


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ((1, 5), (1, 5)),
        ((2, 9), (1, 9)),
        ((0, 10), (0, 10)),
        ((-0.4, 0.7), (-1, 1)),
        ((0.2, 0.9), (0, 1)),
        ((), (-1, 1)),
    ],
)
def test_the_scale_is_the_usual_one_that_holds_all(values: tuple, scale: tuple) -> None:
    assert aihub_films._scale(values) == scale
