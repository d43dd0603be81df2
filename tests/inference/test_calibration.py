import numpy as np
import pytest

from inference import calibration, metrics


@pytest.fixture
def overconfident() -> tuple[np.ndarray, np.ndarray]:
    """Logits three times too large for the labels that were drawn from them."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 1.5, (6000, 4))
    chance = calibration.softmax(logits)
    truth = (chance.cumsum(1) < rng.random((6000, 1))).sum(1)
    return 3 * logits, truth


def test_temperature_undoes_overconfidence(overconfident):
    logits, truth = overconfident
    temperature = calibration.fit_temperature(logits, truth)
    assert temperature == pytest.approx(3, rel=0.1)
    before, after = calibration.softmax(logits), calibration.softmax(logits, temperature)
    assert metrics.ece(truth, after) < 0.02 < metrics.ece(truth, before)
    assert (before.argmax(1) == after.argmax(1)).all()


def test_votes_may_stand_for_labels(overconfident):
    logits, truth = overconfident
    assert calibration.fit_temperature(logits, np.eye(4)[truth]) == calibration.fit_temperature(logits, truth)


def test_softmax_of_huge_logits_is_finite():
    assert np.isfinite(calibration.softmax([[1e4, -1e4, 0]])).all()


def test_sure_is_kept_at_the_wanted_rate(overconfident):
    logits, truth = overconfident
    scores = calibration.softmax(logits, 3)
    margin = calibration.fit_margin(scores, truth, 0.8)
    sure = calibration.is_sure(scores, margin)
    assert 0.05 < sure.mean() < 0.9
    assert np.mean(scores.argmax(1)[sure] == truth[sure]) >= 0.8
    assert calibration.fit_margin(scores, 3 - scores.argmax(1), 0.99) == 1.0


def test_a_low_score_is_never_sure_however_far_it_leads():
    assert not calibration.is_sure([0.36, 0.12, 0.12, 0.1, 0.1, 0.1, 0.1], 0.0)
    assert calibration.is_sure([0.62, 0.2, 0.18], 0.3)
    assert not calibration.is_sure([0.62, 0.35, 0.03], 0.3)
    assert calibration.is_sure([0.6, 0.4], 0.0)


def test_the_margin_is_fitted_on_readings_that_may_be_sure():
    low, high = [0.5, 0.1, 0.4], [0.7, 0.2, 0.1]
    # Every low one is right, but none of them may be sure, so they must not speak for the high ones.
    scores, truth = np.array([low] * 50 + [high] * 10), np.array([0] * 50 + [0] * 5 + [1] * 5)
    assert calibration.fit_margin(scores, truth, 0.9) == 1.0


def test_rows_with_the_same_lead_are_sure_together():
    scores, truth = np.array([[0.7, 0.3]] * 4), np.array([0, 0, 1, 1])
    assert calibration.fit_margin(scores, truth, 0.9) == 1.0, "the first two are right, but so alike are the others"


def test_any_mood_with_a_share_is_right_and_rows_have_weights():
    scores = np.array([[0.9, 0.1, 0.0], [0.7, 0.2, 0.1], [0.8, 0.1, 0.1]])
    shares = np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    assert calibration.fit_margin(scores, shares, 0.9) == pytest.approx(0.8)
    assert calibration.fit_margin(scores, shares, 0.9, [1, 1, 0.01]) == pytest.approx(0.5)


@pytest.mark.parametrize("scale", [0.2, 1.0, 7.0])
def test_the_quick_search_finds_what_a_whole_one_finds(overconfident, scale):
    logits, truth = overconfident
    found = calibration.fit_temperature(scale * logits, truth)
    loss = calibration.negative_log_likelihood(scale * logits, truth, found)
    whole = [calibration.negative_log_likelihood(scale * logits, truth, t) for t in np.geomspace(0.05, 20, 200)]
    assert loss <= min(whole) + 1e-9
