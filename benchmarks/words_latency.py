"""How long a note takes to read: `python -m benchmarks.words_latency [--float32]`.

It times the demo's notes one by one and as a batch, explanations, and texts up to the longest that the app reads.
`--float32` computes as on a processor without bfloat16.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import cycle

import numpy as np
import torch

from benchmarks import samples
from benchmarks.timing import Stopwatch
from words import model
from words.explain import explain
from words.model import WEIGHTS
from words.predict import Recogniser, load
from words.text import MAX_CHARACTERS


def one_note() -> Callable[[], object]:
    """A function that reads the next of the demo's notes at each call."""
    recogniser, notes = load(), cycle(samples.notes())
    return lambda: recogniser.read([next(notes)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--float32", action="store_true", help="as on a processor without bfloat16")
    in_float32 = parser.parse_args().float32
    torch.set_num_threads(1)
    watch = Stopwatch()
    with watch("load"):
        recogniser = Recogniser(model.load()) if in_float32 else load()
    notes = samples.notes()
    recogniser.read(notes)
    for note in notes:
        with watch("one note"):
            recogniser.read([note])
    batch = f"a note of a batch of {len(notes)}"
    for _ in range(3):
        with watch(batch):
            recogniser.read(notes)
    for note in notes[::8]:
        with watch("explain one"):
            explain(recogniser, note)
    longest = ("오늘은 날씨가 좋아서 산책을 했다. " * MAX_CHARACTERS)[:MAX_CHARACTERS]
    for size in (1_000, 10_000, MAX_CHARACTERS):
        for _ in range(2):
            with watch(f"{size:,} characters"):
                recogniser.read([longest[:size]])
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.2f} MB")
    print(f"{'milliseconds':>26} {'p50':>9} {'p95':>9} {'processor':>9}")
    for step, times in watch.steps.items():
        scale = 1000 / (len(notes) if step == batch else 1)
        clock, processor = scale * times.clock, scale * times.processor
        print(f"{step:>26} {np.median(clock):9.2f} {np.percentile(clock, 95):9.2f} {np.median(processor):9.2f}")


if __name__ == "__main__":
    main()
