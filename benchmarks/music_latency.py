"""How long the analysis of a track takes, from the file to the answer, stage by stage, warm.

    python -m benchmarks.music_latency [--file TRACK] [--seconds 60] [--rounds 20] [--threads 2]

Without a file it analyses a generated minute of stereo MP3 at 44.1 kHz.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from benchmarks import samples
from benchmarks.timing import Stopwatch
from music import analyse, audio, features, harmony, rhythm, timbre
from music.spectrum import Spectrum


def one_track(seconds: float = 60.0) -> Callable[[], object]:
    """Analyses a generated track, from the file to the answer."""
    source, analyser = samples.track(seconds), analyse.load()
    return lambda: analyser.read_one(source)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path, help="a track of your own")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of the generated track")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    source = options.file.read_bytes() if options.file else samples.track(options.seconds)
    start = time.perf_counter()
    analyser = analyse.load()
    loading = time.perf_counter() - start
    track = audio.load(source)
    watch = Stopwatch()
    for _ in range(options.rounds + 1):
        with watch("decode and resample"):
            track = audio.load(source)
        spectra = [Spectrum(wave) for wave in track.waves]
        with watch("spectra"):
            for spectrum in spectra:
                _ = spectrum.power, spectrum.long_power, spectrum.mel_db, spectrum.levels
        for name, module in (("rhythm", rhythm), ("timbre", timbre), ("harmony", harmony)):
            with watch(name):
                for spectrum in spectra:
                    module.features(spectrum)
        measured = features.of_track([features.measure(spectrum) for spectrum in spectra])
        with watch("plane and moods"):
            analyser.plane.place(measured)
            analyser.moods.scores(measured)
        with watch("file to answer"):
            analyser.read_one(source)
    print(f"{track.seconds:.0f} s of music, {options.threads} threads, {options.rounds} rounds; ", end="")
    print(f"weights loaded in {loading:.2f} s\n")
    print("| stage | p50 ms | p95 ms | processor p50 ms |\n|---|---|---|---|")
    for name, times in watch.steps.items():
        clock, processor = 1000 * times.clock[1:], 1000 * times.processor[1:]  # the first round warms up
        print(f"| {name} | {np.median(clock):.0f} | {np.percentile(clock, 95):.0f} | {np.median(processor):.0f} |")


if __name__ == "__main__":
    main()
