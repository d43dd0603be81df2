"""How long a recording of 3 s takes to read, from the file to the seven scores: Haru beside a plain implementation.

    python -m benchmarks.ser_latency [--rounds 50] [--threads 2]

The plain way is what most projects do: decode and resample with librosa, `librosa.feature.melspectrogram`, and the same
network in eager fp32 without channels_last. Both have run a few times before the measurement.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable
from pathlib import Path

import librosa
import numpy as np
import torch

from benchmarks import samples
from benchmarks.timing import milliseconds
from ser import members, predict
from ser.members import MelMember
from ser.predict import WEIGHTS, Recogniser


def plain_way(member: MelMember, data: bytes) -> np.ndarray:
    settings = member.settings
    wave, _ = librosa.load(io.BytesIO(data), sr=settings.sample_rate)
    wave, _ = librosa.effects.trim(wave, top_db=30)
    power = librosa.feature.melspectrogram(
        y=wave, sr=settings.sample_rate, n_fft=settings.n_fft, win_length=settings.window, hop_length=settings.hop,
        n_mels=settings.mels, fmin=settings.low, fmax=settings.high,
    )  # fmt: skip
    image = torch.from_numpy(librosa.power_to_db(power, ref=np.max, top_db=80))
    image = ((image - member.mean[:, None]) / member.std[:, None])[None, None].float()
    return member.model(image).logits.detach().softmax(-1).numpy()


def eager_mel_member(weights: Path) -> MelMember:
    """The member that reads mel spectrograms, without channels_last."""
    member = next(member for member in map(members.load, members.files(weights)) if isinstance(member, MelMember))
    member.model.to(memory_format=torch.contiguous_format)  # pyright: ignore[reportCallIssue]: the stub lacks this overload
    return member


def haru_and_plain() -> tuple[Callable[[], object], Callable[[], object]]:
    """The shipped pair and the plain way, on the same recording."""
    data, recogniser = samples.voice(3.0), predict.load(WEIGHTS)
    eager = eager_mel_member(WEIGHTS)
    return lambda: recogniser.read([data]), lambda: plain_way(eager, data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    data = samples.voice(3.0)
    start = time.perf_counter()
    recogniser = predict.load(options.weights)
    loading = time.perf_counter() - start
    files = members.files(options.weights)
    convnext = Recogniser([member for member in map(members.load, files) if isinstance(member, MelMember)])
    eager = eager_mel_member(options.weights)
    paths: dict[str, Callable[[], object]] = {
        "plain way (librosa, eager fp32)": lambda: plain_way(eager, data),
        f"ConvNeXt alone ({eager.meta['name']})": lambda: convnext.read([data]),
        "shipped pair": lambda: recogniser.read([data]),
    }
    print(f"{options.threads} threads, {options.rounds} rounds, weights loaded in {loading:.2f} s\n")
    print("| 3 s recording, file to scores, warm | p50 ms | p95 ms |\n|---|---|---|")
    for name, work in paths.items():
        times = milliseconds(work, options.rounds)
        print(f"| {name} | {np.percentile(times, 50):.0f} | {np.percentile(times, 95):.0f} |")


if __name__ == "__main__":
    main()
