"""Runs all benchmarks of speed and memory and prints one table: `make bench`.

python -m benchmarks.everything [--quick]

It measures cold start, sign-in, pages and memory on a server that it starts on a temporary folder, over HTTP and in
Chromium. The models run in this process, beside a plain implementation where their card compares the two. Each other
module of this folder measures one of these in more detail.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import tempfile
from pathlib import Path

import numpy as np
import torch

import stt.predict
from benchmarks import (
    analyse,
    fer_latency,
    first_visit,
    music_latency,
    ser_latency,
    server,
    speech_clips,
    stt_latency,
    transfer,
    words_latency,
)
from benchmarks.table import ResultTable
from benchmarks.timing import milliseconds
from understanding import runtime
from understanding.analyst import Analyst, UserInput

YEARS = 10


def first_visits(table: ResultTable, rounds: int) -> None:
    """Over a slow network, in Korean: its letters are the largest part of a first visit."""
    with tempfile.TemporaryDirectory(prefix="haru-bench-") as folder:
        first_visit.add_rows(table, first_visit.run(Path(folder), "ko", rounds))


def analyses(table: ResultTable, rounds: int) -> None:
    """An analysis as the page Today runs it."""
    sample, analyst = analyse.sample_input(), Analyst.load()
    inputs = {
        "a recording of 5 s": UserInput(recording=sample.recording),
        "a 720p face": UserInput(picture=sample.picture),
        "both": UserInput(recording=sample.recording, picture=sample.picture),
        "both and a note": sample,
    }
    alone = 0.0
    for name, user_input in inputs.items():
        if user_input.picture and analyst.face is None:
            continue
        analyst.analyse(user_input)
        alone = statistics.median(analyse.seconds_of(analyst, user_input) for _ in range(rounds))
        table.add(f"analyse {name}, p50", 1000 * alone, "ms", 1200)
    slowest = statistics.median(max(analyse.four_at_once(analyst, sample)) for _ in range(max(2, rounds // 4)))
    table.compare("four people at once, the slowest, p50", 1000 * slowest, "ms", "one alone", 1000 * alone)


def garbage_collection(table: ResultTable, rounds: int) -> None:
    """Streamlit collects garbage after every run of a page, and no visitor gets an answer meanwhile."""
    before = float(np.median(milliseconds(gc.collect, rounds)))
    runtime.freeze_objects()
    visitors = [{"of": [number]} for number in range(50_000)]  # as many objects as some open pages
    try:
        after = float(np.median(milliseconds(gc.collect, rounds)))
    finally:
        gc.unfreeze()
    table.compare("garbage collection after each run of a page", after, "ms", "of the models as well", before)
    del visitors


def models(table: ResultTable, rounds: int) -> None:
    """One input of each model, from its bytes to the answer, warm."""
    torch.set_num_threads(1)  # as in the app (understanding/runtime.py)
    for name, (haru, plain) in (
        ("a 5 s recording, shipped voice", ser_latency.haru_and_plain()),
        ("a 720p photograph, shipped four", fer_latency.haru_and_plain()),
    ):
        ours, other = (float(np.median(milliseconds(way, rounds))) for way in (haru, plain))
        table.compare(f"{name}, p50", ours, "ms", "plain way", other)
    table.add("a note, p50", float(np.median(milliseconds(words_latency.one_note(), 10 * rounds))), "ms")
    table.add("a minute of music, p50", float(np.median(milliseconds(music_latency.one_track(), rounds))), "ms")


def speech_to_text(table: ResultTable, rounds: int) -> None:
    """With a generated voice; `python -m benchmarks.stt_latency --data` measures with people's speech."""
    if stt.predict.has_weights():
        stt_latency.measure(table, speech_clips.speech(None), stt_latency.Options(rounds=rounds))


def transfers(table: ResultTable) -> None:
    """Export and import of ten years of three entries a day."""
    for name, times in transfer.measure(YEARS * 365 * 3).items():
        table.add(f"{name}, ten years", times.clock[0], "s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 3 if parser.parse_args().quick else 10
    table = ResultTable()
    with tempfile.TemporaryDirectory(prefix="haru-bench-") as folder:
        data = Path(folder)
        token = server.make_diary(data, YEARS)
        server.cold_start(ResultTable(), data)  # the first start writes files; only the second one counts
        server.cold_start(table, data)
        server.sign_in(table, data, rounds)
        server.pages(table, data, token, rounds)
    first_visits(table, max(1, rounds // 3))
    analyses(table, rounds)
    garbage_collection(table, rounds)
    models(table, rounds)
    speech_to_text(table, rounds)
    transfers(table)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {rounds} rounds\n\n{table}")


if __name__ == "__main__":
    main()
