"""Which differences between two groups of days are more than chance: the one rule for every sentence that says so.

A verdict is about one number: a difference of means, or a difference of counts, never about a sentence with two.

Means: Student's t with one variance for both groups, close to a permutation test. Counts: Fisher's exact test, which
also holds for rare moods. Neighbouring days resemble each other, and so do neighbouring days of a group: the same
figures then come by chance more often. Both tests therefore count fewer days, by the first-order autocorrelations of
the values and of the groups (Bartlett 1935). Fisher's test divides its counts by that factor.

Pages compare many groups at once: with `looked_at` comparisons, each must pass 5 % divided by them (Bonferroni). So at
about 95 % none of the differences that a section calls clear is chance alone.
"""

from __future__ import annotations

from functools import lru_cache
from math import erfc, log2, sqrt

import numpy as np

LEVEL = 0.05
_PAIRS_MIN = 10
"""With fewer pairs of neighbouring days, an autocorrelation is not estimated."""
_FACTOR_MAX = 5.0
_BITS_MAX = 24.0


def is_clear(p: float, looked_at: int = 1) -> bool:
    """Whether a difference with this p-value is more than chance, among `looked_at` comparisons."""
    return p < LEVEL / max(1, looked_at)


def bits(p: float) -> float:
    """How much a difference with this p-value says, in bits: a chance of one in eight is three."""
    return float(min(_BITS_MAX, -log2(min(1.0, max(p, 1e-12)))))


def p_of_means(days: np.ndarray, is_first: np.ndarray, values: np.ndarray) -> float:
    """The p-value of the difference between the mean of one group of days and that of the other days."""
    first, second = values[is_first], values[~is_first]
    if min(len(first), len(second)) < 2:
        return 1.0
    freedom = len(values) - 2
    within = (first.var() * len(first) + second.var() * len(second)) / freedom
    difference = abs(first.mean() - second.mean())
    if difference < 1e-9:
        return 1.0
    factor = _factor(days, is_first, values)
    error = sqrt(within * (1 / len(first) + 1 / len(second)) * factor)
    return _p_of_t(error / difference, max(1.0, freedom / factor))


def p_of_counts(days: np.ndarray, is_first: np.ndarray, shares: np.ndarray) -> float:
    """The p-value of the difference between the sums of `shares` (0…1 a day) in the two groups."""
    if not is_first.any() or is_first.all():
        return 1.0
    factor = _factor(days, is_first, shares)
    counts = shares[is_first].sum(), is_first.sum(), shares[~is_first].sum(), (~is_first).sum()
    hits, of, other_hits, of_others = (int(count / factor + 0.5) for count in counts)
    return fisher(hits, of, other_hits, of_others)


def fisher(hits: int, of: int, other_hits: int, of_others: int) -> float:
    """Fisher's exact test, two-sided: the chance of all tables with these sums that are no likelier than this one."""
    total, all_hits = of + of_others, hits + other_hits
    logs = _log_factorials(1 << max(4, total.bit_length()))
    possible = np.arange(max(0, all_hits - of_others), min(of, all_hits) + 1)

    def choices(among: int, chosen: np.ndarray | int) -> np.ndarray:
        return logs[among] - logs[chosen] - logs[among - chosen]

    chances = np.exp(choices(of, possible) + choices(of_others, all_hits - possible) - choices(total, all_hits))
    this = chances[hits - possible[0]]
    return float(min(1.0, chances[chances <= this * (1 + 1e-7)].sum()))


def _factor(days: np.ndarray, is_first: np.ndarray, values: np.ndarray) -> float:
    """How many days count as one. The difference itself is no resemblance of neighbours, so it is taken out first."""
    apart = values - np.where(is_first, values[is_first].mean(), values[~is_first].mean())
    both = _autocorrelation(days, apart) * _autocorrelation(days, is_first.astype(float))
    return min(_FACTOR_MAX, (1 + both) / (1 - both)) if both > 0 else 1.0


def _autocorrelation(days: np.ndarray, values: np.ndarray) -> float:
    """The correlation of the values of neighbouring days; `days` ascend."""
    is_next = np.diff(days.astype(int)) == 1
    before, after = values[:-1][is_next], values[1:][is_next]
    spread = values.var()
    if len(before) < _PAIRS_MIN or spread < 1e-12:
        return 0.0
    return float(np.clip(((before - values.mean()) * (after - values.mean())).mean() / spread, -0.95, 0.95))


def _p_of_t(inverse: float, freedom: float) -> float:
    """Two-sided, for t = 1 / `inverse`, by the normal approximation of Abramowitz & Stegun 26.7.8.

    Equal values within each group have no error: t is infinite, and p still depends on the number of days.
    """
    return erfc((1 - 1 / (4 * freedom)) / sqrt(inverse * inverse + 1 / (2 * freedom)) / sqrt(2))


@lru_cache(maxsize=32)
def _log_factorials(until: int) -> np.ndarray:
    return np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, until + 1)))))
