import numpy as np
import pytest

from emotions import EMOTIONS
from inference import personalise
from inference.calibration import softmax
from reading import Reading

NEUTRAL, SADNESS = EMOTIONS.index("neutral"), EMOTIONS.index("sadness")


def people(bias: np.ndarray, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Clips of a person whose log-scores are shifted by `bias`."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, len(EMOTIONS), count)
    logs = rng.normal(0, 1, (count, len(EMOTIONS)))
    logs[np.arange(count), truth] += 2
    return softmax(logs + bias), truth


def entries(scores: np.ndarray, truth: np.ndarray) -> list[tuple[dict[str, float], str]]:
    return [(dict(zip(EMOTIONS, row, strict=True)), EMOTIONS[k]) for row, k in zip(scores, truth, strict=True)]


def accuracy(scores: np.ndarray, truth: np.ndarray, correction: personalise.Correction) -> float:
    return float(np.mean((np.log(scores) + np.array(correction.offset)).argmax(1) == truth))


def reading(**scores: float) -> Reading:
    rest = (1 - sum(scores.values())) / (len(EMOTIONS) - len(scores))
    return Reading({name: scores.get(name, rest) for name in EMOTIONS}, True, {"weight": 1.0}, "voice", "model 1")


@pytest.mark.parametrize("count", [3, 40])
@pytest.mark.parametrize("strength", personalise.STRENGTHS)
def test_left_out_all_at_once_is_as_left_out_one_by_one(count, strength):
    scores, truth = people(np.array([0, 0, 1.5, 0, -1, 0, 2.0]), count, 5)
    logs, every = np.log(scores), np.arange(count)
    one_by_one = []
    for left_out in every:
        offset = personalise.fit_offset(logs[every != left_out], truth[every != left_out], strength)
        one_by_one.append(-np.log(softmax(logs[left_out] + offset)[truth[left_out]] + 1e-9))
    assert personalise._left_out_losses(logs, truth, strength) == pytest.approx(np.array(one_by_one))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_without_entries_it_is_the_identity(count):
    scores, truth = people(np.zeros(7), count, 0)
    correction = personalise.learn(entries(scores, truth))
    assert correction == personalise.Correction()
    uncorrected = reading(sadness=0.6)
    assert correction.apply(uncorrected) is uncorrected


def test_a_calm_voice_that_sounds_sad_is_learnt():
    bias = np.zeros(7)
    bias[SADNESS] = 2.5
    gains = []
    for seed in range(10):
        scores, truth = people(bias, 16, seed)
        correction = personalise.learn(entries(scores, truth))
        more, its_truth = people(bias, 300, 100 + seed)
        gains.append(accuracy(more, its_truth, correction) - accuracy(more, its_truth, personalise.Correction()))
    assert np.mean(gains) > 0.05
    assert min(gains) > -0.03


def test_it_cannot_hurt_somebody_who_is_well_understood():
    losses = []
    for seed in range(30):
        scores, truth = people(np.zeros(7), 12, seed)
        correction = personalise.learn(entries(scores, truth))
        more, its_truth = people(np.zeros(7), 300, 100 + seed)
        losses.append(accuracy(more, its_truth, personalise.Correction()) - accuracy(more, its_truth, correction))
    assert np.mean(losses) < 0.01


def test_a_corrected_reading_is_a_reading():
    correction = personalise.Correction((0, 0, 1.5, 0, 0, 0, -1.0), 1.0)
    corrected = correction.apply(reading(sadness=0.5, neutral=0.3), margin=0.1)
    assert corrected.label == "neutral"
    assert sum(corrected.scores.values()) == pytest.approx(1)
    assert corrected.model == "model 1 + own voice"
    assert corrected.sure


def test_only_the_latest_entries_count():
    bias = np.zeros(7)
    bias[SADNESS] = 3
    long_ago = entries(*people(-bias, 200, 1))
    lately = entries(*people(bias, personalise.LAST, 2))
    assert personalise.learn(long_ago + lately) == personalise.learn(lately)
    assert personalise.learn(lately).offset[SADNESS] < 0


def test_offsets_are_pulled_towards_nothing():
    scores, truth = people(np.eye(7)[SADNESS] * 2, 8, 0)
    small, large = (personalise.fit_offset(np.log(scores), truth, strength) for strength in (0.1, 2.0))
    assert np.abs(small).max() < np.abs(large).max() < 4
    assert not personalise.fit_offset(np.log(scores), truth, 0.0).any()
