"""Shows the progress of a training: the time left, a progress bar and TensorBoard logs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

Report = Callable[[str], None]
"""Shows one line to the person who started the training."""
Item = TypeVar("Item")


class TimeEstimate:
    """Reports the time left after a few steps, and once more later. It leaves out the slow first step."""

    REPORT_AT = (6, 50)

    def __init__(self, steps: int, report: Report | None = None) -> None:
        self.left, self.report = steps, report
        self.done, self.started = 0, 0.0

    def step(self) -> None:
        self.done += 1
        self.left -= 1
        now = time.perf_counter()
        if self.done == 1:
            self.started = now
        elif self.report and self.done in self.REPORT_AT and self.left > 0:
            each = (now - self.started) / (self.done - 1)
            self.report(f"{each:.2f} s a step, {self.left} steps to go: about {duration(each * self.left)}")


def duration(seconds: float) -> str:
    """Formats seconds as seconds, minutes or hours."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"


def progress_bar(items: Iterable[Item], total: int, unit: str, done: int = 0) -> Iterable[Item]:
    """The items, with a tqdm bar on stderr."""
    from tqdm import tqdm

    return tqdm(items, initial=done, total=total, unit=unit, mininterval=2)


def summary_writer(folder: Path | None) -> SummaryWriter | None:
    """A TensorBoard log in `folder`; None without a folder."""
    if folder is None:
        return None
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(str(folder))
