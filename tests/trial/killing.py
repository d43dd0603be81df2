"""Runs work in a child process that dies (SIGKILL) before a step that touches files, or after some time."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable

STEPS = ("open", "os.rename", "os.link", "os.remove", "os.truncate", "sqlite3.connect", "shutil.copyfile")


def run_and_die(work: Callable[[], object], before_step: int, seconds: float | None = None) -> bool:
    """Runs `work` in a child process that is killed; False if it ended by itself first."""
    child = os.fork()
    if child == 0:
        steps = 0

        def count(event: str, _: tuple) -> None:
            nonlocal steps
            if event in STEPS:
                steps += 1
                if steps == before_step:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            if seconds is None:
                sys.addaudithook(count)
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed"
    return os.WIFSIGNALED(status)
