"""Folds: the speakers or corpora that a training leaves out, never single clips.

The name of a fold: `ravdess:3` (actors 9–12), `emodb:08` (one speaker), `ased:2/5` (every fifth speaker of a corpus),
`corpus:nemo` (all of it), `korean:em` (the actors whose words give no mood away), `mixed:2` (every sixth speaker of
four corpora), `everyone:2` (the same, and every sixth speaker of the other corpora but TESS), `turn:3` (one speaker or
part of each corpus but TESS, so that ten trainings leave everybody out once), `speakers:1/5` (every fifth speaker of
each corpus, from the first on), `none`. Several are joined by `+`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.splits import every_nth_person
from training.voice.corpora import RAVDESS_FOLDS, Clip
from training.voice.known_corpora import KNOWN

MIXED = 6
_NUMBERS = frozenset(str(number + 1) for number in range(MIXED))
_BY_NAME = ("emodb", "nemo", "korean")
SAME_SENTENCES = ("korean-ema", "korean-emf", "korean-emg")
"""The Korean actors who say the same sentences in all moods: only their voices tell the mood. The other five read
sentences that suit it, and a recogniser of words would do as well."""
TURNS = 10
"""As many as EMO-DB has speakers; no other corpus that leaves out one speaker at a time has more."""
SHIPPED = "everyone:2+cremad:1063+cremad:1078"
"""The shipped weights are measured on these speakers, chosen by the rule and not by their figures: two each of EMO-DB,
nEMO and Korean, four actors of RAVDESS, every sixth speaker of the others. TESS has two speakers in all: it is trained
on, or left out whole. The last two speak in the demo, whose readings must not be remembered ones."""


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
    if corpus == "mixed" and name in _NUMBERS:
        return np.isin(speakers, mixed_speakers(int(name), clips))
    if corpus == "everyone" and name in _NUMBERS:
        return np.isin(speakers, speakers_of_everyone(int(name), clips))
    if corpus == "turn" and name in {str(number + 1) for number in range(TURNS)}:
        return np.isin(speakers, speakers_of_turn(int(name), clips))
    if part == "korean:em":
        return np.isin(speakers, SAME_SENTENCES)
    if corpus == "speakers" or (corpus in corpora and "/" in name):
        chosen = sorted(set(corpora)) if corpus == "speakers" else [corpus]
        return np.isin(speakers, list(every_nth_person(name, {one: _people(one, clips) for one in chosen})))
    if f"{corpus}-{name}" in speakers:
        return speakers == f"{corpus}-{name}"
    raise ValueError(
        f"There is no fold {part!r}; write none, ravdess:1…6, mixed:1…6, everyone:1…6, turn:1…10, speakers:1/5, "
        "corpus:NAME, a part of a corpus as in ased:1/5, or a speaker as in emodb:08."
    )


def _people(corpus: str, clips: Sequence[Clip]) -> set[str]:
    return {clip.speaker for clip in clips if clip.corpus == corpus}


def mixed_speakers(number: int, clips: Sequence[Clip]) -> list[str]:
    """Four actors of RAVDESS in order, and every sixth speaker of EMO-DB, nEMO and Korean, counted by name."""
    speakers = list(RAVDESS_FOLDS[number - 1])
    for corpus in _BY_NAME:
        speakers += sorted(_people(corpus, clips))[number - 1 :: MIXED]
    return speakers


def speakers_of_everyone(number: int, clips: Sequence[Clip]) -> list[str]:
    """Those of `mixed_speakers`, and every sixth of each other corpus; TESS has two in all, and none is left out."""
    others = sorted({clip.corpus for clip in clips} - {"ravdess", "tess", *_BY_NAME})
    people = {corpus: _people(corpus, clips) for corpus in others}
    return [*mixed_speakers(number, clips), *sorted(every_nth_person(f"{number}/{MIXED}", people))]


def speakers_of_turn(number: int, clips: Sequence[Clip]) -> list[str]:
    """Four actors of RAVDESS while there are some, one speaker of the other corpora of few people by name, a tenth of
    the people of the others by a hash.
    """
    found = list(RAVDESS_FOLDS[number - 1]) if number <= len(RAVDESS_FOLDS) else []
    corpora = sorted({clip.corpus for clip in clips} - {"ravdess", "tess"})
    people = {corpus: sorted(_people(corpus, clips)) for corpus in corpora}
    few = [corpus for corpus, names in people.items() if len(names) <= TURNS]
    found += [people[corpus][number - 1] for corpus in few if number <= len(people[corpus])]
    many = {corpus: set(names) for corpus, names in people.items() if corpus not in few}
    return [*found, *sorted(every_nth_person(f"{number}/{TURNS}", many))]


def turns_with(corpus: str, clips: Sequence[Clip]) -> list[str]:
    """The turns that leave out somebody of a corpus; together they leave out all of its people."""
    mine = np.array([clip.corpus == corpus for clip in clips])
    folds = [f"turn:{number + 1}" for number in range(TURNS)]
    return [fold for fold in folds if (left_out(fold, clips) & mine).any()]


def speaker_folds(corpus: str, clips: Sequence[Clip]) -> list[str]:
    """The folds of a cross-validation of one corpus: a fold for each speaker; RAVDESS keeps its six folds of four.

    Corpora of many speakers are divided into parts (`Corpus.parts`) by a hash of the names.
    """
    if corpus == "ravdess":
        return [f"ravdess:{number + 1}" for number in range(len(RAVDESS_FOLDS))]
    parts = KNOWN[corpus].parts if corpus in KNOWN else None
    if parts:
        return [f"{corpus}:{number + 1}/{parts}" for number in range(parts)]
    return [f"{corpus}:{speaker.removeprefix(corpus + '-')}" for speaker in sorted(_people(corpus, clips))]
