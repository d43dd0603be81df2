"""Fuses the readings of voice, face and words into one, whose `quality` holds the weight of each.

Log-linear pooling of the evidence: p ∝ prior · Π (p_m / prior)^(w_m·q_m / T). Every reading contains the prior of
diaries (inference/prior.py); here it counts once, and where the person's own mood shares are known
(inference/mood_shares.py), they take its place as the first factor. The weight w_m is how much of a model's skill
remained on people and recordings outside its training, the quality q_m that of this recording, picture or note. T
calibrates the whole. A weight below one also moves a single reading towards the prior; a reading that equals the prior
changes nothing.

Sources may contradict each other. What each of them alone would make of the prior is its opinion, prior · (p_m /
prior)^(w_m·q_m / T): faint where a source is unsure or counts little. Two opinions p and q are Σ p·q / prior times as
likely if both mean the same mood as if they have nothing to do with each other. Their disagreement is the negative
logarithm of that: below 0 where they agree, 0 where one of them knows nothing, and large only where both are sure, of
different moods. The doubt rises with the largest disagreement of two sources, along a logistic curve. Pooling takes all
for true at once. Where sources contradict each other, one of them is wrong, and the mean of the opinions says how
likely each mood is. The scores are a mixture of the two, by the doubt. So the stated probability falls steadily as
sources move apart, a reading stops being sure (`MOST_DOUBT`) before they contradict each other (a doubt above one
half), and a tiny change of the evidence changes little.

`python -m training.fusion.measure` measures weights, temperature, contradiction and margin.

The voice and the words of one recording may err together, because one sentence gives both. Where they do, they count
for less than two sources (`_without_overlap`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from emotions import EMOTIONS
from inference.calibration import is_sure, softmax
from inference.custom_weights import own_settings
from inference.mood_shares import NOTHING_KNOWN, MoodShares
from inference.prior import PRIOR
from reading import Reading
from settings import ASSETS

SETTINGS = ASSETS / "weights" / "fusion.json"
SOURCES = ("voice", "face", "words")
OWN_ENTRIES = "own_entries"
"""The key in a fused reading's `quality` for the number of entries whose moods counted too."""
MOST_DOUBT = 0.25
"""With more doubt no fused reading is sure; from one half on the sources contradict each other."""
_LARGEST_DIVERGENCE_OF_VERSION_1 = 0.825
"""Readings that were stored before there was a doubt contradict each other above this divergence."""


@dataclass(frozen=True)
class Settings:
    """The measured parameters of the fusion (`python -m training.fusion.measure`)."""

    version: str
    weights: Mapping[str, float]
    contradiction: float
    """The disagreement of two opinions in the middle of the curve of the doubt."""
    margin: float
    """The lead of the best mood below which the fused reading is not sure."""
    softness: float = 0.5
    """The difference of disagreement over which the doubt rises from one half to 0.73."""
    temperature: float = 1.0
    """Divides the fused log-scores, so that 80 % means right four times in five."""
    overlap: float = 0.0
    """The part of the weaker of voice and words that is nothing new where one recording gives both, from 0 to 1."""


def settings(file: Path | None = None) -> Settings:
    """The operator's own settings beside their weights (`HARU_WEIGHTS`), or the shipped ones."""
    return _read(file or own_settings(SETTINGS.name) or SETTINGS)


@cache
def _read(file: Path) -> Settings:
    found = json.loads(file.read_text(encoding="utf-8"))
    if "softness" not in found:  # its contradiction and margin were fitted for version 1, another measure
        shipped = json.loads(SETTINGS.read_text(encoding="utf-8"))
        found |= {name: shipped[name] for name in ("contradiction", "softness", "margin")}
    return Settings(
        found["version"],
        found["weights"],
        found["contradiction"],
        found["margin"],
        **{name: found[name] for name in ("softness", "temperature", "overlap") if name in found},
    )


def fuse(
    readings: Sequence[Reading],
    how: Settings | None = None,
    spoken_share: float = 0.0,
    own: MoodShares = NOTHING_KNOWN,
) -> Reading:
    """One reading of several; its `quality` holds the exponent of each source, the largest disagreement and the doubt.

    `spoken_share` is the share of the note's words that were said in the recording of the voice, `own` how often this
    person has each mood.
    """
    if not readings:
        raise ValueError("there is nothing to fuse")
    how = how or settings()
    each = _one_per_source(readings)
    # A source without a measured weight has no influence.
    exponents = {
        source: how.weights.get(source, 0.0) * _quality(reading) / how.temperature for source, reading in each.items()
    }
    overlap = how.overlap * spoken_share if {"voice", "words"} <= each.keys() else 0.0
    exponents = _without_overlap(exponents, overlap)
    fused = combine(
        np.array([_scores(each[source]) for source in each]),
        np.array([exponents[source] for source in each]),
        how,
        own.prior,
    )
    return Reading(
        scores=dict(zip(EMOTIONS, fused.scores.tolist(), strict=True)),
        # Only a source knows its own traps, such as a note with a negation or unknown words.
        sure=fused.is_sure(how) and any(reading.sure for reading in each.values()),
        quality={
            "disagreement": fused.disagreement,
            "doubt": fused.doubt,
            "weight": max(_quality(reading) for reading in each.values()),
            **({"overlap": overlap} if overlap else {}),
            **({OWN_ENTRIES: own.entries} if own.entries else {}),
            **{f"exponent_{source}": exponent for source, exponent in exponents.items()},
        },
        source="fusion",
        model=f"fusion {how.version}",
    )


