"""How the speed benchmarks take the time: warm, one call after the other."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

WARMING = 5


def times(work: Callable[[], object], rounds: int) -> np.ndarray:
    """Milliseconds of each call."""
    for _ in range(WARMING):
        work()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    return np.array(taken)
