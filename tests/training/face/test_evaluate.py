from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from emotions import EMOTIONS
from fer import predict
from fer.model import ARCHITECTURES
from tests.fer.conftest import drawn_faces
from tests.training.face.test_train import QUICK
from training.face import evaluate, export, train
from training.face.corpora import Faces


@pytest.fixture
def runs(tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two finished trainings."""
    monkeypatch.setitem(ARCHITECTURES, "twin", ARCHITECTURES[tiny])
    faces = drawn_faces(240)
    for seed, name in enumerate((tiny, "twin")):
        folder = tmp_path / "runs" / name
        train.train(name, folder, faces.part("train"), faces.part("valid"), QUICK, seed=seed, without=["pose"])
        (folder / "recipe.json").write_text(json.dumps({"member": name, "sizes": [[48, 6]]}))
    return tmp_path / "runs"


@pytest.fixture
def shipped(runs: Path, tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> Path:
    """What `python -m training.face.export` makes of them."""
    monkeypatch.setattr(export.corpora, "read_ferplus", lambda *where: drawn_faces(240))
    out = tmp_path / "weights"
    export.main(["--runs", str(runs), "--out", str(out), "--members", tiny, "twin", "--version", "0.1"])
    told = capsys.readouterr().out
    assert "| fitted weights |" in told
    assert "on disk" in told
    return out


def test_from_training_to_a_reading(shipped: Path) -> None:
    recogniser = predict.load(shipped)
    faces = drawn_faces(60, seed=9)
    scores = evaluate.by_way(recogniser, evaluate.logits_of(recogniser, faces.pixels))
    assert set(scores) == {"tiny", "twin", "ensemble"}
    assert (scores["ensemble"].argmax(1) == faces.majority).mean() > 0.8
    assert recogniser.model == "haru-face 0.1"
    assert 0 <= recogniser.margin <= 1


def test_a_member_can_stay_as_it_was_shipped(shipped: Path, runs: Path, tiny: str) -> None:
    before = (shipped / "twin.safetensors").read_bytes()
    shutil.rmtree(runs / "twin")  # its training is long gone
    told = ["--runs", str(runs), "--out", str(shipped), "--members", tiny, "twin", "--keep", "twin", "--version", "0.2"]
    export.main(told)
    assert (shipped / "twin.safetensors").read_bytes() == before
    assert predict.load(shipped).model == "haru-face 0.2"


def test_looking_writes_nothing(runs: Path, tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export.corpora, "read_ferplus", lambda *where: drawn_faces(240))
    export.main(["--runs", str(runs), "--out", str(tmp_path / "none"), "--members", tiny, "twin", "--look"])
    assert not (tmp_path / "none").exists()


def test_the_report_says_everything(shipped: Path) -> None:
    recogniser = predict.load(shipped)
    faces = replace(drawn_faces(80, seed=3), clear=np.arange(80) % 4 > 0)
    among = faces.majority < 7
    told = evaluate.report(evaluate.by_way(recogniser, evaluate.logits_of(recogniser, faces.pixels)), faces)
    for word in (
        "8-class accuracy",
        "| twin |",
        "| ensemble |",
        "UAR",
        "macro-F1",
        "ECE",
        "| contempt |",
        "| disgust |",
        f"Seven classes, {among.sum()} faces",
        f"Seven classes where most agree, as the authors of FER+ test, {(among & faces.clear).sum()} faces",
    ):
        assert word in told
    crossed = evaluate.cross_validated(recogniser, faces, [0.0, 1.0])
    assert crossed.count("| fitted weights |") == 2


def test_a_folder_of_pictures(shipped: Path, tmp_path: Path) -> None:
    faces: Faces = drawn_faces(60, seed=4)
    for number, (pixels, label) in enumerate(zip(faces.pixels, faces.majority, strict=True)):
        if label < 7:
            (tmp_path / "all" / EMOTIONS[label]).mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(tmp_path / "all" / EMOTIONS[label] / f"{number}.png")
    (tmp_path / "all" / "fear" / "broken.png").write_bytes(b"none")
    told = evaluate.of_folder(predict.load(shipped), tmp_path / "all", aligned=True)
    count = int((faces.majority < 7).sum())
    assert f"{count} of {count + 1} pictures read; refused: unreadable 1" in told
    assert "accuracy" in told
    found = evaluate.of_folder(predict.load(shipped), tmp_path / "all", aligned=False)
    assert "no_face" in found


def test_a_training_on_old_labels_is_measured_on_them(runs: Path, tiny: str) -> None:
    faces = drawn_faces(160, seed=6)
    faces.split[:] = "test"
    faces.duplicate[:10] = True
    told = evaluate.on_old_labels(runs / tiny, faces)
    assert told.startswith("tiny on fer2013_label, 150 faces: accuracy ")


def test_per_class_counts() -> None:
    truth = np.array([0, 0, 1, 1])
    scores = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.1, 0.9]])
    told = evaluate.per_class(truth, scores, ["up", "down"])
    assert "| up | 2 | 50.0% | 100.0% | 66.7% | 1 | 1 |" in told
    assert "| down | 2 | 100.0% | 66.7% | 80.0% | 0 | 2 |" in told


def test_one_annotator_is_counted_against_the_others_and_not_against_themselves() -> None:
    def agreed(*votes: list[int]) -> float:
        return evaluate.one_annotator(np.array([row + [0] * (8 - len(row)) for row in votes])).value

    assert agreed([10], [10]) == 1
    assert agreed([6, 4], [6, 4]) == pytest.approx(0.6)
    # Five against five: without one's own vote, one is always with the fewer.
    assert agreed([5, 5], [5, 5]) == 0
    # The others are tied: half right.
    assert agreed([2, 1, 1], [2, 1, 1]) == pytest.approx((2 * (1 / 3) + 0 + 0) / 4)
