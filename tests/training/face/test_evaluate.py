from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from emotions import EMOTIONS
from fer import predict
from fer.predict import Recogniser
from tests.fer.conftest import drawn_faces
from tests.training.face.conftest import TrainedNetworks
from training.face import evaluate, export


@pytest.fixture(scope="module")
def recogniser(shipped: Path) -> Recogniser:
    return predict.load(shipped)


def test_from_training_to_a_reading(recogniser: Recogniser) -> None:
    faces = drawn_faces(60, seed=9)
    scores = evaluate.scores_of_each(recogniser, evaluate.logits_of(recogniser, faces.pixels))
    assert set(scores) == {"tiny", "twin", "ensemble"}
    assert (scores["ensemble"].argmax(1) == faces.majority).mean() > 0.8
    assert recogniser.model == "haru-face 0.1"
    assert 0 <= recogniser.margin <= 1


def export_again(trained: Path, data: Path, out: Path, *more: str) -> None:
    export.main(["--trained", str(trained), "--data", str(data), "--out", str(out), "--members", "tiny", "twin", *more])


def test_a_network_can_stay_as_it_was_shipped(
    shipped: Path, trained: TrainedNetworks, ferplus_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, fresh = shutil.copytree(shipped, tmp_path / "weights"), tmp_path / "fresh"
    fresh.mkdir()
    shutil.copy(trained.folder / "tiny.safetensors", fresh)  # the training of the other one is long gone
    export_again(fresh, ferplus_folder, out, "--keep", "twin", "--version", "0.2")
    assert (out / "twin.safetensors").read_bytes() == (shipped / "twin.safetensors").read_bytes()
    assert predict.load(out).model == "haru-face 0.2"


def test_looking_writes_nothing(
    trained: TrainedNetworks,
    ferplus_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    export_again(trained.folder, ferplus_folder, tmp_path / "none", "--look")
    assert not (tmp_path / "none").exists()
    assert "| fitted weights |" in capsys.readouterr().out


def test_storing_costs_little_and_says_so(
    shipped: Path,
    trained: TrainedNetworks,
    ferplus_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    export_again(trained.folder, ferplus_folder, tmp_path / "weights", "--version", "0.1")
    printed = capsys.readouterr().out
    assert "on disk" in printed
    losses = [
        float(line.rpartition("loss ")[2]) for line in printed.splitlines() if line.startswith(("trained:", "stored:"))
    ]
    assert losses[1] == pytest.approx(losses[0], abs=0.05)


def test_the_report_says_everything(recogniser: Recogniser) -> None:
    faces = replace(drawn_faces(80, seed=3), clear=np.arange(80) % 4 > 0)
    among = faces.majority < 7
    report = evaluate.report(evaluate.scores_of_each(recogniser, evaluate.logits_of(recogniser, faces.pixels)), faces)
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
        assert word in report
    crossed = evaluate.cross_validated(recogniser, faces, [0.0, 1.0])
    assert crossed.count("| fitted weights |") == 2


def test_a_folder_of_pictures(recogniser: Recogniser, tmp_path: Path) -> None:
    faces = drawn_faces(60, seed=4)
    for number, (pixels, label) in enumerate(zip(faces.pixels, faces.majority, strict=True)):
        if label < 7:
            (tmp_path / "all" / EMOTIONS[label]).mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(tmp_path / "all" / EMOTIONS[label] / f"{number}.png")
    (tmp_path / "all" / "fear" / "broken.png").write_bytes(b"none")
    report = evaluate.of_folder(recogniser, tmp_path / "all", aligned=True)
    count = int((faces.majority < 7).sum())
    assert f"{count} of {count + 1} pictures read; refused: unreadable 1" in report
    assert "accuracy" in report
    found = evaluate.of_folder(recogniser, tmp_path / "all", aligned=False)
    assert "no_face" in found


def test_per_class_counts() -> None:
    truth = np.array([0, 0, 1, 1])
    scores = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.1, 0.9]])
    report = evaluate.per_class(truth, scores, ["up", "down"])
    assert "| up | 2 | 50.0% | 100.0% | 66.7% | 1 | 1 |" in report
    assert "| down | 2 | 100.0% | 66.7% | 80.0% | 0 | 2 |" in report


def test_one_annotator_is_counted_against_the_others_and_not_against_themselves() -> None:
    def agreed(*votes: list[int]) -> float:
        return evaluate.one_annotator(np.array([row + [0] * (8 - len(row)) for row in votes])).value

    assert agreed([10], [10]) == 1
    assert agreed([6, 4], [6, 4]) == pytest.approx(0.6)
    # Five against five: without one's own vote, one is always with the fewer.
    assert agreed([5, 5], [5, 5]) == 0
    # The others are tied: half right.
    assert agreed([2, 1, 1], [2, 1, 1]) == pytest.approx((2 * (1 / 3) + 0 + 0) / 4)


def test_one_annotator_by_label_counts_rare_labels_as_much_as_common_ones() -> None:
    votes = np.array([[10] + [0] * 7] * 9 + [[0, 6, 4] + [0] * 5])
    assert evaluate.one_annotator(votes).value == pytest.approx(0.96)
    assert evaluate.one_annotator(votes, np.array([0] * 9 + [1])).value == pytest.approx((1 + 0.6) / 2)


def test_the_page_gets_all_faces_and_those_on_which_most_agree(recogniser: Recogniser) -> None:
    faces = drawn_faces(60, seed=9)
    faces = replace(faces, clear=np.arange(60) < 40)
    scores = evaluate.scores_of_each(recogniser, evaluate.logits_of(recogniser, faces.pixels))["ensemble"]
    every, clear = evaluate.measured_in_seven(recogniser, scores, faces)
    among = faces.majority < 7
    assert (every.name, every.count) == ("ferplus_test", among.sum())
    assert (clear.name, clear.count) == ("ferplus_clear", among[:40].sum())
    assert every.human_uar is not None
