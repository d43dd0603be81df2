"""The difference of one person from most: recovered, pulled towards none, and used only where it helps."""

import numpy as np
import pytest

from emotions import EMOTIONS
from inference import personalise
from inference.calibration import softmax
from inference.strangers import Strangers, without_mean

SIZE = len(EMOTIONS)
FLAT = np.eye(SIZE) - 1 / SIZE
CENTRES = without_mean(3 * np.eye(SIZE))
SPREAD = 1.5
POPULATION = Strangers("model 1", CENTRES, SPREAD**2 * FLAT, FLAT)


def recordings(bias: np.ndarray, count: int, seed: int, noise: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    moods = rng.integers(0, SIZE, count)
    return CENTRES[moods] + bias + rng.normal(0, noise, (count, SIZE)), moods


def entries(logs: np.ndarray, moods: np.ndarray) -> list[tuple[dict[str, float], str]]:
    return [
        (dict(zip(EMOTIONS, softmax(row), strict=True)), EMOTIONS[mood]) for row, mood in zip(logs, moods, strict=True)
    ]


def test_many_recordings_tell_the_difference_and_few_pull_it_towards_none():
    bias = 2.0 * np.eye(SIZE)[EMOTIONS.index("sadness")]
    many = POPULATION.difference(*recordings(bias, 400, 7))
    assert many == pytest.approx(without_mean(bias), abs=0.3)
    for row in range(20):
        logs, moods = (each[row : row + 1] for each in recordings(bias, 20, 7))
        alone = without_mean(logs) - CENTRES[moods]
        assert np.linalg.norm(POPULATION.difference(logs, moods)) < 0.9 * np.linalg.norm(alone)


def test_where_people_do_not_differ_nobody_does():
    alike = Strangers("", CENTRES, np.zeros((SIZE, SIZE)), FLAT)
    assert not alike.difference(*recordings(np.ones(SIZE), 8, 1)).any()


def test_without_one_is_as_one_by_one():
    logs, moods = recordings(np.arange(SIZE) / 3, 6, 3)
    each = np.arange(6)
    one_by_one = [POPULATION.difference(logs[each != row], moods[each != row]) for row in each]
    assert POPULATION.differences_without_one(logs, moods) == pytest.approx(np.array(one_by_one))


def test_a_correction_learns_from_eight_entries():
    gains = []
    for seed in range(20):
        bias = np.random.default_rng(900 + seed).normal(0, SPREAD, SIZE)
        logs, moods = recordings(bias, 8, seed)
        more, truth = recordings(bias, 300, 500 + seed)
        offset = np.array(personalise.learn(entries(logs, moods), POPULATION).offset)
        gains.append(np.mean((more + offset).argmax(1) == truth) - np.mean(more.argmax(1) == truth))
    assert np.mean(gains) > 0.1
    assert min(gains) > -0.03


def test_a_correction_that_does_not_help_is_not_used():
    unused = 0
    for seed in range(20):
        logs, moods = recordings(np.zeros(SIZE), 8, seed, noise=0.5)
        unused += personalise.learn(entries(logs, moods), POPULATION) == personalise.Correction()
    assert unused >= 10


def test_nothing_changes_before_five_confirmed_entries():
    logs, moods = recordings(3.0 * np.eye(SIZE)[0], 5, 1)
    assert personalise.learn(entries(logs, moods)[:4], POPULATION) == personalise.Correction()
    assert personalise.learn(entries(logs, moods), POPULATION) != personalise.Correction()
