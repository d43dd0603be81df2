"""The Models page reads the figures that the measuring commands write."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference import measured, metrics

CLASSES = ("joy", "calm", "gloom")


def example(name: str = "set", seed: int = 0, **more) -> measured.Measured:
    chance = np.random.default_rng(seed)
    truth = chance.integers(0, 3, 120)
    scores = chance.dirichlet(np.ones(3), 120)
    scores[np.arange(120), truth] += 0.5
    scores /= scores.sum(1, keepdims=True)
    return measured.of(name, "model 1", "python -m measure", truth, scores, CLASSES, **more)


def test_the_figures_are_those_of_the_labels() -> None:
    truth = np.array([0, 0, 1, 1, 2, 2])
    scores = np.eye(3)[[0, 0, 1, 2, 2, 2]] * 0.7 + 0.1
    found = measured.of(
        "set", "m", "c", truth, scores, CLASSES, sure=np.array([1, 1, 1, 0, 1, 1]), parts=list("aabbcc")
    )
    assert found.accuracy.value == pytest.approx(5 / 6)
    assert found.uar.value == pytest.approx(5 / 6)
    assert found.confusion == ((2, 0, 0), (0, 1, 1), (0, 0, 2))
    assert found.sure == pytest.approx(5 / 6)
    assert found.right_when_sure == 1
    assert found.parts == pytest.approx({"a": 1.0, "b": 0.5, "c": 1.0})
    assert found.ece == pytest.approx(metrics.ece(truth, scores))
    assert sum(found.counts) == found.count == 6
    assert found.accuracy.low <= found.accuracy.value <= found.accuracy.high


def test_whole_people_are_drawn_where_they_are_known() -> None:
    alone, in_groups = example(), example(groups=[place // 40 for place in range(120)])
    assert in_groups.groups == 3
    assert alone.groups is None
    assert in_groups.accuracy.value == alone.accuracy.value
    assert (in_groups.accuracy.low, in_groups.accuracy.high) != (alone.accuracy.low, alone.accuracy.high)


def test_written_and_read_again_it_is_the_same(tmp_path: Path) -> None:
    one = example("one", human=metrics.Interval(0.5, 0.4, 0.6), human_uar=metrics.Interval(0.3, 0.2, 0.4))
    measured.write(tmp_path, [one])
    (again,) = measured.read(tmp_path)
    assert again.confusion == one.confusion
    assert (again.human, again.human_uar) == (one.human, one.human_uar)
    assert again.accuracy.value == pytest.approx(one.accuracy.value, abs=1e-4)
    measured.write(tmp_path, [again])
    assert measured.read(tmp_path) == [again]


def test_a_set_that_is_measured_anew_replaces_itself_only(tmp_path: Path) -> None:
    measured.write(tmp_path, [example("one"), example("two")])
    measured.write(tmp_path, [example("one", seed=1)])
    assert [found.name for found in measured.read(tmp_path)] == ["one", "two"]
    assert measured.read(tmp_path)[0].confusion == example("one", seed=1).confusion


def test_the_numbers_of_training_examples_stay_until_they_are_counted_anew(tmp_path: Path) -> None:
    measured.write(tmp_path, [example("one")], {"comments": 7})
    measured.write(tmp_path, [example("two")])
    assert measured.training_counts(tmp_path) == {"comments": 7}
    measured.write(tmp_path, [], {"comments": 8})
    assert measured.training_counts(tmp_path) == {"comments": 8}
    assert [found.name for found in measured.read(tmp_path)] == ["one", "two"]


def test_where_nobody_measured_there_is_nothing(tmp_path: Path) -> None:
    assert measured.training_counts(tmp_path) == {}
    assert measured.read(tmp_path) == []
