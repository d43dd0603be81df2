"""Extracts the sound of AI Hub's actors' films into one folder (16 kHz, mono, 16 bits), with a table and a report.

Called by `python -m training.voice.corpora flatten SOURCE TARGET`. You can stop it at any moment; the same
command continues with the missing files.
"""

from __future__ import annotations

import csv
import wave
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from reading import Refusal
from ser import audio
from training.datasets import aihub_films
from training.datasets.layouts import Example, counted, not_found
from training.processes import worker_processes

COLUMNS = ("path", "corpus", "language", "label", "original_label", "speaker", "gender", "intensity", "text")


def flatten(source: Path, target: Path, workers: int | None = None, progress: bool = True) -> str:
    """Writes {actor}_{number}.wav, labels.csv and report.txt into `target`; returns the report."""
    found = aihub_films.actors(source)
    if source.resolve() == target.resolve():
        raise not_found(target, "another folder than the films' own to write into")
    target.mkdir(parents=True, exist_ok=True)
    films: dict[str, Example] = {}
    for example in found.examples:
        films.setdefault(flat_name(example), example)
    jobs = [(str(example.path), str(target / name)) for name, example in films.items()]
    waiting = [job for job in jobs if not Path(job[1]).exists()]
    refused = _sound_of(waiting, workers, progress)
    made = {name: example for name, example in films.items() if (target / name).exists()}
    _write_table(made, target / "labels.csv")
    report = _report(found.remarks, films, made, refused, len(found.examples) - len(films), len(jobs) - len(waiting))
    (target / "report.txt").write_text(report + "\n", encoding="utf-8")
    return report


def flat_name(example: Example) -> str:
    return f"{example.person.removeprefix('aihub-')}_{int(example.original_label):03d}.wav"


def _sound_of(jobs: Sequence[tuple[str, str]], workers: int | None, progress: bool) -> dict[str, Refusal]:
    if not jobs:
        return {}
    refused = {}
    with worker_processes(workers) as pool:
        answers = pool.map(_extract, jobs, chunksize=min(16, 1 + len(jobs) // 16))
        if progress:
            from tqdm import tqdm

            answers = tqdm(answers, total=len(jobs), unit="film", mininterval=2)
        for (film, _), refusal in zip(jobs, answers, strict=True):
            if refusal:
                refused[film] = refusal
    return refused


def _extract(job: tuple[str, str]) -> Refusal | None:
    film, target = job
    try:
        sound = audio.decode(film)
    except Refusal as refusal:
        return refusal
    unfinished = Path(target).with_suffix(".part")
    with wave.open(str(unfinished), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(audio.SAMPLE_RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    unfinished.replace(target)  # a stop in the middle leaves no half file under the final name
    return None


def _write_table(made: dict[str, Example], file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        for name, example in sorted(made.items()):
            writer.writerow([name, "aihub", "ko", example.label, example.original_label, example.person, "", "", ""])


def _report(
    remarks: Sequence[str], films: dict, made: dict[str, Example], refused: dict[str, Refusal], doubled: int, had: int
) -> str:
    counts = Counter(example.label for example in made.values())
    people = len({example.person for example in made.values()})
    lines = [
        f"{len(made)} of {len(films)} films converted ({had} of them in an earlier run), {people} actors",
        ", ".join(f"{mood} {count}" for mood, count in sorted(counts.items())),
        *remarks,
    ]
    if doubled:
        lines.append(f"numbers that an actor has twice: {doubled}; only the first film is used")
    if refused:
        lines.append(f"{counted(refused, 'film')} that could not be read:")
        lines += [f"  {film}: {refusal}" for film, refusal in refused.items()]
    return "\n".join(lines)
