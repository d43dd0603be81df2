"""How long speech to text takes, how much memory it needs, and what it does to readings beside it.

    python -m benchmarks.stt_latency --data DATA                    Korean clips; without --data, a generated voice
    python -m benchmarks.stt_latency --data DATA --plain FOLDER     beside faster-whisper's defaults, with the fp16 one
    … --write                                                       also writes the figures of the Models page

Both ways run in turn, so that other load affects both; each gets the bytes of a file. Memory is measured in its own
process, with the other models loaded.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks import analyse, speech_clips
from benchmarks.speech_clips import Speech
from benchmarks.table import ResultTable
from inference.weights import WeightsError
from stt import figures, predict
from stt.figures import Speed
from stt.transcriber import Transcriber
from understanding import runtime
from understanding.analyst import Analyst
from understanding.speech_to_text import SpeechToText

COMMAND = "python -m benchmarks.stt_latency --data DATA"
CLIP_LIMIT, FIRST_LIMIT, REAL_TIME_LIMIT = 1.2, 2.5, 0.35
MEMORY_LIMIT, AFTER_LIMIT = 250.0, 30.0
BESIDE_LIMIT = 1.6
_WARM_UP = 2

Way = Callable[[], object]


def seconds_of(work: Way) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def p50_in_turn(ways: list[Way], rounds: int) -> list[float]:
    """The median of each way; they take turns, after some calls that warm up."""
    for _ in range(_WARM_UP):
        for way in ways:
            way()
    times = [[seconds_of(way) for way in ways] for _ in range(rounds)]
    return [statistics.median(each) for each in zip(*times, strict=True)]


def plain_way(folder: Path, clip: bytes) -> Way:
    """faster-whisper as most projects call it: the fp16 model, its defaults, a beam of 5."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(folder), device="cpu", cpu_threads=predict.THREADS)

    def work() -> None:
        segments, _ = model.transcribe(io.BytesIO(clip), beam_size=5)
        list(segments)

    return work


def first_and_all(transcriber: Transcriber, recording: bytes) -> tuple[float, float]:
    """Seconds until the first words of a recording, and until all of it is written."""
    started, first = time.perf_counter(), None
    for part in transcriber.parts(recording, predict.LANGUAGES):
        if part.segments and first is None:
            first = time.perf_counter() - started
    whole = time.perf_counter() - started
    return first if first is not None else whole, whole


def memory(folder: Path | None, recording: bytes) -> tuple[float, float, float]:
    """Megabytes that the process grew by with the model in use; after it was unloaded; of these, private ones."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as process:
        return process.submit(_memory_here, folder, recording).result()


def _memory_here(folder: Path | None, recording: bytes) -> tuple[float, float, float]:
    analyst = Analyst.load()
    analyst.analyse(analyse.sample_input())
    runtime.free_memory()
    before, private_before = analyse.resident_megabytes(), private_megabytes()
    speech_to_text = SpeechToText(lambda: predict.load(folder))
    speech_to_text.start(recording, predict.LANGUAGES).wait()
    used = analyse.resident_megabytes()
    speech_to_text.stop()
    return used - before, analyse.resident_megabytes() - before, private_megabytes() - private_before


def private_megabytes() -> float:
    """Without the pages of library files, which the system drops when it needs memory."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("RssAnon")) / 1000


def beside_a_transcription(folder: Path | None, recording: bytes, rounds: int) -> tuple[float, float]:
    """The median seconds of an analysis of voice, face and words: alone, and while a recording is written down."""
    analyst, user_input = Analyst.load(), analyse.sample_input()
    speech_to_text = SpeechToText(lambda: predict.load(folder))
    speech_to_text.start(recording, predict.LANGUAGES).wait()
    analyst.analyse(user_input)
    alone: list[float] = []
    beside: list[float] = []
    while len(beside) < rounds:
        alone.append(analyse.seconds_of(analyst, user_input))
        transcription = speech_to_text.start(recording, predict.LANGUAGES)
        while transcription.share == 0:
            time.sleep(0.01)
        while not transcription.is_over and len(beside) < rounds:
            seconds = analyse.seconds_of(analyst, user_input)
            if not transcription.is_over:
                beside.append(seconds)
        if transcription.refusal:
            raise SystemExit(f"The speech was not written down: {transcription.refusal}")
        transcription.cancel()
        transcription.wait()
    speech_to_text.stop()
    return statistics.median(alone), statistics.median(beside)


@dataclass(frozen=True)
class Options:
    rounds: int
    model: Path | None = None
    """The folder of the model; by default the one in use."""
    plain: Path | None = None
    """The folder of the fp16 model, to measure beside."""


def measure(table: ResultTable, speech: Speech, options: Options) -> Speed:
    """Adds all rows to the table."""
    transcriber = predict.load(options.model)
    used, after, private_after = memory(options.model, speech.long)
    ways: list[Way] = [lambda: transcriber.transcribe(speech.short, predict.LANGUAGES)]
    if options.plain:
        ways.append(plain_way(options.plain, speech.short))
    clip, *plain = p50_in_turn(ways, options.rounds)
    first, whole = first_and_all(transcriber, speech.long)
    transcriber.unload()
    speed = Speed(
        model=transcriber.model,
        command=COMMAND,
        cores=runtime.CORES,
        clip_seconds=speech.short_seconds,
        clip=clip,
        recording_seconds=speech.long_seconds,
        first_words=first,
        whole=whole,
        megabytes=used,
        megabytes_after_unload=after,
        plain_clip=plain[0] if plain else None,
    )
    name = f"writing down {speed.clip_seconds:.0f} s of speech, p50"
    table.add(name, speed.clip, "s", CLIP_LIMIT)
    if speed.plain_clip:
        table.compare(name, speed.clip, "s", "plain way", speed.plain_clip)
    table.add(f"first words of {speed.recording_seconds:.0f} s of speech", speed.first_words, "s", FIRST_LIMIT)
    table.add("all of it, seconds a second of speech", speed.real_time_factor, "", REAL_TIME_LIMIT)
    table.add("memory with speech to text in use", speed.megabytes, "MB", MEMORY_LIMIT)
    table.add("… once it is unloaded", speed.megabytes_after_unload, "MB", AFTER_LIMIT)
    table.add("… without the pages of library files", private_after, "MB", AFTER_LIMIT)
    alone, beside = beside_a_transcription(options.model, speech.long, options.rounds)
    table.compare("an analysis beside it, p50", beside, "s", f"alone (at most {BESIDE_LIMIT} times)", alone)
    return speed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help=speech_clips.DATA_HELP)
    parser.add_argument("--model", type=Path, help="folder of the model (default: the one in use)")
    parser.add_argument("--plain", type=Path, help="folder of the fp16 model, to measure beside")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="also write measured.json beside the model")
    options = parser.parse_args()
    if options.write and not options.data:
        parser.error("--write stores figures of people's speech: add --data")
    runtime.prepare()
    table, speech = ResultTable(), speech_clips.speech(options.data)
    try:
        speed = measure(table, speech, Options(options.rounds, options.model, options.plain))
    except WeightsError as error:
        raise SystemExit(str(error)) from error
    print(f"{runtime.CORES} cores, load {os.getloadavg()[0]:.1f}, {options.rounds} rounds, {speech.source}\n\n{table}")
    if options.write:
        print(figures.write_speed(options.model or predict.model_in_use(), speed))


if __name__ == "__main__":
    main()
