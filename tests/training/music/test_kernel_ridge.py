import numpy as np
import pytest
from sklearn.kernel_ridge import KernelRidge

from training.music import kernel_ridge
from training.music.ridge import Standardiser

RNG = np.random.default_rng(4)
ROWS = RNG.normal(5, 2, (90, 6))
ARTISTS = np.repeat([f"artist {number}" for number in range(30)], 3)


def test_it_is_scikit_learns_kernel_ridge():
    targets = RNG.normal(0, 1, (90, 2))
    fitted = kernel_ridge.fit(ROWS, targets, ARTISTS, gammas=[0.3], strengths=[0.5])
    rows = Standardiser.of(ROWS)(ROWS)
    expected = KernelRidge(alpha=0.5, kernel="rbf", gamma=0.3 / 6).fit(rows, targets - targets.mean(0))
    assert fitted(ROWS) == pytest.approx(expected.predict(rows) + targets.mean(0), abs=1e-6)


def test_each_target_gets_the_gamma_and_strength_that_it_needs():
    clear, chance = np.sin(ROWS[:, 0]), RNG.normal(0, 1, 90)
    fitted = kernel_ridge.fit(ROWS, np.stack([clear, chance], axis=1), ARTISTS)
    assert fitted.strengths[0] < fitted.strengths[1]


def test_what_resembles_nothing_lies_in_the_middle():
    targets = RNG.normal(3, 1, (90, 1))
    fitted = kernel_ridge.fit(ROWS, targets, ARTISTS, gammas=[50.0], strengths=[0.1])
    far = np.where(np.arange(6) % 2, ROWS.max() * 9, -ROWS.max() * 9)[None]
    assert fitted(far)[0, 0] == pytest.approx(targets.mean())
