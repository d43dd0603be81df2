"""Statistics of trackers: means over time, and how moods compare between days with high and with low values.

The moods may be those of the same day, of the day after or of the day before. The days are divided by the values alone,
never by the moods: the most even division at a round number, the same one for all three. No figure claims a cause.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10

import numpy as np

from diary.patterns import Contrast, DayColumns, contrast
from diary.trackers import Value


@dataclass(frozen=True)
class Step:
    """The values of one step of time."""

    days: int
    mean: float


LAGS = (0, 1, -1)
"""How many days after the value the mood was: the same day, the day after, the day before."""


def over_time(values: Mapping[date, Value], begin: Callable[[date], date]) -> dict[date, Step]:
    """The mean of each step of time that has a value; `begin` returns the first day of a day's step."""
    by_step: dict[date, list[Value]] = defaultdict(list)
    for day, value in values.items():
        by_step[begin(day)].append(value)
    return {step: Step(len(of_step), sum(of_step) / len(of_step)) for step, of_step in sorted(by_step.items())}


def compare(days: DayColumns, values: Mapping[date, Value], limit: Value, lag: int = 0) -> Contrast | None:
    """The days whose value, `lag` days before, was `limit` or more, beside those where it was less.

    None unless each of the two has enough days.
    """
    both = days.where(days.are_in(day + timedelta(days=lag) for day in values))
    numbers = np.array([values[day - timedelta(days=lag)] for day in both.days.tolist()], float)
    return contrast(both, numbers >= limit)


def days_with_both(days: DayColumns, values: Mapping[date, Value]) -> int:
    return int(days.are_in(values).sum())


def limit(kind: str, values: Iterable[Value]) -> Value | None:
    """The round number that divides the values most evenly; None if all are equal."""
    numbers = np.array(list(values), float)
    if not len(numbers) or numbers.min() == numbers.max():
        return None
    low, high = float(numbers.min()), float(numbers.max())
    step = _step(kind, high - low, is_whole=bool((numbers == numbers.round()).all()))
    candidates = [round(place * step, 2) for place in range(floor(low / step) + 1, floor(high / step) + 1)]
    # A narrow range may hold no round number.
    candidates = candidates or sorted(set(numbers.tolist()))[1:]
    balance = [min((numbers >= number).sum(), (numbers < number).sum()) for number in candidates]
    best = [number for number, smaller in zip(candidates, balance, strict=True) if smaller == max(balance)]
    middle = best[len(best) // 2]
    return int(middle) if middle == int(middle) else middle


def _step(kind: str, spread: float, is_whole: bool) -> float:
    """The distance between round numbers: half an hour for a night, a thousand for steps, half a kilogram."""
    if kind == "minutes":
        return 30 if spread >= 120 else 15 if spread >= 60 else 5
    if kind != "count":
        return 1
    power = 10.0 ** floor(log10(spread / 2))
    step = power / 2 if ceil(spread / power) < 5 else power
    return max(step, 1) if is_whole else step
