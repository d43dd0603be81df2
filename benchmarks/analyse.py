"""How long an analysis takes, alone and with four people at once, and whether memory stays flat.

python -m benchmarks.analyse            5 s of voice, a 720p photograph, a line: alone and four at once, then the row
python -m benchmarks.analyse --quick    fewer rounds, and no row
python -m benchmarks.analyse --soak     the row alone

Alone and four at once take turns, so that whatever else the machine does weighs on both. Processor time is told beside
the clock's: work that several threads only do to wait for one another shows there, on a busy machine too.

In the row four people give a hundred recordings, each of a length of its own. It is flat when the last fifty added less
than 5 MB: had only the photograph's file stayed behind each time, that would be 6. The first fifty fill what libraries
keep within bounds, a plan of every layer for the latest lengths above all (understanding/runtime.py). Ends with 1 if
it is not.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from PIL import Image

from tests.sounds import spoken
from understanding import runtime
from understanding.analyst import Analyst, UserInput

PEOPLE = 4
LOOKED_AT = (20, 50, 100)
FLAT_MEGABYTES = 5.0


def offered() -> UserInput:
    """A generated voice; where scikit-image is installed, its photograph of a face at 720 lines."""
    picture = None
    try:
        from skimage import data
    except ImportError:
        pass
    else:
        face = Image.fromarray(data.astronaut()).resize((720, 720))
        wide = Image.new("RGB", (1280, 720), (90, 90, 90))
        wide.paste(face, (280, 0))
        out = io.BytesIO()
        wide.save(out, "JPEG", quality=90)
        picture = out.getvalue()
    return UserInput(recording=spoken(5.0), picture=picture, note="오늘은 정말 긴 하루였다. What a day.")


def seconds_of(analyst: Analyst, given: UserInput) -> float:
    started = time.perf_counter()
    analyst.analyse(given)
    return time.perf_counter() - started


def four_at_once(analyst: Analyst, given: UserInput) -> list[float]:
    with ThreadPoolExecutor(PEOPLE) as people:
        return list(people.map(lambda _: seconds_of(analyst, given), range(PEOPLE)))


def alone_and_together(analyst: Analyst, given: UserInput, rounds: int) -> float:
    """Prints both; how many times the one the slowest of the four took."""
    taken: dict[str, list[float]] = {"alone": [], "four at once, the slowest": []}
    worked: dict[str, list[float]] = {name: [] for name in taken}
    for _ in range(rounds):
        for name, analyses, time_it in (
            ("alone", 1, lambda: seconds_of(analyst, given)),
            ("four at once, the slowest", PEOPLE, lambda: max(four_at_once(analyst, given))),
        ):
            before = time.process_time()
            taken[name].append(time_it())
            worked[name].append((time.process_time() - before) / analyses)
    for name in taken:
        p50, work = statistics.median(taken[name]), statistics.median(worked[name])
        print(f"{name:26s} {1000 * p50:6.0f} ms p50   {1000 * work:5.0f} ms of a processor for each")
    alone, slowest = (statistics.median(times) for times in taken.values())
    return slowest / alone


def resident_megabytes() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def row(analyst: Analyst, given: UserInput) -> dict[int, float]:
    """Resident megabytes before, and after so many analyses of recordings from two to ten seconds."""
    rng = np.random.default_rng(0)
    memory = {0: resident_megabytes()}
    with ThreadPoolExecutor(PEOPLE) as people:
        for before, after in zip((0, *LOOKED_AT), LOOKED_AT, strict=False):
            seconds = rng.uniform(2, 10, after - before).tolist()
            # Analysed and let go, as by somebody who saves or leaves.
            for _ in people.map(lambda long: analyst.analyse(replace(given, sound=spoken(long))) and None, seconds):
                pass
            memory[after] = resident_megabytes()
    return memory


def soak(analyst: Analyst, given: UserInput) -> bool:
    """Prints what the row took; whether it is flat."""
    memory = row(analyst, given)
    for times, megabytes in memory.items():
        print(f"after {times:3d} analyses {megabytes:8.1f} MB   {megabytes - memory[0]:+.1f}")
    added = memory[LOOKED_AT[-1]] - memory[LOOKED_AT[-2]]
    flat = added < FLAT_MEGABYTES
    print(f"the last {LOOKED_AT[-1] - LOOKED_AT[-2]} added {added:.1f} MB of at most {FLAT_MEGABYTES:.0f}: "
          f"{'flat' if flat else 'NOT flat'}")  # fmt: skip
    return flat


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, no row")
    parser.add_argument("--soak", action="store_true", help="the row alone")
    options = parser.parse_args()
    analyst, given = Analyst.load(), offered()
    if analyst.missing:
        print(f"without: {', '.join(analyst.missing)} (no weights)")
    print(f"{runtime.CORES} cores, load {os.getloadavg()[0]:.1f}")
    analyst.analyse(given)
    if not options.soak:
        print(f"{alone_and_together(analyst, given, 5 if options.quick else 20):.1f} times")
    return 0 if options.quick or soak(analyst, given) else 1


if __name__ == "__main__":
    raise SystemExit(main())
