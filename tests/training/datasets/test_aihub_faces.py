"""The reader of AI Hub's faces, on a small folder with one drawn and one real person, in both encodings."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from emotions import EMOTIONS
from fer.faces import Finder
from fer.features import crop, grey
from training.datasets import aihub_faces
from training.datasets.aihub_faces import read_portraits
from training.face import datasets
from training.face.crop_faces import cut_all

WIDTH, HEIGHT = 800, 600


def entry(name: str, labels: tuple[str, str, str], box: tuple[float, float, float, float]) -> dict:
    sides = dict(zip(("minX", "minY", "maxX", "maxY"), box, strict=True))
    annotators = {
        f"annot_{who}": {
            "boxes": {side: value + shift for side, value in sides.items()},
            "faceExp": label,
            "bg": "실내",
        }
        for who, label, shift in zip("ABC", labels, (-3.0, 0.0, 3.0), strict=True)
    }
    return {
        "filename": name,
        "gender": "여",
        "age": 30,
        "isProf": "일반인",
        "faceExp_uploader": labels[0],
        **annotators,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("aihub")
    rng = np.random.default_rng(0)
    plan = {
        "기쁨": ("기쁨", "기쁨", "기쁨"),
        "당황": ("당황", "불안", "당황"),
        "불안": ("불안", "불안", "상처"),
        "상처": ("상처", "상처", "슬픔"),
        "중립": ("중립", "중립", "중립"),
    }
    for number, (kind, labels) in enumerate(plan.items()):
        pictures = root / "Training" / f"[원천]EMOIMG_{kind}_TRAIN_01"
        listed = root / "Training" / f"[라벨]EMOIMG_{kind}_TRAIN"
        pictures.mkdir(parents=True)
        listed.mkdir(parents=True)
        entries = []
        for person in range(8):
            name = f"{person:02x}a9f3_여_30_{kind}_실내_2020{number}.jpg"
            if kind == "기쁨" and person == 0:
                picture = np.full((HEIGHT, WIDTH, 3), 200, np.uint8)
                picture[:512, :512] = data.astronaut()
                box = (170.0, 55.0, 280.0, 180.0)
            else:
                picture = rng.integers(0, 255, (HEIGHT, WIDTH, 3)).astype(np.uint8)
                picture[100:300, 300:500] = 40 + 20 * number
                box = (300.0, 100.0, 500.0, 300.0)
            Image.fromarray(picture).save(pictures / name, quality=92)
            entries.append(entry(name, labels, box))
        text = json.dumps(entries, ensure_ascii=False)
        encoding = "cp949" if number % 2 else "utf-8-sig"
        (listed / f"img_emotion_training_data({kind}).json").write_bytes(text.encode(encoding))
    return root


def test_labels_become_votes_and_hurt_is_left_out(folder: Path) -> None:
    portraits = read_portraits(folder)
    by_folder = {}
    for portrait in portraits:
        by_folder.setdefault(portrait.path.parent.name.split("_")[1], dict(portrait.votes))
    assert by_folder == {
        "기쁨": {"happiness": 3},
        "당황": {"surprise": 2, "fear": 1},
        "불안": {"fear": 2},
        "중립": {"neutral": 3},
    }
    assert portraits[0].box == (170.0, 55.0, 280.0, 180.0)


def test_faces_are_cut_out_and_split_by_person(folder: Path, tmp_path: Path) -> None:
    examples = datasets.LAYOUTS["aihub"].read(folder).examples
    faces, people, _ = cut_all(examples, tmp_path / "cut")
    assert len(faces) == len(read_portraits(folder)) == 32
    for person in set(people):
        assert len({part for part, owner in zip(faces.split, people, strict=True) if owner == person}) == 1
    neutral = np.flatnonzero(faces.majority == EMOTIONS.index("neutral"))
    assert np.abs(faces.pixels[neutral].astype(int) - 120).mean() < 15  # the flat box, not the noise around it


def test_a_face_found_inside_the_box_is_aligned_by_its_eyes(folder: Path) -> None:
    portrait = read_portraits(folder)[0]
    finder, picture = Finder(), np.asarray(Image.open(portrait.path))
    expected = grey(crop(picture, finder.find(picture)[0].points))
    got = aihub_faces.cut_out(portrait, finder)
    assert np.corrcoef(got.ravel(), expected.ravel())[0, 1] > 0.9


def test_a_folder_without_labels_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="unpack both"):
        read_portraits(tmp_path)
    (tmp_path / "broken.json").write_bytes(b"\xff\xfe{")
    with pytest.raises(ValueError, match="unpack the archive"):
        read_portraits(tmp_path)
