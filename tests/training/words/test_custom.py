"""`python -m training.cli words`: own lines from a table, to weights that the app loads."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from emotions import EMOTIONS
from inference import measured
from inference.custom_weights import own_weights
from tests.words.conftest import tiny_model
from training import cli
from training.datasets.layouts import LayoutError
from training.words import custom, own_lines
from words import model
from words.predict import load


def _write(file: Path, rows: list[tuple[str, str, str]], delimiter: str = ",") -> Path:
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, delimiter=delimiter)
        writer.writerow(["text", "mood", "person"])
        writer.writerows(rows)
    return file


def _lines(writers: int = 6) -> list[tuple[str, str, str]]:
    rows = []
    for writer in range(writers):
        for number in range(6):
            rows.append((f"sad {'went ' * number}home", "sadness", f"writer {writer}"))
            rows.append((f"오늘 {'집에 ' * number}행복", "기쁨", f"writer {writer}"))
    return rows


def test_a_table_is_read_with_moods_in_both_languages(tmp_path: Path) -> None:
    _write(tmp_path / "lines.csv", [("슬펐다", "슬픔", "me"), ("", "fear", "me"), ("happy", "happiness", "")], ";")
    for path in (tmp_path, tmp_path / "lines.csv"):
        found = own_lines.table(path)
        assert [(each.text, each.label, each.person_known) for each in found.examples] == [
            ("슬펐다", "sadness", True),
            ("happy", "happiness", False),
        ]
        assert found.remarks == ("1 rows without a text left out",)
        assert "same writer" in found.cautions[0]


def test_a_label_that_is_no_mood_is_named_with_its_line(tmp_path: Path) -> None:
    _write(tmp_path / "lines.csv", [("a", "sadness", ""), ("b", "hangry", "")])
    with pytest.raises(LayoutError, match=r"'hangry' \(line 3\)"):
        own_lines.table(tmp_path)


def test_writers_are_in_one_part_only(tmp_path: Path) -> None:
    _write(tmp_path / "lines.csv", _lines())
    parts = custom.split(own_lines.table(tmp_path).examples)
    writers = [{example.person for example in part} for part in parts.values()]
    assert all(writers)
    assert sum(map(len, writers)) == len(set().union(*writers)) == 6


def test_own_lines_become_weights_that_the_app_loads(tmp_path: Path, monkeypatch, capsys) -> None:
    start = tmp_path / "start.safetensors"
    model.save(tiny_model(), start)
    _write(tmp_path / "lines.csv", _lines())
    out = tmp_path / "mine" / "words.safetensors"
    given = ["words", "--data", f"table={tmp_path / 'lines.csv'}", "--out", str(out), "--init", str(start)]
    assert cli.main([*given, "--rate", "0.01", "--passes", "200"]) == 0
    assert "tiny 0 before: right" in out.with_suffix(".md").read_text(encoding="utf-8")
    monkeypatch.setenv("HARU_WEIGHTS", str(out))
    assert own_weights("words") == out
    recogniser = load()
    assert recogniser.model.startswith("words_own own ")
    sad, happy = recogniser.read(["sad went home", "오늘 집에 행복"])
    assert (sad.label, happy.label) == ("sadness", "happiness")
    [result] = measured.read(out)
    assert (result.name, result.classes, result.model) == ("writers_never_read", EMOTIONS, recogniser.model)
    assert result.accuracy.value > 0.9


def test_too_few_lines_are_an_error(tmp_path: Path, capsys) -> None:
    start = tmp_path / "start.safetensors"
    model.save(tiny_model(), start)
    _write(tmp_path / "lines.csv", _lines()[:20])
    given = ["words", "--data", f"table={tmp_path}", "--out", str(tmp_path / "w.safetensors"), "--init", str(start)]
    assert cli.main(given) == 2
    assert "at least 50" in capsys.readouterr().err
