import numpy as np
import pytest
from sklearn import metrics as reference

from inference import metrics


@pytest.fixture
def guessed() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    truth = rng.choice(5, 400, p=[0.5, 0.2, 0.15, 0.1, 0.05])
    guess = np.where(rng.random(400) < 0.6, truth, rng.integers(0, 5, 400))
    return truth, guess


def test_against_scikit_learn(guessed):
    truth, guess = guessed
    assert metrics.accuracy(truth, guess) == pytest.approx(reference.accuracy_score(truth, guess))
    assert metrics.uar(truth, guess, 5) == pytest.approx(reference.balanced_accuracy_score(truth, guess))
    assert metrics.macro_f1(truth, guess, 5) == pytest.approx(reference.f1_score(truth, guess, average="macro"))
    assert (metrics.confusion(truth, guess, 5) == reference.confusion_matrix(truth, guess)).all()
    assert metrics.precision(truth, guess, 5) == pytest.approx(reference.precision_score(truth, guess, average=None))


def test_a_class_that_does_not_occur_does_not_count():
    truth, guess = [0, 0, 1, 1], [0, 0, 1, 2]
    assert metrics.uar(truth, guess, 3) == pytest.approx(0.75)
    assert metrics.macro_f1(truth, guess, 3) == pytest.approx((1 + 2 / 3) / 2)


def test_ece_of_honest_and_of_boastful_scores():
    rng = np.random.default_rng(1)
    top = rng.uniform(0.5, 1, 40_000)
    truth = (rng.random(40_000) > top).astype(int)
    honest = np.stack([top, 1 - top], 1)
    assert metrics.ece(truth, honest) < 0.01
    boastful = np.tile([1.0, 0.0], (40_000, 1))
    assert metrics.ece(truth, boastful) == pytest.approx(0.25, abs=0.01)


def test_reliability_counts_everyone_once():
    scores = np.array([[0.5, 0.5], [1.0, 0.0], [0.0, 1.0]])
    assert metrics.reliability([0, 0, 0], scores).counts.sum() == 3


def test_bootstrap_draws_people_not_clips():
    right = np.repeat([1.0, 0.0, 1.0, 1.0], 50)
    by_person = metrics.bootstrap(lambda i: right[i].mean(), np.repeat(list("abcd"), 50), rounds=500)
    by_clip = metrics.bootstrap(lambda i: right[i].mean(), range(200), rounds=500)
    assert by_person.value == by_clip.value == 0.75
    assert by_person.high - by_person.low > 3 * (by_clip.high - by_clip.low)


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="3 true labels, but 2 guesses"):
        metrics.confusion([0, 1, 1], [0, 1], 2)
