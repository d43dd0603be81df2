"""Voice, face and words become one reading, which says in numbers how it came about.

Log-linear: p ∝ (Π p_m^(w_m·q_m))^(1/T). The weight w_m says how much of a model's skill was still there on people and
recordings it had never met, the quality q_m how good this very clip, picture or line was, the temperature T how sure
the whole may be of itself. Weights and temperature are measured (`python -m training.fusion.measure`). A model that may
not be trusted far is flattened, so a lone reading is never surer than its model has earned; a uniform one changes
nothing; a missing one is simply absent.
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

SETTINGS = Path(__file__).resolve().parents[1] / "assets" / "weights" / "fusion.json"
SOURCES = ("voice", "face", "words")


@dataclass(frozen=True)
class Settings:
    """What was measured; `python -m training.fusion.measure` tells how."""

    version: str
    weights: Mapping[str, float]
    contradiction: float
    """Jensen-Shannon divergence beyond which two readings say different things."""
    margin: float
    """Lead of the best mood under which the diary asks instead of deciding."""
    temperature: float = 1.0
    """What the fused log-scores are divided by, so that 80 % means right four times in five."""


def settings(file: Path | None = None) -> Settings:
    """What is fused by: the operator's own beside their weights (`HARU_WEIGHTS`), or what is shipped."""
    return _read(file or own_settings(SETTINGS.name) or SETTINGS)


@cache
def _read(file: Path) -> Settings:
    found = json.loads(file.read_text(encoding="utf-8"))
    return Settings(
        found["version"], found["weights"], found["contradiction"], found["margin"], found.get("temperature", 1.0)
    )


def fuse(readings: Sequence[Reading], how: Settings | None = None) -> Reading:
    """One reading of several. Its `quality` holds each source's exponent and the largest disagreement."""
    if not readings:
        raise ValueError("there is nothing to fuse")
    how = how or settings()
    each = _one_a_source(readings)
    # A source whose worth nobody has measured has no say.
    exponents = {
        source: how.weights.get(source, 0.0) * _quality(reading) / how.temperature for source, reading in each.items()
    }
    logs = sum(exponents[source] * np.log(_scores(reading)) for source, reading in each.items())
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
            **{f"exponent_{source}": exponent for source, exponent in exponents.items()},
        },
        source="fusion",
        model=f"fusion {how.version}",
    )


def contradict(fused: Reading, how: Settings | None = None) -> bool:
    """Whether the sources say different things, so that the diary should say so and ask."""
    return fused.quality["divergence"] > (how or settings()).contradiction


def largest_divergence(readings: Sequence[Reading]) -> float:
    """The largest Jensen-Shannon divergence between any two, from 0 (the same) to 1 (nothing in common)."""
    pairs = combinations([_scores(reading) for reading in readings], 2)
    return max((divergence(one, other) for one, other in pairs), default=0.0)


def divergence(one: np.ndarray, other: np.ndarray) -> float:
    middle = (one + other) / 2
    told = (np.sum(p * np.log2(p / middle)) for p in (one, other))
    return float(np.clip(sum(told) / 2, 0, 1))


def _one_a_source(readings: Sequence[Reading]) -> dict[str, Reading]:
    """Two clips of one day are averaged, not multiplied: the same ear heard both, so they are no independent proof."""
    by_source: dict[str, list[Reading]] = {}
    for reading in sorted(readings, key=lambda reading: reading.source):
        by_source.setdefault(reading.source, []).append(reading)
    return {source: average(of_source) for source, of_source in by_source.items()}


def average(readings: Sequence[Reading]) -> Reading:
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
    # No model is so sure that it may forbid a mood: a zero would be a veto over all the others.
    scores = np.maximum([reading.scores[emotion] for emotion in EMOTIONS], 1e-6)
    return scores / scores.sum()
