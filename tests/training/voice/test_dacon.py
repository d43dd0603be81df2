from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from emotions import EMOTIONS
from reading import Refusal
from tests.trees import dacon as contest
from training.datasets.layouts import LayoutError
from training.voice import dacon


def test_the_contest_hides_its_speakers_and_the_card_must_say_so(tmp_path: Path) -> None:
    contest(tmp_path)
    (tmp_path / "train" / "TRAIN_0003.wav").unlink()
    found = dacon.recordings(tmp_path)
    assert [example.label for example in found.examples[:3]] == ["anger", "fear", "sadness"]
    assert len(found.examples) == 23
    assert not any(example.person_known for example in found.examples)
    assert len({example.person for example in found.examples}) == 23
    assert "the split is random by clip" in found.cautions[0]
    assert "1 of 24 recordings are not here, ./train/TRAIN_0003.wav first" in found.remarks


def test_contest_labels_beyond_its_six_are_refused(tmp_path: Path) -> None:
    contest(tmp_path)
    file = tmp_path / "train.csv"
    file.write_text(file.read_text().replace(",5\n", ",6\n").replace(",5\r\n", ",6\r\n"))
    with pytest.raises(LayoutError, match=r"labels beyond 0 … 5: 6"):
        dacon.recordings(tmp_path)


def test_a_submission_has_exactly_the_shape_of_the_sample(tmp_path: Path) -> None:
    contest(tmp_path)
    sample = tmp_path / "sample_submission.csv"
    rows = sample.read_text().splitlines()
    sample.write_text("\n".join([rows[0], *reversed(rows[1:])]) + "\n")

    def scores_of(path: Path) -> np.ndarray | Refusal:
        number = int(path.stem[-1])
        if number == 5:
            return Refusal("unreadable", "broken")
        scores = np.full(7, 0.01)
        scores[EMOTIONS.index("surprise")] = 0.9  # none of the contest's six
        scores[EMOTIONS.index(dacon.CONTEST[number])] = 0.5
        return scores

    lines = dacon.submission(tmp_path, scores_of, EMOTIONS).splitlines()
    assert lines[0] == "id,label"
    assert [line.split(",")[0] for line in lines[1:]] == [f"TEST_{number:04d}" for number in (5, 4, 3, 2, 1, 0)]
    assert [line.split(",")[1] for line in lines[2:]] == ["4", "3", "2", "1", "0"]
    assert lines[1].split(",")[1] in "012345"


def test_a_sample_that_asks_for_more_than_the_test_lists_is_told(tmp_path: Path) -> None:
    contest(tmp_path)
    with (tmp_path / "sample_submission.csv").open("a") as file:
        file.write("TEST_9999,0\n")
    with pytest.raises(LayoutError, match="TEST_9999"):
        dacon.submission(tmp_path, lambda path: np.ones(7), EMOTIONS)
