"""Labelled clips of the corpora, and a store of decoded clips that all voice trainings share.

python -m training.voice.corpora flatten SOURCE TARGET
    extracts the sound of AI Hub's films of actors (set 259), ready to train on
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from reading import Refusal
from ser import audio
from ser.members import LABELS, WITH_CONTEMPT
from training.datasets.emotale import place_on_plane
from training.processes import worker_processes
from training.progress import progress_bar
from training.resumable import map_in_chunks
from training.voice.known_corpora import KNOWN, check_complete, set_named

DATA_HELP = (
    "folder with labels.csv (columns path, corpus, language, label, speaker, gender, text; intensity if known) and the "
    "clips it names, for example RAVDESS, EMO-DB, nEMO and TESS together"
)
NINE: tuple[str, ...] = LABELS
"""The classes of a training: the diary's seven first, then `calm` (only in RAVDESS) and `boredom` (only in EMO-DB).
The app adds calm to neutral and leaves boredom out. So one model fits every corpus in its own classes."""
NO_LANGUAGE = "none"
_TO_SEVEN = {**{name: name for name in EMOTIONS}, "calm": "neutral"}

RAVDESS_FOLDS: tuple[tuple[str, ...], ...] = tuple(
    tuple(f"ravdess-{actor:02d}" for actor in range(first, first + 4)) for first in range(1, 25, 4)
)


@dataclass(frozen=True)
class Clip:
    """One labelled recording."""

    path: str
    corpus: str
    language: str
    label: str
    speaker: str
    gender: str
    text: str
    votes: tuple[tuple[str, float], ...] = ()
    """(label, share) pairs, where several people labelled it."""
    plane: tuple[float, float] | None = None
    """Valence and arousal, -1…1, where raters gave them."""
    start: float | None = None
    end: float | None = None
    """Seconds, where the clip is a part of its file."""
    intensity: str = ""
    """How strongly the mood was to be acted, where the corpus says so (`known_corpora.Corpus.intensities`)."""

    @property
    def is_speech(self) -> bool:
        """False for bursts such as laughs, which have no language."""
        return self.language != NO_LANGUAGE

    @property
    def shares(self) -> dict[str, float]:
        """The votes, or the label with the whole share."""
        return dict(self.votes) or {self.label: 1.0}

    @property
    def mood(self) -> str | None:
        """Its label among the seven, or None."""
        return _TO_SEVEN.get(self.label)


def label_names(clips: Sequence[Clip]) -> tuple[str, ...]:
    """The classes of a training on these clips: the nine, and contempt where it occurs."""
    return WITH_CONTEMPT if any("contempt" in clip.shares for clip in clips) else NINE


def vote_shares(clips: Sequence[Clip], names: Sequence[str] = NINE) -> np.ndarray:
    """(clips, classes): the share of each answer, one in all."""
    shares = np.zeros((len(clips), len(names)), np.float32)
    for row, clip in zip(shares, clips, strict=True):
        for name, share in clip.shares.items():
            row[names.index(name)] = share
    return shares / shares.sum(1, keepdims=True)


def neutral_includes_calm(clips: Sequence[Clip]) -> np.ndarray:
    """(clips): True where neutral may mean calm as well: only RAVDESS asked its actors for both."""
    return np.array([clip.corpus != "ravdess" for clip in clips])


def planes(clips: Sequence[Clip]) -> np.ndarray:
    """(clips, 2): valence and arousal, NaN where there is no rating."""
    return np.array([clip.plane or (np.nan, np.nan) for clip in clips], np.float32).reshape(-1, 2)


def targets(clips: Sequence[Clip], names: Sequence[str] = NINE) -> np.ndarray:
    """(clips, classes): True at every class that would be a right answer."""
    right = vote_shares(clips, names) > 0
    right[:, names.index("calm")] |= right[:, names.index("neutral")] & neutral_includes_calm(clips)
    return right


def classes_of(corpus: str, clips: Sequence[Clip], names: Sequence[str] | None = None) -> np.ndarray:
    """(classes): True at the classes a corpus has."""
    return np.any(targets([clip for clip in clips if clip.corpus == corpus], names or label_names(clips)), axis=0)


def shares(clips: Sequence[Clip], power: float = 1.0) -> np.ndarray:
    """The share of draws of each clip: all corpora and their classes alike (`power` 1), or as they come (0)."""
    keys = np.array([f"{clip.corpus}/{clip.label}" for clip in clips])
    _, member, counts = np.unique(keys, return_inverse=True, return_counts=True)
    share = counts[member].astype(float) ** -power
    return share / share.sum()


def read_clips(root: Path, which: str = "all") -> list[Clip]:
    """The clips of a table: all, or a set of `known_corpora.SETS`, or the corpora that `which` names.

    Ratings of arousal and valence are read where they lie beside the table.
    """
    chosen = set_named(which)
    with (root / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    corpora = {row["corpus"] for row in rows}
    check_complete(chosen, corpora, root / "labels.csv")
    rated = {path: plane for corpus in corpora for path, plane in _rated(root, corpus).items()}
    return [
        _clip(row | {"label": chosen.label_of(row["corpus"], row["label"])}, rated)
        for row in rows
        if chosen.holds(row["corpus"], row["label"], row["path"])
    ]


def remember_set(cache: Path, root: Path, which: str | None, default: str = "five") -> None:
    """Notes in a new cache which set it will hold; a cache that was begun keeps its own.

    Raises ValueError where it holds another set, or the table does not hold the set.
    """
    begun = (cache / _SET_FILE).exists() or (cache / "clips.npy").exists()
    held = _set_of(cache) if begun else None
    if held and which and which != held:
        raise ValueError(f"{cache} holds the clips of the set {held}; name another folder for {which}.")
    chosen = held or which or default
    read_clips(root, chosen)
    if not begun:
        cache.mkdir(parents=True, exist_ok=True)
        (cache / _SET_FILE).write_text(chosen, encoding="utf-8")


def clips_of_cache(cache: Path, root: Path, which: str | None = None) -> list[Clip]:
    """The clips that a cache was made of, in its order; `which` labels them as another set does.

    Raises ValueError where the cache holds another set, and not all clips of the table.
    """
    held = _set_of(cache)
    if which in (None, held):
        return read_clips(root, held)
    if held != "all":
        raise ValueError(f"{cache} holds the set {held} alone; {which} needs a cache of its own or of all clips.")
    chosen, clips = set_named(which), read_clips(root)
    check_complete(chosen, {clip.corpus for clip in clips}, root / "labels.csv")
    return [replace(clip, label=chosen.label_of(clip.corpus, clip.label)) for clip in clips]


def held_by(which: str | None, clips: Sequence[Clip]) -> np.ndarray:
    """(clips): True where a set holds the clip."""
    chosen = set_named(which or "all")
    return np.array([chosen.holds(clip.corpus, clip.label, clip.path) for clip in clips], bool)


def _set_of(cache: Path) -> str:
    file = cache / _SET_FILE
    return file.read_text(encoding="utf-8").strip() if file.is_file() else "all"


_SET_FILE = "corpora.txt"
_REQUIRED = ("path", "corpus", "language", "label", "speaker", "gender", "text")
_OPTIONAL = ("votes", "valence", "arousal", "start", "end", "intensity")
_NUMBERS = ("valence", "arousal", "start", "end")


def _clip(row: Mapping[str, str], rated: Mapping[str, tuple[float, float]]) -> Clip:
    numbers = {name: float(row[name]) if row.get(name) else None for name in _NUMBERS}
    valence, arousal = numbers["valence"], numbers["arousal"]
    return Clip(
        **{name: row[name] for name in _REQUIRED},
        votes=tuple(json.loads(row.get("votes") or "{}").items()),
        plane=rated.get(row["path"]) if valence is None or arousal is None else (valence, arousal),
        start=numbers["start"],
        end=numbers["end"],
        intensity=row.get("intensity") or "",
    )


def _rated(root: Path, corpus: str) -> dict[str, tuple[float, float]]:
    """Valence and arousal of each clip of a corpus, -1…1, where its listeners' ratings lie beside the table."""
    file = root / KNOWN[corpus].ratings if corpus in KNOWN and KNOWN[corpus].ratings else None
    if file is None or not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    return {row["path"]: place_on_plane(float(row["valence"]), float(row["arousal"])) for row in rows}


