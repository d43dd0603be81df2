"""How long an analysis takes, alone and with four people at once, and whether memory grows.

python -m benchmarks.analyse            5 s of voice, a 720p photograph, a line: alone, four at once, 100 + 100 in a row
python -m benchmarks.analyse --quick    fewer of each

In the row every recording has a length of its own, as people's have. The first hundred show every kind of input to
libraries that keep something for each; the second hundred must not grow.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import threading
import time
from dataclasses import replace

import numpy as np
from PIL import Image

from diary.analysis import Analyst, Offered
from tests.sounds import spoken


def offered() -> Offered:
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
    return Offered(sound=spoken(5.0), picture=picture, line="오늘은 정말 긴 하루였다. What a day.")


def seconds_of(analyst: Analyst, given: Offered) -> float:
    started = time.perf_counter()
    analyst.analyse(given)
    return time.perf_counter() - started


def four_at_once(analyst: Analyst, given: Offered) -> list[float]:
    taken: list[float] = []
    threads = [threading.Thread(target=lambda: taken.append(seconds_of(analyst, given))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def resident_megabytes() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def soak(analyst: Analyst, given: Offered, times: int) -> float:
    """Analyses of recordings from two to ten seconds; how many kilobytes each added."""
    rng, grown = np.random.default_rng(times), []
    for _ in range(times):
        sound = spoken(float(rng.uniform(2, 10)), pitch=float(rng.uniform(100, 250)))
        analyst.analyse(replace(given, sound=sound))
        grown.append(resident_megabytes())
    return float(np.polyfit(np.arange(times), grown, 1)[0] * 1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    rounds, times = (5, 20) if parser.parse_args().quick else (20, 100)
    analyst, given = Analyst.load(), offered()
    if analyst.missing:
        print(f"without: {', '.join(analyst.missing)} (no weights)")
    for _ in range(3):
        analyst.analyse(given)
    alone = statistics.median(seconds_of(analyst, given) for _ in range(rounds))
    together = [max(four_at_once(analyst, given)) for _ in range(max(3, rounds // 4))]
    slowest = statistics.median(together)
    print(f"load of the machine         {os.getloadavg()[0]:7.1f}    on {os.cpu_count()} cores")
    print(f"alone, p50                  {alone * 1000:7.0f} ms")
    print(f"four at once, slowest, p50  {slowest * 1000:7.0f} ms   {slowest / alone:.1f}×")
    for which in ("first", "next"):
        before = resident_megabytes()
        each = soak(analyst, given, times)
        print(f"the {which:5s} {times:3d}               {resident_megabytes():7.0f} MB   from {before:.0f}, "
              f"{each:+.0f} kB an analysis")  # fmt: skip


if __name__ == "__main__":
    main()
