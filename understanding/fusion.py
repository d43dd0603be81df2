"""Fuses the readings of voice, face and words into one, whose `quality` holds the weight of each.

Log-linear pooling: p ∝ (Π p_m^(w_m·q_m))^(1/T). The weight w_m is how much of a model's skill remained on people and
recordings outside its training, the quality q_m that of this recording, picture or note. T calibrates the whole.
`python -m training.fusion.measure` measures weights and temperature. A weight below one also flattens a single reading;
a uniform reading changes nothing.

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

from emotions import EMOTIONS
from inference.custom_weights import own_settings
from reading import Reading
from settings import ASSETS

SETTINGS = ASSETS / "weights" / "fusion.json"
SOURCES = ("voice", "face", "words")


@dataclass(frozen=True)
class Settings:
    """The measured parameters of the fusion (`python -m training.fusion.measure`)."""

    version: str
    weights: Mapping[str, float]
    contradiction: float
    """The Jensen-Shannon divergence above which two readings contradict each other."""
    margin: float
    """The lead of the best mood below which the fused reading is not sure."""
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
    return Settings(
        found["version"],
        found["weights"],
        found["contradiction"],
        found["margin"],
        found.get("temperature", 1.0),
        found.get("overlap", 0.0),
    )


def fuse(readings: Sequence[Reading], how: Settings | None = None, spoken_share: float = 0.0) -> Reading:
    """One reading of several; its `quality` holds the exponent of each source and the largest divergence.

    `spoken_share` is the share of the note's words that were said in the recording of the voice.
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
    logs = np.sum([exponents[source] * np.log(_scores(reading)) for source, reading in each.items()], axis=0)
    scores = np.exp(logs - logs.max())
    scores /= scores.sum()
    divergence = largest_divergence(list(each.values()))
    ordered = np.sort(scores)
    return Reading(
        scores=dict(zip(EMOTIONS, scores.tolist(), strict=True)),
        sure=bool(
            ordered[-1] - ordered[-2] >= how.margin
            and divergence <= how.contradiction
            and any(reading.sure for reading in each.values())
        ),
        quality={
            "divergence": divergence,
            "weight": max(_quality(reading) for reading in each.values()),
            **({"overlap": overlap} if overlap else {}),
            **{f"exponent_{source}": exponent for source, exponent in exponents.items()},
        },
        source="fusion",
        model=f"fusion {how.version}",
    )


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


def contradict(fused: Reading, how: Settings | None = None) -> bool:
    """Whether the sources contradict each other; the diary then says so and asks."""
    return fused.quality["divergence"] > (how or settings()).contradiction


def largest_divergence(readings: Sequence[Reading]) -> float:
    """The largest Jensen-Shannon divergence between any two readings."""
    pairs = combinations([_scores(reading) for reading in readings], 2)
    return max((divergence(first, second) for first, second in pairs), default=0.0)


def divergence(first: np.ndarray, second: np.ndarray) -> float:
    """The Jensen-Shannon divergence, from 0 (equal) to 1 (nothing in common)."""
    middle = (first + second) / 2
    each = [float(np.sum(p * np.log2(p / middle))) for p in (first, second)]
    return float(np.clip(sum(each) / 2, 0, 1))


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
