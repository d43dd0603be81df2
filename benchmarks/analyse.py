"""How long an analysis takes, for one person and for four at once, and whether memory stays flat.

python -m benchmarks.analyse            a recording of 5 s, five frames of a camera and a note; then the memory test
python -m benchmarks.analyse --picture  with one 720p photograph in place of the frames
python -m benchmarks.analyse --quick    fewer rounds, no memory test
python -m benchmarks.analyse --soak     the memory test alone

One person and four at once take turns, so that other load affects both. Processor time shows work that threads only do
to wait for one another.

In the memory test four people analyse a hundred recordings of different lengths. Memory is flat if the last fifty add
less than 5 MB: their frames alone would be 12. The first fifty fill caches of libraries, which are bounded
(understanding/runtime.py). The exit code is 1 if memory is not flat.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from benchmarks import samples
from understanding import face_frames, runtime
from understanding.analyst import Analyst, UserInput

PEOPLE = 4
CHECKPOINTS = (20, 50, 100)
FLAT_MEGABYTES = 5.0


def sample_input(frames: bool = True) -> UserInput:
    taken = tuple(samples.frames()) if frames else ()
    return UserInput(
        recording=samples.voice(5.0),
        picture=face_frames.middle(taken) if taken else samples.photograph(),
        frames=taken,
        note="오늘은 정말 긴 하루였다. What a day.",
    )


def seconds_of(analyst: Analyst, user_input: UserInput) -> float:
    started = time.perf_counter()
    analyst.analyse(user_input)
    return time.perf_counter() - started


def four_at_once(analyst: Analyst, user_input: UserInput) -> list[float]:
    with ThreadPoolExecutor(PEOPLE) as people:
        return list(people.map(lambda _: seconds_of(analyst, user_input), range(PEOPLE)))


def alone_and_together(analyst: Analyst, user_input: UserInput, rounds: int) -> float:
    """Prints the times of both; returns the ratio of the slowest of four to one alone."""
    ways = {
        "alone": (1, lambda: seconds_of(analyst, user_input)),
        "four at once, the slowest": (PEOPLE, lambda: max(four_at_once(analyst, user_input))),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    processor: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (analyses, measure) in ways.items():
            before = time.process_time()
            seconds[name].append(measure())
            processor[name].append((time.process_time() - before) / analyses)
    for name in ways:
        p50, work = statistics.median(seconds[name]), statistics.median(processor[name])
        print(f"{name:26s} {1000 * p50:6.0f} ms p50   {1000 * work:5.0f} ms of a processor for each")
    alone, slowest = (statistics.median(times) for times in seconds.values())
    return slowest / alone


def resident_megabytes() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def memory_by_analyses(analyst: Analyst, user_input: UserInput) -> dict[int, float]:
    """Resident megabytes before, and after so many analyses of recordings from two to ten seconds."""
    rng = np.random.default_rng(0)
    memory = {0: resident_megabytes()}
    with ThreadPoolExecutor(PEOPLE) as people:
        for before, after in zip((0, *CHECKPOINTS), CHECKPOINTS, strict=False):
            lengths = rng.uniform(2, 10, after - before).tolist()
            # `and None` drops each analysis, as when a person saves or leaves.
            for _ in people.map(
                lambda seconds: analyst.analyse(replace(user_input, recording=samples.voice(seconds))) and None, lengths
            ):
                pass
            memory[after] = resident_megabytes()
    return memory


def is_memory_flat(analyst: Analyst, user_input: UserInput) -> bool:
    """Prints the memory after each checkpoint."""
    memory = memory_by_analyses(analyst, user_input)
    for analyses, megabytes in memory.items():
        print(f"after {analyses:3d} analyses {megabytes:8.1f} MB   {megabytes - memory[0]:+.1f}")
    added = memory[CHECKPOINTS[-1]] - memory[CHECKPOINTS[-2]]
    flat = added < FLAT_MEGABYTES
    print(f"the last {CHECKPOINTS[-1] - CHECKPOINTS[-2]} added {added:.1f} MB of at most {FLAT_MEGABYTES:.0f}: "
          f"{'flat' if flat else 'NOT flat'}")  # fmt: skip
    return flat


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, no memory test")
    parser.add_argument("--picture", action="store_true", help="one photograph in place of the frames of a camera")
    parser.add_argument("--soak", action="store_true", help="the memory test alone")
    options = parser.parse_args()
    analyst, user_input = Analyst.load(), sample_input(frames=not options.picture)
    if analyst.missing:
        print(f"without: {', '.join(analyst.missing)} (no weights)")
    print(f"{runtime.CORES} cores, load {os.getloadavg()[0]:.1f}")
    analyst.analyse(user_input)
    if not options.soak:
        print(f"{alone_and_together(analyst, user_input, 5 if options.quick else 20):.1f} times")
    return 0 if options.quick or is_memory_flat(analyst, user_input) else 1


if __name__ == "__main__":
    raise SystemExit(main())