def write_clips(clips: Iterable[Clip], file: Path) -> None:
    """As `read_clips` reads them."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow((*_REQUIRED, *_OPTIONAL))
        for clip in clips:
            valence, arousal = clip.plane or ("", "")
            votes = json.dumps(dict(clip.votes), ensure_ascii=False) if clip.votes else ""
            part = ("" if edge is None else edge for edge in (clip.start, clip.end))
            required = (getattr(clip, name) for name in _REQUIRED)
            writer.writerow([*required, votes, valence, arousal, *part, clip.intensity])


class ClipStore:
    """Every clip decoded once, trimmed, as 16-bit samples in one memory-mapped file."""

    def __init__(self, cache: Path, root: Path) -> None:
        self.clips = clips_of_cache(cache, root)
        self.root = root
        samples, lengths = cache / "clips.i16", cache / "clips.npy"
        if not lengths.exists():
            refused = fill_store(self.clips, root, cache)
            if refused:
                lengths.unlink()
                path, refusal = next(iter(refused.items()))
                raise ValueError(f"{len(refused)} clips of {root} cannot be read, {path} first: {refusal}")
        self._ends = np.cumsum(np.load(lengths))
        if len(self._ends) != len(self.clips):
            raise ValueError(f"{cache} was made from other clips than {root}; delete it and run again.")
        self._samples = np.memmap(samples, np.int16, "r")

    def __len__(self) -> int:
        return len(self.clips)

    def wave(self, index: int) -> np.ndarray:
        end = int(self._ends[index])
        start = int(self._ends[index - 1]) if index else 0
        return self._samples[start:end].astype(np.float32) / 32768


def fill_store(clips: Sequence[Clip], root: Path, cache: Path, show_progress: bool = False) -> dict[Clip, Refusal]:
    """Decodes every clip into the store of the cache; returns the clips that cannot be read, and why."""
    cache.mkdir(parents=True, exist_ok=True)
    jobs = [(str(root / clip.path), clip.start, clip.end) for clip in clips]
    lengths, refused, chunks = [], {}, cache / "chunks"
    with worker_processes() as pool, (cache / "clips.i16").open("wb") as file:
        answers = map_in_chunks(jobs, lambda part: pool.map(_load_i16, part, chunksize=1 + len(part) // 16), chunks)
        for clip, answer in zip(
            clips, progress_bar(answers, len(jobs), "clip") if show_progress else answers, strict=True
        ):
            if isinstance(answer, Refusal):
                refused[clip] = answer
                continue
            file.write(answer.tobytes())
            lengths.append(len(answer))
    np.save(cache / "clips.npy", np.array(lengths, np.int64))
    shutil.rmtree(chunks, ignore_errors=True)
    return refused


def load_part(path: Path, start: float | None = None, end: float | None = None) -> np.ndarray:
    """A clip, or the part of a film that is one, as `ser.audio.load` gives it."""
    if start is None or end is None:
        return audio.load(path)
    whole = _decoded(str(path))
    wave = audio.trim(whole[max(0, int(start * audio.SAMPLE_RATE)) : int(end * audio.SAMPLE_RATE)])
    if not wave.size:
        raise Refusal("silent", f"There is no sound in {path.name} from {start:.1f} to {end:.1f} s.")
    return wave


@lru_cache(maxsize=1)
def _decoded(path: str) -> np.ndarray:
    """Cached, since the utterances of one film follow one another."""
    return audio.decode(path)


def _load_i16(job: tuple[str, float | None, float | None]) -> np.ndarray | Refusal:
    path, start, end = job
    try:
        wave = load_part(Path(path), start, end)
    except Refusal as refusal:
        return refusal
    if not wave.size:
        return Refusal("silent", "There is no sound in it.")
    return (np.clip(wave, -1, 1) * 32767).astype(np.int16)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    flatten = commands.add_parser("flatten", help="extract the sound of each film, with labels.csv and a report")
    flatten.add_argument("source", type=Path, help="the folder that holds 0~9, 10~19, …")
    flatten.add_argument("target", type=Path)
    flatten.add_argument("--workers", type=int, help="processes (default: one a core)")
    options = parser.parse_args()
    from training.datasets.layouts import LayoutError
    from training.voice import flatten as flattening

    try:
        print(flattening.flatten(options.source, options.target, options.workers))
    except LayoutError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
