"""Measures wall-clock and processor time; on a busy machine only processor times can be compared."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

_WARM_UP = 5


def milliseconds(work: Callable[[], object], rounds: int) -> np.ndarray:
    """Milliseconds of each call, one after the other, after some calls that warm up."""
    for _ in range(_WARM_UP):
        work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return np.array(times)


@dataclass(frozen=True)
class Times:
    """Seconds of the rounds of one step."""

    clock: np.ndarray
    processor: np.ndarray


class Stopwatch:
    """Measures named steps; a step may run several times."""

    def __init__(self) -> None:
        self._rounds: dict[str, list[tuple[float, float]]] = defaultdict(list)

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        began, worked = time.perf_counter(), time.process_time()
        yield
        self._rounds[step].append((time.perf_counter() - began, time.process_time() - worked))

    @property
    def steps(self) -> dict[str, Times]:
        return {step: Times(*np.array(rounds).T) for step, rounds in self._rounds.items()}
