"""How long a track takes, from the file to the answer, stage by stage, warm.

    python -m benchmarks.music_latency [--file TRACK] [--seconds 60] [--rounds 20] [--threads 2]

Without a file a made-up minute of stereo at 44.1 kHz is encoded as MP3, the way most people's music comes.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import torch

from music import analyse, audio, features, harmony, mood_model, rhythm, timbre
from music.spectrum import Spectrum

RATE = 44_100


def made_up(seconds: float) -> bytes:
    """Chords over a beat, with hiss: enough of everything that is measured."""
    time_ = np.arange(int(seconds * RATE)) / RATE
    rng = np.random.default_rng(0)
    chord = sum(np.sin(2 * np.pi * hertz * k * time_) / k for hertz in (220, 277.2, 329.6) for k in range(1, 8))
    beat = np.exp(-8 * (time_ % 0.5)) * rng.normal(0, 1, time_.size)
    left = 0.1 * chord * (0.6 + 0.4 * np.sin(time_)) + 0.15 * beat
    sound = np.clip(np.stack([left, np.roll(left, 40)]), -1, 1).astype(np.float32)
    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as out:
        stream = out.add_stream("libmp3lame", rate=RATE, layout="stereo")
        stream.bit_rate = 192_000
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), "fltp", "stereo")
        frame.sample_rate = RATE
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()


def one_track(seconds: float = 60.0) -> Callable[[], object]:
    """From the file to the answer."""
    source, analyst = made_up(seconds), analyse.load()
    return lambda: analyst.read_one(source)


class Clock:
    """Wall and processor seconds of each stage, round by round."""

    def __init__(self) -> None:
        self.rounds: dict[str, list[tuple[float, float]]] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        wall, worked = time.perf_counter(), time.process_time()
        yield
        spent = time.perf_counter() - wall, time.process_time() - worked
        self.rounds.setdefault(stage, []).append(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    source = options.file.read_bytes() if options.file else made_up(options.seconds)
    start = time.perf_counter()
    analyst = analyse.load()
    loading = time.perf_counter() - start
    clock = Clock()
    for _ in range(options.rounds + 1):
        with clock("decode and resample"):
            heard = audio.load(source)
        spectra = [Spectrum(excerpt) for excerpt in heard.excerpts]
        with clock("spectra"):
            for one in spectra:
                _ = one.power, one.long_power, one.mel_db, one.levels
        for name, room in (("rhythm", rhythm), ("timbre", timbre), ("harmony", harmony)):
            with clock(name):
                for one in spectra:
                    room.features(one)
        track = features.of_track([features.measure(one) for one in spectra])
        with clock("plane"):
            analyst.plane.place(track)
        with clock("four moods"):
            analyst.moods.scores([mood_model.image(one) for one in spectra], track)
        with clock("file to answer"):
            analyst.read_one(source)
    print(f"{heard.seconds:.0f} s of music, {options.threads} threads, {options.rounds} rounds; ", end="")
    print(f"weights loaded in {loading:.2f} s\n")
    print("| stage | p50 ms | p95 ms | processor p50 ms |\n|---|---|---|---|")
    for name, rounds in clock.rounds.items():
        wall, worked = 1000 * np.array(rounds[1:]).T
        print(f"| {name} | {np.median(wall):.0f} | {np.percentile(wall, 95):.0f} | {np.median(worked):.0f} |")


if __name__ == "__main__":
    main()
