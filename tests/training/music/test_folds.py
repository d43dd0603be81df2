import numpy as np
import pytest

from training.music.folds import folds, splits

RNG = np.random.default_rng(0)
ARTISTS = np.repeat([f"artist {number}" for number in range(120)], RNG.integers(1, 9, 120))[:320]
LABELS = RNG.integers(0, 4, len(ARTISTS))


def test_an_artist_is_never_on_both_sides():
    for seed in range(4):
        for train, test in splits(folds(LABELS, ARTISTS, seed)):
            assert not set(ARTISTS[train]) & set(ARTISTS[test])
            assert len(train) + len(test) == len(ARTISTS)


def test_every_track_is_tested_once_and_every_fold_has_its_share_of_each_class():
    fold_of = folds(LABELS, ARTISTS, 0)
    for fold in range(5):
        counts = np.bincount(LABELS[fold_of == fold], minlength=4)
        expected = np.bincount(LABELS) / 5
        assert counts == pytest.approx(expected, rel=0.3)


def test_seeds_decide():
    assert np.array_equal(folds(LABELS, ARTISTS, 1), folds(LABELS, ARTISTS, 1))
    assert not np.array_equal(folds(LABELS, ARTISTS, 1), folds(LABELS, ARTISTS, 2))
