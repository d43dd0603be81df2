import numpy as np
import pytest

from emotions import EMOTIONS
from inference.calibration import softmax
from ser.members import LABELS
from training.voice.corpora import Clip
from training.voice.plots import (
    Predictions,
    by_corpus,
    calibrate,
    confusion_table,
    join,
    pool,
    reliability_table,
    summary,
)


def clip(label: str, speaker: str = "a", corpus: str = "ravdess") -> Clip:
    return Clip("x.opus", corpus, "en", label, f"{corpus}-{speaker}", "female", "")


def outcome(labels: list[str], guesses: list[str], speakers: str, fold: str = "f") -> Predictions:
    logits = np.full((len(labels), len(LABELS)), -5.0)
    for row, guess in zip(logits, guesses, strict=True):
        row[LABELS.index(guess)] = 5
    return Predictions(tuple(map(clip, labels, speakers)), logits, (fold,) * len(labels))


def test_benchmarks_are_in_the_corpus_classes_and_the_diary_in_seven():
    predictions = outcome(["calm", "neutral", "anger"], ["calm", "calm", "anger"], "aab")
    truth, guess, names = predictions.in_corpus_classes()
    assert names == ["neutral", "anger", "calm"]
    assert (truth == guess).tolist() == [True, False, True]
    seven, scores = predictions.in_seven()
    assert (scores.argmax(1) == seven).all()  # calm is neutral in use


def test_boredom_is_not_measured_in_seven():
    predictions = outcome(["boredom", "anger"], ["boredom", "anger"], "ab")
    truth, scores = predictions.in_seven()
    assert len(truth) == len(scores) == 1


def test_shared_classes_leave_the_others_out():
    predictions = outcome(["anger", "sadness"], ["disgust", "sadness"], "ab")
    truth, scores = predictions.in_seven(shared_only=True)
    assert set(scores.argmax(1)) <= set(truth)


def test_a_summary_row_has_mean_spread_and_interval():
    first = outcome(["anger", "sadness"], ["anger", "sadness"], "aa", "one")
    second = outcome(["anger", "sadness"], ["anger", "anger"], "bb", "two")
    row = summary(join([first, second]), "tiny")
    assert row.startswith("| tiny | 2 | 4 | 75.0% [")
    assert "75.0% ± 25.0%" in row
    assert "| **sadness** | 50% | 50% |" in confusion_table(join([first, second]))


@pytest.fixture
def two_models() -> tuple[np.ndarray, ...]:
    """The first model guesses; the second is accurate but overconfident."""
    rng = np.random.default_rng(0)
    good = rng.normal(0, 1.2, (1500, 7))
    truth = (softmax(good).cumsum(1) < rng.random((1500, 1))).sum(1)
    speakers = rng.integers(0, 10, 1500)
    return np.log(softmax(rng.normal(0, 1, (1500, 7)))), np.log(softmax(4 * good)), truth, speakers


def test_the_better_model_gets_the_weight_and_its_overconfidence_is_corrected(two_models):
    first, second, truth, speakers = two_models
    found = calibrate(first, second, truth, speakers, np.ones(len(truth)))
    assert found.share <= 0.1
    assert found.temperature == pytest.approx(4, rel=0.3)
    assert found.crossed.sum(1) == pytest.approx(1)


def test_a_speakers_own_labels_do_not_affect_their_scores(two_models):
    first, second, truth, speakers = two_models
    found = calibrate(first, second, truth, speakers, np.ones(len(truth)))
    # Turning one speaker's labels round must leave that speaker's own scores as they were.
    turned = np.where(speakers == 3, 6 - truth, truth)
    again = calibrate(first, second, turned, speakers, np.ones(len(truth)))
    assert np.array_equal(found.crossed[speakers == 3], again.crossed[speakers == 3])
    assert not np.array_equal(found.crossed[speakers != 3], again.crossed[speakers != 3])


def test_pooling_is_between_the_two():
    assert pool(np.zeros(3), np.ones(3), 0.25) == pytest.approx(0.75)


def test_every_corpus_counts_alike():
    weights = by_corpus([clip("anger", corpus="nemo")] * 30 + [clip("anger", corpus="korean")] * 2)
    assert weights[:30].sum() == pytest.approx(weights[30:].sum())


def test_the_reliability_table_counts_everybody():
    scores = np.full((4, len(EMOTIONS)), 0.05)
    scores[:, 0] = 0.7
    assert "| 60%–70% | 4 | 70% | 50% |" in reliability_table(np.array([0, 0, 1, 1]), scores)
