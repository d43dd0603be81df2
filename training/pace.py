"""How long a training will take, told from its first steps."""

from __future__ import annotations

import time
from collections.abc import Callable

Tell = Callable[[str], None]


class Pace:
    """Counts steps; after a few of them, and again later, tells what is left. The first, still cold, is not counted."""

    TELLS = (6, 50)

    def __init__(self, steps: int, tell: Tell | None = None) -> None:
        self.left, self.tell = steps, tell
        self.done, self.started = 0, 0.0

    def step(self) -> None:
        self.done += 1
        self.left -= 1
        now = time.perf_counter()
        if self.done == 1:
            self.started = now
        elif self.tell and self.done in self.TELLS and self.left > 0:
            each = (now - self.started) / (self.done - 1)
            self.tell(f"{each:.2f} s a step, {self.left} steps to go: about {duration(each * self.left)}")


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
