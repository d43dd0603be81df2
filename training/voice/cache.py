"""Makes augmented copies of every clip and saves the statistics of the frozen Whisper encoder for each.

Copy 0 is clean; copies 1… are random variations (`training.voice.augment`). The encoder takes about 20 ms a clip, the
training of a head microseconds: each copy goes through the encoder once.

    python -m training.voice.cache --data DATA --cache DIR --copies 4 [--corpora ten]

A cache holds the clips of one set of corpora. Every other command takes the set from the cache.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from ser import audio
from ser.features import whisper_mel
from ser.model import statistics
from ser.transformer import WhisperEncoder
from training.loop import computes_bf16
from training.processes import worker_processes
from training.voice import augment
from training.voice.corpora import DATA_HELP, ClipStore, remember_set
from training.voice.encoders import SHIPPED, load_whisper
from training.voice.known_corpora import SETS_HELP


@dataclass(frozen=True)
class AugmentedCopy:
    """One variation of all clips: its samples, and statistics of each layer of the encoder."""

    waves: np.ndarray
    wave_ends: np.ndarray
    statistics: np.ndarray | None
    """(clips, layers, 2 · width): mean and standard deviation of the 20 ms frames; None without an encoder."""

    def wave(self, index: int) -> np.ndarray:
        start = int(self.wave_ends[index - 1]) if index else 0
        return self.waves[start : int(self.wave_ends[index])].astype(np.float32) / 32768


def open_copy(cache: Path, number: int) -> AugmentedCopy:
    folder = cache / f"copy-{number:02d}"
    if not (folder / "done").exists():
        raise FileNotFoundError(
            f"{folder} is not finished; run `python -m training.voice.cache --cache {cache}` first."
        )
    file = folder / "statistics.npy"
    return AugmentedCopy(
        np.memmap(folder / "waves.i16", np.int16, "r"),
        np.cumsum(np.load(folder / "wave_lengths.npy")),
        np.load(file) if file.exists() else None,
    )


@lru_cache(maxsize=1)
def _worker(cache: str, root: str, encoder: str | None) -> tuple[ClipStore, WhisperEncoder | None]:
    torch.set_num_threads(1)
    encoder_model = load_whisper(Path(encoder)) if encoder else None
    if encoder_model and computes_bf16(torch.device("cpu")):
        encoder_model.bfloat16()
    return ClipStore(Path(cache), Path(root)), encoder_model


def _babble(store: ClipStore) -> augment.Noises:
    """Background of several other clips at once, one of them backwards."""

    def babble(rng: np.random.Generator, size: int) -> np.ndarray:
        voices = [audio.at_common_level(store.wave(int(i))) for i in rng.integers(0, len(store), rng.integers(2, 6))]
        voices[0] = voices[0][::-1]
        return np.sum([np.resize(voice, size) for voice in voices], axis=0).astype(np.float32)

    return babble


def _process(job: tuple[str, str, str | None, int, int, tuple[str, ...]]) -> tuple[np.ndarray, np.ndarray | None]:
    cache, root, encoder_file, number, index, without = job
    store, encoder = _worker(cache, root, encoder_file)
    wave = audio.at_common_level(store.wave(index))
    if number:
        rng = np.random.default_rng([number, index])
        wave = audio.at_common_level(augment.vary(wave, rng, without, _babble(store)))
    wave = np.clip(wave, -1, 1)
    samples = (wave * 32767).astype(np.int16)
    if encoder is None:
        return samples, None
    with torch.inference_mode():
        outputs = encoder(whisper_mel(torch.from_numpy(wave))[None].to(encoder.conv1.weight.dtype))
        features = statistics(outputs)[0]
    return samples, features.numpy().astype(np.float16)


def make_copy(cache: Path, root: Path, encoder: Path | None, number: int, without: tuple[str, ...] = ()) -> None:
    """Makes one copy; without an encoder only its waves, which image networks and fine-tuning need."""
    folder = cache / f"copy-{number:02d}"
    if (folder / "done").exists():
        return
    store = ClipStore(cache, root)
    folder.mkdir(parents=True, exist_ok=True)
    lengths, features = [], []
    encoder_model = str(encoder) if encoder else None
    jobs = [(str(cache), str(root), encoder_model, number, index, without) for index in range(len(store))]
    with worker_processes() as pool, (folder / "waves.i16").open("wb") as waves:
        for wave, statistic in pool.map(_process, jobs, chunksize=min(32, 1 + len(jobs) // 16)):
            waves.write(wave.tobytes())
            lengths.append(len(wave))
            features.append(statistic)
    np.save(folder / "wave_lengths.npy", lengths)
    if encoder:
        np.save(folder / "statistics.npy", np.stack(features))
    (folder / "done").touch()
    print(f"copy {number}: {len(store)} clips", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help=DATA_HELP)
    parser.add_argument("--corpora", help=f"{SETS_HELP} (default: five, or those that the cache holds)")
    parser.add_argument("--encoder", type=Path, default=SHIPPED, help="Whisper's encoder (default: the shipped one)")
    parser.add_argument("--copies", type=int, default=4, help="variations besides the clean copy")
    parser.add_argument(
        "--without", nargs="*", default=[], choices=list(augment.CHANCES), help="switch augmentations off"
    )
    options = parser.parse_args()
    try:
        remember_set(options.cache, options.data, options.corpora)
    except ValueError as error:
        raise SystemExit(str(error)) from error
    for number in range(options.copies + 1):
        make_copy(options.cache, options.data, options.encoder, number, tuple(options.without))


if __name__ == "__main__":
    main()
