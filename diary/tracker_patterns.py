"""Statistics of trackers: means over time, and how moods compare between days with high and with low values.

The days are divided by the values alone, never by the moods: the most even division at a round number. No figure claims
a cause.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

import numpy as np

from diary.patterns import ENOUGH_DAYS, DayColumns, Summary, summary
from diary.trackers import Value


@dataclass(frozen=True)
class Step:
    """The values of one step of time."""

    days: int
    mean: float


@dataclass(frozen=True)
class Comparison:
    """The days that have an entry and a value: those from `limit` on, and those below it."""

    limit: Value
    above: Summary
    below: Summary


def over_time(values: Mapping[date, Value], begin: Callable[[date], date]) -> dict[date, Step]:
    """The mean of each step of time that has a value; `begin` returns the first day of a day's step."""
    by_step: dict[date, list[Value]] = defaultdict(list)
    for day, value in values.items():
        by_step[begin(day)].append(value)
    return {step: Step(len(of_step), sum(of_step) / len(of_step)) for step, of_step in sorted(by_step.items())}


def compare(days: DayColumns, kind: str, values: Mapping[date, Value]) -> Comparison | None:
    """None unless at least `ENOUGH_DAYS` days lie on each side."""
    has_value = np.isin(days.days, np.array(sorted(values), "datetime64[D]"))
    both = days.where(has_value)
    numbers = np.array([values[day] for day in both.days.tolist()], float)
    limit = _limit(kind, numbers)
    if limit is None:
        return None
    is_above = numbers >= limit
    if min(is_above.sum(), (~is_above).sum()) < ENOUGH_DAYS:
        return None
    return Comparison(limit, summary(both.where(is_above)), summary(both.where(~is_above)))


def days_with_both(days: DayColumns, values: Mapping[date, Value]) -> int:
    return int(np.isin(days.days, np.array(sorted(values), "datetime64[D]")).sum())


def _limit(kind: str, numbers: np.ndarray) -> Value | None:
    """The round number that divides the values most evenly; None if all are equal."""
    if not len(numbers) or numbers.min() == numbers.max():
        return None
    low, high = float(numbers.min()), float(numbers.max())
    step = _step(kind, high - low, is_whole=bool((numbers == numbers.round()).all()))
    candidates = [round(place * step, 2) for place in range(floor(low / step) + 1, floor(high / step) + 1)]
    # A narrow range may hold no round number.
    candidates = candidates or sorted(set(numbers.tolist()))[1:]
    balance = [min((numbers >= number).sum(), (numbers < number).sum()) for number in candidates]
    best = [number for number, smaller in zip(candidates, balance, strict=True) if smaller == max(balance)]
    limit = best[len(best) // 2]
    return int(limit) if limit == int(limit) else limit


def _step(kind: str, spread: float, is_whole: bool) -> float:
    """The distance between round numbers: half an hour for a night, a thousand for steps, half a kilogram."""
    if kind == "minutes":
        return 30 if spread >= 120 else 15 if spread >= 60 else 5
    if kind != "count":
        return 1
    power = 10.0 ** floor(log10(spread / 2))
    step = power / 2 if ceil(spread / power) < 5 else power
    return max(step, 1) if is_whole else step
