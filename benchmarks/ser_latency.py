"""How long a recording of 5 s takes to read, from the file to the seven scores: Haru beside a plain implementation.

    python -m benchmarks.ser_latency [--rounds 50] [--threads 1 2]

The plain way is what most projects do: decode and resample with librosa, `librosa.feature.melspectrogram`, and the same
network in eager fp32. The app gives the models one thread (`understanding/runtime.py`): with two, each of the hundreds
of small steps of a network waits for the slower thread, and on a busy machine that is the scheduler's time slice. The
third column of times shows it: beside a process that computes without pause, as another visitor's model does.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import librosa
import numpy as np
import torch

from benchmarks import samples
from benchmarks.timing import milliseconds
from ser import audio, members, predict
from ser.features import WHISPER_MEL
from ser.members import FramesMember
from ser.predict import WEIGHTS

SECONDS = 5.0


def plain_way(member: FramesMember, data: bytes) -> np.ndarray:
    wave, _ = librosa.load(io.BytesIO(data), sr=audio.SAMPLE_RATE)
    wave, _ = librosa.effects.trim(wave, top_db=audio.SILENCE_DB)
    power = librosa.feature.melspectrogram(
        y=wave, sr=audio.SAMPLE_RATE, n_fft=WHISPER_MEL.n_fft, hop_length=WHISPER_MEL.hop, n_mels=WHISPER_MEL.mels,
        fmin=WHISPER_MEL.low, fmax=WHISPER_MEL.high, pad_mode="reflect",
    )  # fmt: skip
    log = np.log10(np.maximum(power, 1e-10))
    mel = (np.maximum(log, log.max() - 8.0) + 4.0) / 4.0
    with torch.no_grad():
        return member.model(torch.from_numpy(mel)[None].float()).logits.softmax(-1).numpy()


def frames_member(weights: Path) -> FramesMember:
    """The shipped network in fp32."""
    return next(one for one in map(members.load, members.files(weights)) if isinstance(one, FramesMember))


def haru_and_plain(weights: Path = WEIGHTS) -> tuple[Callable[[], object], Callable[[], object]]:
    """The shipped voice and the plain way, on the same recording."""
    data, recogniser, eager = samples.voice(SECONDS), predict.load(weights), frames_member(weights)
    return lambda: recogniser.read([data]), lambda: plain_way(eager, data)


def _compute(stop: float) -> None:
    while time.time() < stop:
        sum(range(10_000))


@contextmanager
def busy_processor() -> Iterator[None]:
    """One process computes without pause; on two cores each model of two threads loses one of them."""
    # Forked threads of torch would hang.
    process = multiprocessing.get_context("spawn").Process(target=_compute, args=(time.time() + 600,))
    process.start()
    time.sleep(1)
    try:
        yield
    finally:
        process.kill()
        process.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    start = time.perf_counter()
    predict.load(options.weights)
    print(f"{os.cpu_count()} cores, {options.rounds} rounds, weights loaded in {time.perf_counter() - start:.2f} s\n")
    print(f"A recording of {SECONDS:g} s, from file to scores, warm; milliseconds\n")
    print("| way | threads | p50 | p95 | p50 beside a busy process | p95 |")
    print("|---|---|---|---|---|---|")
    ways = zip(("Haru", "plain way (librosa, eager fp32)"), haru_and_plain(options.weights), strict=True)
    for name, work in ways:
        for threads in options.threads:
            torch.set_num_threads(threads)
            alone = milliseconds(work, options.rounds)
            with busy_processor():
                beside = milliseconds(work, options.rounds)
            numbers = [np.percentile(times, part) for times in (alone, beside) for part in (50, 95)]
            print(f"| {name} | {threads} | " + " | ".join(f"{number:.0f}" for number in numbers) + " |")


if __name__ == "__main__":
    main()