@dataclass(frozen=True)
class Combined:
    """Scores of several sources together."""

    scores: np.ndarray
    disagreement: float
    """The largest of two opinions; 0 for one source."""
    doubt: float

    def is_sure(self, how: Settings) -> bool:
        return bool(is_sure(self.scores, how.margin)) and self.doubt <= MOST_DOUBT


def combine(scores: np.ndarray, exponents: np.ndarray, how: Settings, own_prior: np.ndarray = PRIOR) -> Combined:
    """(sources, seven) scores, which contain PRIOR, and the exponent of each source → the fused scores."""
    evidence = exponents[:, None] * np.log(scores / PRIOR)
    opinions = softmax(np.log(own_prior) + evidence)
    pooled = softmax(np.log(own_prior) + evidence.sum(0))
    apart = max((disagreement(*pair, own_prior) for pair in combinations(opinions, 2)), default=0.0)
    doubt = float(doubt_of(apart, how.contradiction, how.softness))
    # A source that counts more is more likely to be the one that is right.
    mean = np.average(opinions, axis=0, weights=exponents + 1e-9)
    return Combined((1 - doubt) * pooled + doubt * mean, apart, doubt)


def _without_overlap(exponents: Mapping[str, float], overlap: float) -> dict[str, float]:
    """Smaller exponents for voice and words, where the part `overlap` of the weaker one is nothing new.

    Together they weigh as much as the stronger one and the new part of the weaker one: never less than the stronger
    alone. One factor shrinks both, so the order of the moods between them stays and only the confidence falls.

    The shipped overlap is 0: on 80 Korean sentences of four actors an overlap of .2, the best for four other actors,
    had a loss of 1.022, none had 1.019. That is too little data to rule an overlap out
    (`python -m training.fusion.measure_overlap`).
    """
    pair = [exponents.get(source, 0.0) for source in ("voice", "words")]
    if not min(pair):
        return dict(exponents)
    factor = 1 - overlap * min(pair) / sum(pair)
    return {
        source: exponent * factor if source in ("voice", "words") else exponent
        for source, exponent in exponents.items()
    }


def contradict(fused: Reading) -> bool:
    """Whether the sources contradict each other; the diary then says so and asks."""
    if "doubt" not in fused.quality:
        return fused.quality["divergence"] > _LARGEST_DIVERGENCE_OF_VERSION_1
    return fused.quality["doubt"] > 0.5


def doubt_of(apart: ArrayLike, contradiction: float, softness: float) -> np.ndarray:
    """From 0 (no disagreement) to 1, along a logistic curve that begins at 0."""
    rises = np.tanh((np.maximum(apart, 0) - contradiction) / (2 * softness))
    begins = np.tanh(-contradiction / (2 * softness))
    return (rises - begins) / (1 - begins)


def disagreement(first: np.ndarray, second: np.ndarray, own_prior: np.ndarray = PRIOR) -> float:
    """Of two opinions: how much less likely they are if both mean the same mood; the logarithm of the factor."""
    return -float(np.log(np.sum(first * second / own_prior)))


def _one_per_source(readings: Sequence[Reading]) -> dict[str, Reading]:
    """One reading for each source: two of the same source are averaged, because they are no independent evidence."""
    by_source: dict[str, list[Reading]] = {}
    for reading in sorted(readings, key=lambda reading: reading.source):
        by_source.setdefault(reading.source, []).append(reading)
    return {source: average(of_source) for source, of_source in by_source.items()}


def average(readings: Sequence[Reading]) -> Reading:
    """The mean of several readings of one source, weighted by their quality."""
    if len(readings) == 1:
        return readings[0]
    qualities = np.array([_quality(reading) for reading in readings])
    scores = np.average([_scores(reading) for reading in readings], axis=0, weights=qualities + 1e-9)
    return Reading(
        dict(zip(EMOTIONS, (scores / scores.sum()).tolist(), strict=True)),
        sure=all(reading.sure for reading in readings),
        quality={"weight": float(qualities.mean())},
        source=readings[0].source,
        model=readings[0].model,
    )


def _quality(reading: Reading) -> float:
    return float(np.clip(reading.quality.get("weight", 1.0), 0, 1))


def _scores(reading: Reading) -> np.ndarray:
    # Bounded below: a score of zero would be a veto over all other sources.
    scores = np.maximum([reading.scores[emotion] for emotion in EMOTIONS], 1e-6)
    return scores / scores.sum()
