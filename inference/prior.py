"""One prior of the moods for every recogniser: how often a diary entry has each of the seven.

The scores of a classifier contain the class shares of its training set. FER+ is two fifths neutral, voice corpora have
as many of each, and the words model is calibrated for equal shares. A diary has other shares, so these scores are wrong
for it even where the classifier is perfect. By Bayes' rule the shares divide out:

    scores for a diary ∝ (scores / class shares)^(1/T) · PRIOR

T is how far the evidence must be flattened on inputs like a diary's. Every recogniser uses the same PRIOR, and the
fusion counts it once, however many sources it has (understanding/fusion.py).

**Where PRIOR comes from.** `DIARIES` are the shares of 499 real diary entries whose own authors ticked how they felt
(Lemotif, Li et al. 2020; half of them, chosen by a hash; the other half only measures). Two thirds are happiness.
But they come from one source, whose writers were asked for what mattered to them, and a diary that always says "happy"
is useless to a person with a bad week. Equal shares are the other extreme: nobody is as often disgusted as happy.
PRIOR is the geometric middle of both, normalised. Of all distributions it has the smallest largest divergence from the
two (their Chernoff point lies at .49), so it is never far off for either kind of person. Published shares lie between
as well: 11,000 people felt positive emotions 2.5 times as often as negative ones, joy most often of all (Trampe,
Quoidbach & Taquet 2015, "Emotions in Everyday Life", PLoS ONE 10(12)); `DIARIES` say 4.9 times, PRIOR 1.1 times.

`python -m training.fusion.fit_prior` counts the shares and fits the rest, which is in assets/weights/prior.json. Its
numbers belong to named weights: other weights, such as an operator's own, keep their scores unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from emotions import EMOTIONS
from inference.calibration import softmax
from settings import ASSETS

FILE = ASSETS / "weights" / "prior.json"

DIARIES: Mapping[str, float] = {
    "happiness": 0.653,
    "surprise": 0.027,
    "neutral": 0.171,
    "fear": 0.060,
    "disgust": 0.007,
    "anger": 0.054,
    "sadness": 0.029,
}
"""The shares of the moods in diary entries."""
_HALFWAY = np.sqrt([DIARIES[mood] for mood in EMOTIONS])
PRIOR: np.ndarray = _HALFWAY / _HALFWAY.sum()
"""How often an entry of a person about whom nothing is known has each of `EMOTIONS`."""
PRIOR.setflags(write=False)


@dataclass(frozen=True)
class Adaptation:
    """Turns the scores of certain weights into scores for a diary; the default changes nothing."""

    shares: tuple[float, ...] = tuple(PRIOR.tolist())
    """The class shares that the scores contain."""
    temperature: float = 1.0
    """Divides the evidence, which is the logarithm of scores over shares."""

    def apply(self, scores: ArrayLike) -> np.ndarray:
        """(…, seven) scores → scores for a diary."""
        evidence = np.log(np.maximum(scores, 1e-9)) - np.log(self.shares)
        return softmax(evidence / self.temperature + np.log(PRIOR))

    def mixed(self, other: Adaptation, share: float) -> Adaptation:
        """Between this one (`share` 0) and the other (1), for a text in two languages."""
        logs = (1 - share) * np.log(self.shares) + share * np.log(other.shares)
        return Adaptation(tuple(softmax(logs).tolist()), (1 - share) * self.temperature + share * other.temperature)


@dataclass(frozen=True)
class ForDiaries:
    """The adaptations of one recogniser, and when its readings of diaries are sure."""

    version: str
    adaptations: Mapping[str, Adaptation]
    """By language for words; else the one for all inputs is `all`. The voice has one for recordings unlike its
    training data too, `strange`."""
    margins: Mapping[str, float]
    """How far the best score must lead, under the name `all`."""

    def named(self, model: str) -> str:
        """The name that readings store: other scores need another name."""
        return f"{model} + prior {self.version}"


def of(source: str, model: str, file: Path | None = None) -> ForDiaries | None:
    """What was fitted for these weights; None for others, whose scores stay as they are.

    The words have two entries: `words`, and `words_free` for the freely licensed weights.
    """
    entries = _read(file or FILE)
    named = (entries[name] for name in (source, f"{source}_free") if name in entries)
    found = next((entry for entry in named if entry["model"] == model), None)
    if found is None:
        return None
    return ForDiaries(
        str(found["version"]),
        {
            name: Adaptation(tuple(each["shares"][mood] for mood in EMOTIONS), each["temperature"])
            for name, each in found["adaptations"].items()
        },
        found["margins"],
    )


@cache
def _read(file: Path) -> Mapping[str, Mapping]:
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
