"""Spoken clips whose words are known, in two halves by speaker: the decoding is chosen on one half only."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from training.voice.corpora import Clip, read_clips

Half = Literal["report", "tuning", "all"]
HALVES: tuple[Half, ...] = ("report", "tuning", "all")
CORPORA = ("korean", "cremad", "ravdess")
TUNED_ON = ("korean", "cremad")
"""The corpora with two halves. Nothing is chosen on the others, so all of their clips are reported."""


def spoken_clips(data: Path, corpus: str, half: Half = "all") -> list[Clip]:
    """The clips of a corpus that have a text; of those in `TUNED_ON`, one half of the speakers or all.

    Raises SystemExit with a sentence where there are none.
    """
    if not (data / "labels.csv").is_file():
        raise SystemExit(f"{data} has no labels.csv; name the folder that holds the corpora.")
    clips = [clip for clip in read_clips(data) if clip.corpus == corpus and clip.text.strip()]
    if not clips:
        raise SystemExit(f"{data} has no clips with a text of the corpus {corpus}.")
    return of_half(clips, half) if corpus in TUNED_ON else clips


def of_half(clips: Sequence[Clip], half: Half) -> list[Clip]:
    """`tuning` is every second speaker by name, beginning with the first; `report` is the others."""
    tuning = set(sorted({clip.speaker for clip in clips})[::2])
    return [clip for clip in clips if half == "all" or (clip.speaker in tuning) == (half == "tuning")]


def some(clips: Sequence[Clip], most: int | None) -> list[Clip]:
    """At most so many clips, drawn the same way every time; all of them without a limit."""
    if most is None or most >= len(clips):
        return list(clips)
    drawn = random.Random(0).sample(range(len(clips)), most)
    return [clips[at] for at in sorted(drawn)]
