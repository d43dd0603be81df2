"""Spoken clips for the benchmarks: of a folder of labelled corpora, or the demo's generated voices."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from demo import samples
from ser import audio
from ser.audio import SAMPLE_RATE

DATA_HELP = "folder with labels.csv (columns path, corpus, language, label, speaker, text) and the clips it names"
CORPUS = "korean"
_PAUSE = np.zeros(SAMPLE_RATE // 2, np.float32)


@dataclass(frozen=True)
class Speech:
    """What the benchmarks of speed write down."""

    short: bytes
    """About 5 s, as a WAV file."""
    long: bytes
    """60 s: several clips of one speaker with pauses between them."""
    short_seconds: float
    long_seconds: float
    source: str
    """Where the speech is from."""


def labelled(data: Path, corpus: str) -> list[dict[str, str]]:
    """The rows of one corpus. Raises SystemExit with a sentence where the folder has none."""
    file = data / "labels.csv"
    if not file.is_file():
        raise SystemExit(f"{data} has no labels.csv; name the folder that holds the corpora.")
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["corpus"] == corpus]
    if not rows:
        raise SystemExit(f"{file} names no clip of the corpus {corpus}.")
    return rows


def speech(data: Path | None, seconds: float = 5.0, longest: float = 60.0) -> Speech:
    """Korean clips of the folder; without one, the demo's generated voice (the Korean one is not made out)."""
    if data is None:
        waves = [audio.decode(samples.voice("en"))]
        source = "a generated voice"
    else:
        rows = labelled(data, CORPUS)
        speaker = rows[0]["speaker"]
        waves = [audio.decode(data / row["path"]) for row in rows if row["speaker"] == speaker]
        source = f"{CORPUS}, {speaker}"
    short = min(waves, key=lambda wave: abs(wave.size / SAMPLE_RATE - seconds))
    long = _in_a_row(waves, longest)
    return Speech(_wav(short), _wav(long), short.size / SAMPLE_RATE, long.size / SAMPLE_RATE, source)


def _in_a_row(waves: list[np.ndarray], seconds: float) -> np.ndarray:
    size, pieces, samples_so_far = int(seconds * SAMPLE_RATE), [], 0
    while samples_so_far < size:
        piece = waves[len(pieces) // 2 % len(waves)] if len(pieces) % 2 == 0 else _PAUSE
        pieces.append(piece)
        samples_so_far += piece.size
    return np.concatenate(pieces)[:size]


def _wav(wave: np.ndarray) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, wave, SAMPLE_RATE, format="WAV")
    return file.getvalue()
