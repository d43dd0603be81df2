"""Worker processes for slow work on many files."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def worker_processes(count: int | None = None) -> ProcessPoolExecutor:
    """A pool of `count` processes; by default, one for each core.

    Spawned, not forked: a fork copies the locks that other threads hold (of torch, a codec, the progress bar) but not
    the threads that would release them, and may wait for ever.
    """
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))
