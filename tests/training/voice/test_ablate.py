from __future__ import annotations

import csv
import json
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.trees import PITCH, write_wav
from training.voice import ablate, student
from training.voice.student import VoiceHyperparameters

MOODS = ("happiness", "sadness", "anger")


@pytest.fixture
def flat(tmp_path: Path) -> Path:
    """As `python -m training.voice.corpora flatten` leaves it: three actors, three moods."""
    root = tmp_path / "flat"
    rows = []
    for actor in range(3):
        for number, mood in enumerate(MOODS):
            name = f"{actor:03d}_{1 + 50 * number:03d}.wav"
            write_wav(root / name, PITCH[mood] + 5 * actor, seconds=0.5, seed=actor)
            rows.append((name, "aihub", "ko", mood, "", f"aihub-{actor:03d}", "", "", ""))
    with (root / "labels.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ("path", "corpus", "language", "label", "original_label", "speaker", "gender", "intensity", "text")
        )
        writer.writerows(rows)
    return root


def test_every_row_adds_one_thing() -> None:
    rows = ablate.ablation_rows()
    facts = [(row.own_scale, row.crop, len(row.masks), row.scheduled, row.epochs) for row in rows]
    for one, other in pairwise(facts):
        assert sum(a != b for a, b in zip(one, other, strict=True)) == 1
    assert rows[-1].epochs == 20
    common = VoiceHyperparameters("convnext_atto")
    assert "mixup" in rows[-1].settings(common, 10, 0).without
    assert [row.mel.margin for row in rows[:3]] == [0, 0, 1]
    assert [row.settings(common, 10, 0).schedule for row in rows[5:7]] == ["constant", "cosine"]


def test_the_table_is_filled_row_by_row_and_goes_on_where_it_stopped(
    flat: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "ablation.md"
    given = ["--data", flat, "--cache", tmp_path / "cache", "--out", out, "--model", "convnext_atto", "--batch", "2"]
    given += ["--share", "0.1", "--fp32"]
    monkeypatch.setattr(sys, "argv", ["training.voice.ablate", *map(str, given)])
    train = student.train_student
    calls = []

    def stop_at_the_fourth(*arguments, **more):
        calls.append(arguments)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return train(*arguments, **more)

    monkeypatch.setattr(student, "train_student", stop_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        ablate.main()
    assert out.read_text(encoding="utf-8").count("\n| ") == 1 + 3  # the head and three rows
    ablate.main()
    assert len(calls) == 4 + 5  # the row that was stopped and the four after it, none of the three before
    table = out.read_text(encoding="utf-8")
    assert [line.split(" |")[0].strip("| ") for line in table.splitlines() if line.startswith("| ")][1:] == [
        row.name for row in ablate.ablation_rows()
    ]
    assert "of 2 people to learn from" in table
    assert len(json.loads(out.with_suffix(".json").read_text())) == 8
    assert capsys.readouterr().out.count("| 20 |") == 1
