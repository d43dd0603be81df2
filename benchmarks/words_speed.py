"""How long a line takes: `python benchmarks/words_speed.py`. Loading, one line, a batch, and the longest text."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from words.corpora import diary_lines
from words.evaluate import DIARY
from words.explain import explain
from words.model import WEIGHTS
from words.predict import Recogniser, load
from words.text import MAX_CHARACTERS


def milliseconds(task, times: int) -> list[float]:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        task()
        taken.append((time.perf_counter() - started) * 1e3)
    return taken


def main() -> None:
    started = time.perf_counter()
    recogniser: Recogniser = load()
    print(f"load         {(time.perf_counter() - started) * 1e3:8.1f} ms   {WEIGHTS.stat().st_size / 1e6:.2f} MB")
    lines = [line["text"] for line in diary_lines(DIARY)]
    recogniser.read(lines)
    alone = [taken for line in lines for taken in milliseconds(lambda line=line: recogniser.read([line]), 5)]
    print(f"one line     {statistics.median(alone):8.2f} ms   p95 {statistics.quantiles(alone, n=20)[-1]:.2f} ms")
    together = milliseconds(lambda: recogniser.read(lines), 5)
    print(f"in a batch   {statistics.median(together) / len(lines):8.2f} ms   a line, {len(lines)} lines")
    explained = [
        taken for line in lines[::8] for taken in milliseconds(lambda line=line: explain(recogniser.model, line), 3)
    ]
    print(f"explain      {statistics.median(explained):8.2f} ms")
    longest = ("오늘은 날씨가 좋아서 산책을 했다. " * MAX_CHARACTERS)[:MAX_CHARACTERS]
    for part in (1_000, 10_000, MAX_CHARACTERS):
        print(
            f"{part:>7,} characters {min(milliseconds(lambda part=part: recogniser.read([longest[:part]]), 2)):8.1f} ms"
        )


if __name__ == "__main__":
    main()
