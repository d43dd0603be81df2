"""`python -m training.cli face`, from made-up downloads to weights that the app's own loader takes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from fer.labels import EIGHT
from fer.predict import load
from inference import measured
from inference.model_card import verify_checksum
from inference.weights import WeightsError, read_meta
from reading import Refusal
from tests.fer.conftest import drawn_faces
from tests.trees import cremad, dialogue, nfd, write_film
from training import cli as front
from training.datasets.layouts import Example, LayoutError
from training.face import custom, datasets
from training.face.corpora import VOTED
from training.face.crop_faces import cut_all, frames_of, split_of

PORTRAIT = data.astronaut()[:256, 96:352]
OPTIONS = ("--model", "tiny", "--sizes", "48x1", "--batch", "8")


def run(*arguments: object) -> int:
    return front.main(["face", *map(str, arguments)])


def drawn_folder(root: Path, people: int = 8) -> Path:
    """Small drawings in folders of moods and people, in Korean both ways."""
    faces = drawn_faces(people * 4)
    for number, pixels in enumerate(faces.pixels):
        mood = ("happy", nfd("슬픔"), "angry", "contempt")[number % 4]
        path = root / mood / f"p{number // 4}" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)
    (root / "happy" / "p0" / "broken.png").write_bytes(b"\x89PNG and no more")
    return root


def test_from_a_folder_to_the_apps_own_loader(tiny: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, out = drawn_folder(tmp_path / "faces"), tmp_path / "mine" / "face.safetensors"
    assert run("--data", f"folder={root}", "--out", out, *OPTIONS) == 0
    printed = capsys.readouterr().out
    assert "| folder | 33 | 8 |" in printed
    assert "1 example without a face left out" in printed
    recogniser = load(out)
    (reading,) = recogniser.read([PORTRAIT])
    assert sum(reading.scores.values()) == pytest.approx(1)
    assert "own" in reading.model
    assert read_meta(out)["sense"] == "face"
    verify_checksum(out)
    (figures,) = measured.read(out)
    assert (figures.name, figures.groups) == ("left_out_faces", len(read_meta(out)["left_out_speakers"]))
    card = out.with_suffix(".md").read_text(encoding="utf-8")
    for text in ("broken.png", "Measured on left-out people", "HARU_WEIGHTS=", "UAR"):
        assert text in card, text
    assert run("--data", f"folder={root}", "--out", out, *OPTIONS) == 0  # goes on: nothing is left to do


def test_a_member_of_an_ensemble_alone_is_refused(tiny: str, tmp_path: Path) -> None:
    from fer.model import FaceMember, save_member

    facts = {"name": "x", "version": "1", "training_data": "none", "licence": "none"}
    save_member(FaceMember(tiny, 8), tmp_path / "member.safetensors", facts)
    with pytest.raises(WeightsError, match="give its folder"):
        load(tmp_path / "member.safetensors")


def test_faces_out_of_cremads_films_with_the_votes_of_who_saw_them(tmp_path: Path) -> None:
    cremad(tmp_path, actors=(1001, 1002, 1003), emotions="ANG")
    for actor in (1001, 1002, 1003):
        write_film(tmp_path / "VideoFlash" / f"{actor}_DFA_ANG_XX.flv", (220,), pictures=[PORTRAIT])
    (tmp_path / "VideoFlash" / "1003_IEO_ANG_XX.flv").write_bytes(b"half")
    found = custom.LAYOUTS["crema-d"].read(tmp_path)
    faces, _, refused = cut_all(found.examples, tmp_path / "cut")
    assert len(faces) == 9  # three frames of each film that can be opened
    assert "1003_IEO_ANG_XX.flv" in refused[0]
    assert set(faces.split) == {"train", "valid", "test"}
    assert faces.votes[:, 5].tolist() == [10] * 9
    assert faces.pixels.std() > 20


def test_the_face_of_an_utterance_is_the_one_in_the_speakers_box(tmp_path: Path) -> None:
    wide = np.full((256, 512, 3), 90, np.uint8)
    wide[:, 256:] = PORTRAIT
    write_film(tmp_path / "film.mp4", (200,), seconds=1.0, pictures=[wide])
    right = Example(tmp_path / "film.mp4", "x", "anger", "a", start=0.0, end=1.0, box=(256, 0, 512, 256))
    left = Example(tmp_path / "film.mp4", "x", "anger", "b", start=0.0, end=1.0, box=(0, 0, 256, 256))
    faces, _, refused = cut_all([right, left], tmp_path / "cut")
    assert len(faces) == 3
    assert "no face in any of" in refused[0]


def test_frames_come_from_the_middle_of_a_part(tmp_path: Path) -> None:
    shades = [np.full((64, 64, 3), shade, np.uint8) for shade in (0, 0, 60, 120, 180, 255, 255, 255)]
    write_film(tmp_path / "film.mp4", (200, 200), seconds=2.0, pictures=shades)
    brightness = [frame.mean() for frame in frames_of(tmp_path / "film.mp4", 0.9, 2.6)]
    assert brightness == sorted(brightness)
    assert 40 < brightness[0] < brightness[-1] < 240
    with pytest.raises(Refusal):
        frames_of(Path(__file__))


def test_dialogues_are_labelled_by_those_who_saw_them(tmp_path: Path) -> None:
    dialogue(tmp_path / "clip_1", 1, [("P1", 1, 10, "happy", 3, 4), ("P2", 12, 20, "sad", 2, 2)])
    file = tmp_path / "clip_1" / "clip_1.json"
    votes = json.loads(file.read_text())
    for people in votes["data"].values():
        for one in people.values():
            if "emotion" in one:
                one["emotion"]["image"] = {"emotion": "angry", "arousal": 1, "valence": 1}
    file.write_text(json.dumps(votes))
    assert {example.label for example in custom.LAYOUTS["aihub-dialogues"].read(tmp_path).examples} == {"anger"}


def test_the_published_split_of_fer2013_is_kept(tmp_path: Path) -> None:
    (tmp_path / "mosaic").mkdir()
    rng = np.random.default_rng(0)
    tiles = rng.integers(0, 255, (4, 48, 48)).astype(np.uint8)
    Image.fromarray(tiles.reshape(2, 2, 48, 48).swapaxes(1, 2).reshape(96, 96)).save(tmp_path / "mosaic" / "00.png")
    header = ["index", "mosaic", "tile", "split", "fer2013_label", "duplicate_of_train", *(f"votes_{v}" for v in VOTED)]
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for tile, (split, winner) in enumerate(
            (("train", "happiness"), ("valid", "contempt"), ("test", "NF"), ("test", "anger"))
        ):
            votes = [8 if name == winner else 2 if name == "neutral" else 0 for name in VOTED]
            writer.writerow([tile, "00.png", tile, split, "happy", 0, *votes])
    found = datasets.ferplus(tmp_path)
    faces, people, _ = cut_all(found.examples, tmp_path / "cut")
    assert faces.split.tolist() == ["train", "valid", "test"]
    assert people == [f"ferplus-00.png-{tile}" for tile in (0, 1, 3)]
    assert (faces.pixels == tiles[[0, 1, 3]]).all()
    assert faces.votes[0].tolist() == [8, 0, 2, 0, 0, 0, 0, 0]


def test_ravdess_films_whose_calm_is_neutral_and_folders_that_know_more_than_faces_do(tmp_path: Path) -> None:
    for emotion in range(1, 9):
        film = tmp_path / "ravdess" / "Video_Speech_Actor_07" / f"01-01-{emotion:02d}-01-02-01-07.mp4"
        film.parent.mkdir(parents=True, exist_ok=True)
        film.write_bytes(b"a film")
    found = custom.LAYOUTS["ravdess"].read(tmp_path / "ravdess")
    assert sorted(example.label for example in found.examples).count("neutral") == 2
    assert {example.label for example in found.examples} <= set(EIGHT)
    for mood in ("평온함", "지루함", "슬픔"):
        (tmp_path / "mine" / mood).mkdir(parents=True)
        (tmp_path / "mine" / mood / "1.png").write_bytes(b"a picture")
    found = custom.LAYOUTS["folder"].read(tmp_path / "mine")
    assert {example.label for example in found.examples} == {"neutral", "sadness"}
    assert "1 example left out, faces have no class for boredom" in found.remarks


def test_nobody_is_on_two_sides_and_every_side_has_somebody() -> None:
    for people in (3, 5, 40):
        owners = [Example(Path(f"{n}"), "x", "anger", f"person {n % people}") for n in range(people * 3)]
        split = split_of(owners)
        assert set(split) == {"train", "valid", "test"}
        for person in range(people):
            assert len(set(split[person::people])) == 1


@pytest.mark.parametrize("name", sorted(custom.LAYOUTS))
def test_every_reader_names_what_it_looked_for_and_where(tmp_path: Path, name: str) -> None:
    layout = custom.LAYOUTS[name]
    assert len(layout.description) > 80
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "faces.tar.gz").write_bytes(b"x")
    with pytest.raises(LayoutError) as error:
        layout.read(tmp_path / "half")
    assert str(tmp_path / "half") in str(error.value)


def test_too_few_people_are_told(tiny: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = drawn_folder(tmp_path / "faces", people=1)
    assert run("--data", f"folder={root}", "--out", tmp_path / "f.safetensors", *OPTIONS) == 2
    assert "three are needed" in capsys.readouterr().err
