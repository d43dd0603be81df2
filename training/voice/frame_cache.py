"""Caches what Whisper's encoder hears over time: its layers every 40 ms, for every copy of every clip.

    python -m training.voice.frame_cache --data DATA --cache DIR --copies 1

A network over frames (`training.voice.frame_training`) learns from them. One byte a value: two copies of 16,000 clips
take 6 GB. The statistics for the committee of heads (`training.voice.cache`) come from the same pass.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ser.features import whisper_mel
from ser.frames import frames_of
from ser.model import statistics
from ser.transformer import WhisperEncoder
from training.loop import computes_bf16
from training.processes import worker_processes
from training.voice.cache import AugmentedCopy, make_copy, open_copy
from training.voice.corpora import DATA_HELP, remember_set
from training.voice.encoders import SHIPPED, load_whisper
from training.voice.known_corpora import SET, SETS_HELP

COPIES = 1
"""Variations besides the clean copy."""
STEP = 20.0
"""Bytes a standard deviation: ±6.3 of them fit."""
_SAMPLE = 400
"""Clips that fix the scale of the bytes."""
SCALE = "frame_scale.npz"


@dataclass(frozen=True)
class ByteScale:
    """Mean and standard deviation of each channel of each layer, by which the bytes are stored."""

    middle: np.ndarray
    spread: np.ndarray

    def to_bytes(self, frames: np.ndarray) -> np.ndarray:
        return np.clip(np.round((frames - self.middle) / self.spread * STEP), -127, 127).astype(np.int8)

    @classmethod
    def load(cls, cache: Path) -> ByteScale:
        with np.load(cache / SCALE) as found:
            return cls(found["middle"], found["spread"])


@dataclass(frozen=True)
class FrameCopy:
    """The frames of one copy of all clips."""

    bytes: np.ndarray
    """(frames of all clips, layers, width)."""
    ends: np.ndarray

    def clip(self, index: int) -> np.ndarray:
        """(frames, layers, width), as bytes."""
        return self.bytes[int(self.ends[index - 1]) if index else 0 : int(self.ends[index])]


def open_frames(cache: Path, number: int) -> FrameCopy:
    folder = cache / f"copy-{number:02d}"
    if not (folder / "frames_done").exists():
        raise FileNotFoundError(f"{folder} has no frames; run `python -m training.voice.frame_cache` first.")
    ends = np.cumsum(np.load(folder / "frame_lengths.npy"))
    shape = (int(ends[-1]), *ByteScale.load(cache).middle.shape)
    return FrameCopy(np.memmap(folder / "frames.i8", np.int8, "r", shape=shape), ends)


def make_frames(cache: Path, encoder: Path, number: int) -> None:
    """Writes the frames and the statistics of one copy, whose sound is there."""
    folder = cache / f"copy-{number:02d}"
    if (folder / "frames_done").exists():
        return
    if not (cache / SCALE).exists():
        _fix_scale(cache, encoder)
    count = len(open_copy(cache, number).wave_ends)
    lengths, summaries = [], []
    jobs = [(str(cache), str(encoder), number, index) for index in range(count)]
    with worker_processes() as pool, (folder / "frames.i8").open("wb") as file:
        for frames, summary in pool.map(_encode, jobs, chunksize=min(32, 1 + count // 16)):
            file.write(frames.tobytes())
            lengths.append(len(frames))
            summaries.append(summary)
    np.save(folder / "frame_lengths.npy", lengths)
    np.save(folder / "statistics.npy", np.stack(summaries))
    (folder / "frames_done").touch()
    print(f"copy {number}: {sum(lengths):,} frames of {count:,} clips", flush=True)


@lru_cache(maxsize=1)
def _worker(cache: str, encoder: str, number: int) -> tuple[AugmentedCopy, WhisperEncoder, ByteScale]:
    torch.set_num_threads(1)
    model = load_whisper(Path(encoder))
    if computes_bf16(torch.device("cpu")):
        model.bfloat16()
    return open_copy(Path(cache), number), model, ByteScale.load(Path(cache))


def _encode(job: tuple[str, str, int, int]) -> tuple[np.ndarray, np.ndarray]:
    cache, encoder, number, index = job
    copy, model, scale = _worker(cache, encoder, number)
    outputs = _outputs(model, copy.wave(index))
    return scale.to_bytes(frames_of(outputs)[0][0].numpy()), statistics(outputs)[0].numpy().astype(np.float16)


@torch.inference_mode()
def _outputs(model: WhisperEncoder, wave: np.ndarray) -> list[Tensor]:
    return model(whisper_mel(torch.from_numpy(wave))[None].to(model.conv1.weight.dtype))


def _fix_scale(cache: Path, encoder: Path) -> None:
    """By clips spread over the clean copy; the scale only says how finely the bytes store the values."""
    model, copy = load_whisper(encoder), open_copy(cache, 0)
    chosen = np.linspace(0, len(copy.wave_ends) - 1, _SAMPLE).astype(int)
    frames = np.concatenate([frames_of(_outputs(model, copy.wave(int(index))))[0][0].numpy() for index in chosen])
    np.savez(cache / SCALE, middle=frames.mean(0), spread=frames.std(0) + 1e-3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help=DATA_HELP)
    parser.add_argument("--corpora", help=f"{SETS_HELP} (default: {SET}, or those that the cache holds)")
    parser.add_argument("--encoder", type=Path, default=SHIPPED, help="Whisper's encoder (default: the shipped one)")
    parser.add_argument("--copies", type=int, default=COPIES, help="variations besides the clean copy")
    options = parser.parse_args()
    try:
        remember_set(options.cache, options.data, options.corpora, default=SET)
    except ValueError as error:
        raise SystemExit(str(error)) from error
    for number in range(options.copies + 1):
        make_copy(options.cache, options.data, None, number)
        make_frames(options.cache, options.encoder, number)


if __name__ == "__main__":
    main()
