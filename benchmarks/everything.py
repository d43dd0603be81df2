"""`make bench`: everything that is claimed about speed and memory, in one run, as one table with its ratios.

python -m benchmarks.everything [--quick]

The house (cold start, sign-in, pages, memory) is measured on a server that this starts on a throw-away folder, over
HTTP and in Chromium. What the cards claim of single models is measured in this process, beside the plain way of doing
the same where a card compares the two. Each has a benchmark of its own beside this one, which tells more.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import house
from benchmarks.clock import times
from benchmarks.table import Table

YEARS = 10
THREADS = 2


def analyses(table: Table, rounds: int) -> None:
    """As the page Today asks for them."""
    from benchmarks import analyse
    from understanding.analyst import Analyst, UserInput

    given, analyst = analyse.offered(), Analyst.load()
    ways = {
        "a voice of 5 s": UserInput(recording=given.recording),
        "a 720p face": UserInput(picture=given.picture),
        "both": UserInput(recording=given.recording, picture=given.picture),
        "both and a line": given,
    }
    alone = 0.0
    for name, offered in ways.items():
        if offered.picture and analyst.face is None:
            continue
        analyst.analyse(offered)
        alone = statistics.median(analyse.seconds_of(analyst, offered) for _ in range(rounds))
        table.add(f"analyse {name}, p50", 1000 * alone, "ms", 1200)
    slowest = statistics.median(max(analyse.four_at_once(analyst, given)) for _ in range(max(2, rounds // 4)))
    table.add_beside("four people at once, the slowest, p50", 1000 * slowest, "ms", "one alone", 1000 * alone)


def collector(table: Table, rounds: int) -> None:
    """Streamlit asks for it after every run of a page, and nobody gets an answer meanwhile."""
    from understanding import runtime

    before = float(np.median(times(gc.collect, rounds)))
    runtime.freeze_objects()
    visitors = [{"of": [number]} for number in range(50_000)]  # as many as some open pages
    try:
        after = float(np.median(times(gc.collect, rounds)))
    finally:
        gc.unfreeze()
    table.add_beside("garbage collector, after each run of a page", after, "ms", "through the models as well", before)
    del visitors


def cards(table: Table, rounds: int) -> None:
    """One input each, from its bytes to the answer, warm: what the cards give figures of."""
    import torch

    from benchmarks import fer_latency, music_latency, ser_latency, words_speed

    torch.set_num_threads(THREADS)
    for name, (ours, plain) in (
        ("a 3 s clip, shipped pair", ser_latency.ways()),
        ("a 720p photograph, shipped four", fer_latency.ways()),
    ):
        taken, other = (float(np.median(times(way, rounds))) for way in (ours, plain))
        table.add_beside(f"{name}, p50", taken, "ms", "plain way", other)
    table.add("a line in words, p50", float(np.median(times(words_speed.one_line(), 10 * rounds))), "ms")
    table.add("a minute of music, p50", float(np.median(times(music_latency.one_track(), rounds))), "ms")


def ways_out_and_in(table: Table) -> None:
    """Ten years of three entries a day, leaving and coming back."""
    from benchmarks import transfer

    for name, (seconds, _) in transfer.measure(YEARS * 365 * 3).items():
        table.add(f"{name}, ten years", seconds, "s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 3 if parser.parse_args().quick else 10
    table = Table()
    with tempfile.TemporaryDirectory(prefix="haru-bench-") as folder:
        data = Path(folder)
        token = house.a_person(data, YEARS)
        house.cold_start(table, data)  # once for what a first start writes; the second is the one that counts
        table.rows.clear()
        house.cold_start(table, data)
        house.sign_in(table, data, rounds)
        house.pages(table, data, token, rounds)
    analyses(table, rounds)
    collector(table, rounds)
    cards(table, rounds)
    ways_out_and_in(table)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {rounds} rounds\n\n{table}")


if __name__ == "__main__":
    main()
