"""When a difference is called more than chance, against permutations and published examples."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from diary import certainty

FIRST = np.datetime64(date(2025, 11, 1))


def days(number: int, apart: int = 1) -> np.ndarray:
    return FIRST + apart * np.arange(number)


def test_fishers_test_on_known_tables() -> None:
    assert certainty.fisher(3, 4, 1, 4) == pytest.approx(0.4857, abs=1e-4)  # the lady who tasted tea
    assert certainty.fisher(1, 12, 9, 12) == pytest.approx(0.0027594, abs=1e-6)
    assert certainty.fisher(0, 5, 0, 7) == 1
    assert certainty.fisher(10, 10, 0, 1000) < 1e-15


def test_a_single_day_of_a_rare_mood_is_chance() -> None:
    """One of ten days against none of three hundred: a normal approximation would call it certain."""
    is_first = np.arange(310) % 31 == 0
    values = np.zeros(310)
    values[0] = 1
    assert certainty.p_of_counts(days(310), is_first, values) == pytest.approx(10 / 310)


def test_the_p_value_of_means_is_that_of_a_permutation_test() -> None:
    rng = np.random.default_rng(5)
    values, is_first = rng.uniform(-1, 1, 40), np.arange(40) % 3 == 0
    values[is_first] += 0.35

    def difference(groups: np.ndarray) -> float:
        return abs(values[groups].mean() - values[~groups].mean())

    chance = np.mean([difference(rng.permutation(is_first)) >= difference(is_first) for _ in range(4000)])
    # Days that are not neighbours: their order says nothing.
    assert certainty.p_of_means(days(40, apart=2), is_first, values) == pytest.approx(chance, abs=0.01)


def test_equal_groups_and_groups_without_days_differ_by_nothing() -> None:
    same = np.full(20, 0.3)
    halves = np.arange(20) < 10
    assert certainty.p_of_means(days(20), halves, same) == 1
    assert certainty.p_of_means(days(20), np.zeros(20, bool), same) == 1
    assert certainty.p_of_counts(days(20), np.ones(20, bool), same) == 1
    assert certainty.p_of_counts(days(20), halves, same) == 1


def test_two_groups_without_any_spread_differ_the_more_the_more_days_there_are() -> None:
    def p(each: int) -> float:
        values = np.repeat([0.8, -0.6], each)
        return certainty.p_of_means(days(2 * each), values > 0, values)

    assert p(10) < p(5) < p(2)
    assert certainty.is_clear(p(10), looked_at=100)
    assert not certainty.is_clear(p(2), looked_at=5)


def test_moods_that_last_for_days_make_a_difference_of_two_months_less_certain() -> None:
    """Forty days of moods that change only every fifth day are fewer than forty chances."""
    moods = np.repeat([1, 1, 0, 1, 1, 0, 0, 1, 0, 0], 6).astype(float)
    is_first = np.arange(60) < 30
    lasting = certainty.p_of_counts(days(60), is_first, moods)
    scattered = certainty.p_of_counts(days(60, apart=2), is_first, moods)
    assert scattered < certainty.LEVEL < lasting
    # Days of a tag that are spread over the months do not share their neighbours' moods.
    spread = np.arange(60) % 2 == 0
    assert certainty.p_of_counts(days(60), spread, moods) == certainty.p_of_counts(days(60, apart=2), spread, moods)


def test_made_up_diaries_without_any_difference_are_called_clear_in_at_most_one_of_twenty() -> None:
    """With moods that last (an autocorrelation of .6) and two months side by side, where a plain test errs most."""
    rng = np.random.default_rng(7)
    plain = wrong = 0
    for _ in range(400):
        noise = rng.normal(size=60)
        for place in range(1, 60):
            noise[place] = 0.6 * noise[place - 1] + 0.8 * noise[place]
        is_first = np.arange(60) < 30
        wrong += certainty.is_clear(certainty.p_of_means(days(60), is_first, noise))
        plain += certainty.is_clear(certainty.p_of_means(days(60, apart=2), is_first, noise))
    assert plain / 400 > 0.2
    assert wrong / 400 < 0.12


def test_each_of_many_comparisons_must_be_clearer() -> None:
    assert certainty.is_clear(0.04)
    assert not certainty.is_clear(0.04, looked_at=2)
    assert certainty.is_clear(0.0004, looked_at=100)
