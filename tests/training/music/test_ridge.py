import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

from training.music import ridge
from training.music.ridge import Standardiser

RNG = np.random.default_rng(3)
ROWS = RNG.normal(5, 2, (90, 12))
ARTISTS = np.repeat([f"artist {number}" for number in range(30)], 3)


def test_ridge_is_scikit_learns():
    targets = ROWS @ RNG.normal(0, 1, (12, 2)) + RNG.normal(0, 1, (90, 2))
    fitted = ridge.fit_ridge(ROWS, targets, ARTISTS, strengths=[30.0])
    expected = Ridge(alpha=30.0).fit(Standardiser.of(ROWS)(ROWS), targets)
    # Clipping moves the mean of the standardised rows a little; scikit-learn's intercept makes up for it.
    assert fitted(ROWS) == pytest.approx(expected.predict(Standardiser.of(ROWS)(ROWS)), abs=0.05)


def test_each_target_is_held_back_as_much_as_it_needs():
    clear = ROWS @ RNG.normal(0, 1, 12)
    chance = RNG.normal(0, 1, 90)
    fitted = ridge.fit_ridge(ROWS, np.stack([clear, chance], axis=1), ARTISTS)
    assert fitted.strengths[0] == min(ridge.STRENGTHS)
    assert fitted.strengths[1] > 10 * fitted.strengths[0]


def test_softmax_regression_is_scikit_learns_where_classes_are_balanced():
    labels = np.argsort(np.argsort(ROWS[:, 0] + RNG.normal(0, 1, 90))) * 3 // 90
    fitted = ridge.softmax_regression(ROWS, np.eye(3)[labels], 10.0)
    expected = LogisticRegression(C=1 / 10.0, max_iter=1000).fit(Standardiser.of(ROWS)(ROWS), labels)
    logits = fitted(ROWS)
    assert (logits.argmax(1) == expected.predict(Standardiser.of(ROWS)(ROWS))).mean() > 0.97


def test_a_rare_class_counts_like_a_frequent_one():
    rare = ROWS[:, 0] > np.quantile(ROWS[:, 0], 0.9)
    shares = np.stack([~rare, rare], axis=1).astype(float)
    guess = ridge.softmax_regression(ROWS, shares, 3.0)(ROWS).argmax(1)
    assert (guess[rare] == 1).all()
