"""How long a line takes: `python benchmarks/words_speed.py`. One line, a batch, an explanation, the longest text.

Beside the time on the clock stands the processor's own: on a busy machine only the second says what a line costs.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch

from training.words.corpora import diary_lines
from training.words.evaluate import DIARY
from words.explain import explain
from words.model import WEIGHTS
from words.predict import load
from words.text import MAX_CHARACTERS


def report(name: str, tasks: list[Callable[[], object]], share: int = 1) -> None:
    """Median and 95th percentile of the clock, median of the processor, in milliseconds."""
    clock, processor = [], []
    for task in tasks:
        began, worked = time.perf_counter(), time.thread_time()
        task()
        clock.append((time.perf_counter() - began) * 1e3 / share)
        processor.append((time.thread_time() - worked) * 1e3 / share)
    late = sorted(clock)[int(0.95 * (len(clock) - 1))]
    print(f"{name:>20} {statistics.median(clock):9.2f} {late:9.2f} {statistics.median(processor):9.2f}", flush=True)


def one_line() -> Callable[[], object]:
    """Reads one diary line after the other."""
    recogniser, lines = load(), cycle(line["text"] for line in diary_lines(DIARY))
    return lambda: recogniser.read([next(lines)])


def main() -> None:
    torch.set_num_threads(1)
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.2f} MB")
    print(f"{'milliseconds':>20} {'p50':>9} {'p95':>9} {'processor':>9}")
    report("load", [load])
    recogniser = load()
    lines = [line["text"] for line in diary_lines(DIARY)]
    recogniser.read(lines)
    report("one line", [lambda line=line: recogniser.read([line]) for line in lines])
    report(f"a line of {len(lines)}", [lambda: recogniser.read(lines)] * 3, share=len(lines))
    report("explain one", [lambda line=line: explain(recogniser, line) for line in lines[::8]])
    longest = ("오늘은 날씨가 좋아서 산책을 했다. " * MAX_CHARACTERS)[:MAX_CHARACTERS]
    for size in (1_000, 10_000, MAX_CHARACTERS):
        report(f"{size:,} characters", [lambda size=size: recogniser.read([longest[:size]])] * 2)


if __name__ == "__main__":
    main()
