"""Gives thousands of broken and hostile inputs to a part of Haru, and looks at what each costs.

The usual tests try every tenth input. HARU_TEST_ALL=1 tries every one, which takes about ten minutes:

HARU_TEST_ALL=1 .venv/bin/python -m pytest tests/trial
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest

from tests.thoroughness import IS_WHOLE

Input = TypeVar("Input")

EVERY = 1 if IS_WHOLE else 10
SECONDS_MAX = 10.0
MEGABYTES_MAX = 150.0
"""Above what the process held before."""
_MOST_FAILURES = 10
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def try_all(
    count: int,
    make: Callable[[Random, int], tuple[str, Input]],
    use: Callable[[Input], object],
    folder: Path,
    megabytes: float = MEGABYTES_MAX,
) -> None:
    """Makes `count` inputs, the same ones in each run, and fails where `use` does more than answer or refuse.

    `use` lets through only what is a fault. The temporary files go into `folder`, which must be empty afterwards.
    """
    failures: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        for number in range(0, count, EVERY):
            named, given = make(Random(f"{make.__name__} {number}"), number)
            if fault := cost(lambda given=given: use(given), megabytes):
                failures.append(f"input {number} ({named}): {fault}")
            if len(failures) >= _MOST_FAILURES:
                break
    failures += [f"left behind: {file}" for file in folder.rglob("*")]
    if failures:
        pytest.fail("\n".join(failures), pytrace=False)


def cost(use: Callable[[], object], most_megabytes: float = MEGABYTES_MAX) -> str:
    """What is wrong with one use: an error, too much time or too much memory; empty if nothing is."""
    _forget_peak()
    before, started = _megabytes("VmRSS"), time.perf_counter()
    try:
        use()
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    seconds, megabytes = time.perf_counter() - started, _megabytes("VmHWM") - before
    if seconds > SECONDS_MAX:
        return f"took {seconds:.1f} s"
    return f"took {megabytes:.0f} MB of memory" if megabytes > most_megabytes else ""


def _forget_peak() -> None:
    if _CLEAR.exists():  # only Linux counts the peak, and only the present process may start it anew
        _CLEAR.write_text("5")


def _megabytes(field: str) -> float:
    if not _STATUS.exists():
        return 0.0
    lines = (line.split() for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines())
    return next(int(line[1]) / 1024 for line in lines if line[0] == f"{field}:")
