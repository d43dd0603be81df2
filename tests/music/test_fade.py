import numpy as np
import pytest

from music import fade


def test_gains_rise_from_exactly_0_to_exactly_1_through_the_root_of_a_half():
    gains = fade.gains(101)
    assert (gains[0], gains[-1]) == (0, 1)
    assert (np.diff(gains) > 0).all()
    assert gains[50] == pytest.approx(np.sqrt(0.5))


def test_two_fades_keep_the_power():
    for samples in (1, 2, 3, 480, 4801):
        gains = fade.gains(samples)
        assert gains**2 + gains[::-1] ** 2 == pytest.approx(np.ones(samples)), samples


def test_a_negative_length_is_an_error():
    with pytest.raises(ValueError, match="-1 samples"):
        fade.gains(-1)
