"""Work on many files stays in the test's own process: each process that is spawned for it imports torch anew, which
takes longer than the work on a few clips.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from training import processes


class OneThread(ThreadPoolExecutor):
    """In place of a pool of processes."""

    def __init__(self, _count: int | None, **_how: object) -> None:
        super().__init__(1)


@pytest.fixture(autouse=True, scope="package")
def no_further_processes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "ProcessPoolExecutor", OneThread)
        yield


@pytest.fixture
def a_further_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """For one test of each kind of work: what a spawned process does must be importable, and its answer can travel."""
    monkeypatch.setattr(processes, "ProcessPoolExecutor", lambda _count, **how: ProcessPoolExecutor(1, **how))
