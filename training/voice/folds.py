"""Folds: the speakers or corpora that a training leaves out, never single clips.

The name of a fold: `ravdess:3` (actors 9–12), `emodb:08` (one speaker), `corpus:nemo` (all of it), `mixed:2` (every
sixth speaker of each corpus), `speakers:1/5` (every fifth speaker of each corpus, from the first on),
`none`. Several are joined by `+`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.splits import every_nth_person
from training.voice.corpora import RAVDESS_FOLDS, Clip

MIXED = 6
SHIPPED = "mixed:2"
"""The shipped recipe is measured on these speakers, chosen by the rule and not by their figures: two each of EMO-DB,
nEMO and Korean, four actors of RAVDESS. TESS has two speakers in all: it is trained on, or left out whole."""


def left_out(fold: str, clips: Sequence[Clip]) -> np.ndarray:
    """(clips): True at every clip that this fold must not be trained on."""
    out = np.zeros(len(clips), bool)
    for part in fold.split("+"):
        out |= _left_out(part, clips)
    return out


def _left_out(part: str, clips: Sequence[Clip]) -> np.ndarray:
    corpus, _, name = part.partition(":")
    speakers = np.array([clip.speaker for clip in clips])
    corpora = np.array([clip.corpus for clip in clips])
    if part == "none":
        return np.zeros(len(clips), bool)
    if corpus == "corpus" and name in corpora:
        return corpora == name
    if corpus == "ravdess" and name in {str(n + 1) for n in range(len(RAVDESS_FOLDS))}:
        return np.isin(speakers, RAVDESS_FOLDS[int(name) - 1])
    if corpus == "mixed" and name in {str(n + 1) for n in range(MIXED)}:
        return np.isin(speakers, mixed_speakers(int(name), clips))
    if corpus == "speakers":
        people = {one: {clip.speaker for clip in clips if clip.corpus == one} for one in set(corpora)}
        return np.isin(speakers, list(every_nth_person(name, people)))
    if f"{corpus}-{name}" in speakers:
        return speakers == f"{corpus}-{name}"
    raise ValueError(
        f"There is no fold {part!r}; write none, ravdess:1…6, mixed:1…6, speakers:1/5, corpus:NAME, or a speaker as in "
        "emodb:08."
    )


def mixed_speakers(number: int, clips: Sequence[Clip]) -> list[str]:
    """Four actors of RAVDESS in order, and every sixth speaker of EMO-DB, nEMO and Korean, counted by name."""
    speakers = list(RAVDESS_FOLDS[number - 1])
    for corpus in ("emodb", "nemo", "korean"):
        speakers += sorted({clip.speaker for clip in clips if clip.corpus == corpus})[number - 1 :: MIXED]
    return speakers


def speaker_folds(corpus: str, clips: Sequence[Clip]) -> list[str]:
    """Leave-one-speaker-out: a fold for each speaker; RAVDESS keeps its six folds of four."""
    if corpus == "ravdess":
        return [f"ravdess:{number + 1}" for number in range(len(RAVDESS_FOLDS))]
    speakers = sorted({clip.speaker for clip in clips if clip.corpus == corpus})
    return [f"{corpus}:{speaker.removeprefix(corpus + '-')}" for speaker in speakers]
