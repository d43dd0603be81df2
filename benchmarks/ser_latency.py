"""How long a 3 s clip takes, from the file to the seven scores: Haru's way beside the plain way, in the same run.

    python -m benchmarks.ser_latency [--rounds 50] [--threads 2]

The plain way is what most projects do: decode and resample with librosa, `librosa.feature.melspectrogram`, and the same
network in eager fp32 without channels_last. Both are warm: models are loaded, each path has run a few times.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable
from pathlib import Path

import librosa
import numpy as np
import soundfile
import torch

from benchmarks.clock import times
from ser import audio, members, predict
from ser.members import MelMember
from ser.predict import WEIGHTS, Recogniser


def three_seconds() -> bytes:
    """A made-up voice as a 16-bit WAV at 48 kHz, the way a browser hands it over."""
    rate = 48_000
    moments = np.arange(3 * rate) / rate
    phase = 2 * np.pi * np.cumsum(150 * 2 ** (0.2 * np.sin(4 * moments))) / rate
    wave = sum(np.sin(k * phase) / k for k in range(1, 30)) * np.clip(np.sin(12 * moments) + 0.7, 0, 1)
    file = io.BytesIO()
    soundfile.write(file, 0.2 * wave / np.abs(wave).max(), rate, format="WAV")
    return file.getvalue()


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


def ways() -> tuple[Callable[[], object], Callable[[], object]]:
    """The shipped pair's way and the plain one, on the same clip."""
    data, whole = three_seconds(), predict.load(WEIGHTS)
    eager = next(member for member in map(members.load, members.files(WEIGHTS)) if isinstance(member, MelMember))
    eager.model = eager.model.to(memory_format=torch.contiguous_format)
    return lambda: whole.read([audio.load(data)]), lambda: plain_way(eager, data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    data = three_seconds()
    start = time.perf_counter()
    whole = predict.load(options.weights)
    loading = time.perf_counter() - start
    image_file = next(file for file in members.files(options.weights) if isinstance(members.load(file), MelMember))
    convnext = Recogniser([members.load(image_file)])
    eager = members.load(image_file)
    eager.model = eager.model.to(memory_format=torch.contiguous_format)
    paths: dict[str, Callable[[], object]] = {
        "plain way (librosa, eager fp32)": lambda: plain_way(eager, data),
        f"ConvNeXt alone ({eager.meta['name']})": lambda: convnext.read([audio.load(data)]),
        "shipped pair": lambda: whole.read([audio.load(data)]),
    }
    print(f"{options.threads} threads, {options.rounds} rounds, weights loaded in {loading:.2f} s\n")
    print("| 3 s clip, file to scores, warm | p50 ms | p95 ms |\n|---|---|---|")
    for name, work in paths.items():
        taken = times(work, options.rounds)
        print(f"| {name} | {np.percentile(taken, 50):.0f} | {np.percentile(taken, 95):.0f} |")


if __name__ == "__main__":
    main()
