"""Measures the settings of `understanding/fusion.py`; `--write` stores them in assets/weights/fusion.json.

    python -m training.fusion.measure --data DATA --cache DIR [--write]

There are no data with voice, face and words of the same moment. A moment here is put together from inputs that no model
was trained on (training/fusion/held_out.py), read as the app reads them. Its mood is drawn as diaries have them. In one
moment of five (`CONTRADICTING`) one source has another mood; the person then means either, so the fused reading can be
right in half of these at best. `python -m training.fusion.fit` fits better numbers on paired recordings.

Everything is chosen on the halves to choose on, and reported on the others:

1. contradiction and softness: the curve of the disagreement that tells best which moments contradict;
2. temperature: the smallest loss, never below 1, because moments put together at random agree more than real ones;
3. margin: the smallest with which 94 of 100 sure moments are right; the goal is 90 on the others.

The weights follow from the measured skill of each source (`skill` in the file).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from inference.calibration import fit_margin, negative_log_likelihood
from inference.prior import PRIOR, ForDiaries
from training.fusion import held_out
from training.fusion.held_out import HeldOut
from training.fusion.measure_sure import HEAD, fitted_of, row
from understanding import fusion
from understanding.fusion import SOURCES, Combined, Settings

MOMENTS = 2_000
"""Of each group of sources."""
RIGHT_WHEN_SURE = 0.94
"""More than each source needs: a real voice and note err together more often than those put together."""
CONTRADICTING = 0.2
"""The share of moments in which one source has another mood: an assumption, nobody has counted it."""
LINES = ("isear", "enisear", "lemotif", "korean", "plain")
"""First-person lines; comments and posts with loose labels are no diary."""
CHANCE = 1 / len(EMOTIONS)
GROUPS: tuple[tuple[str, ...], ...] = tuple(
    group for count in range(1, len(SOURCES) + 1) for group in combinations(SOURCES, count)
)


@dataclass(frozen=True)
class Moment:
    """What several sources say at once."""

    sources: tuple[str, ...]
    scores: np.ndarray
    """(sources, seven), as the app reads them."""
    quality: np.ndarray
    """(sources): the weight of each input."""
    mood: int
    """What the person means."""
    contradicting: bool
    any_sure: bool
    """Whether a source is sure by itself."""


@dataclass(frozen=True)
class Inputs:
    """Held-out readings of one source, adapted to a diary."""

    scores: np.ndarray
    quality: np.ndarray
    sure: np.ndarray
    of_mood: tuple[np.ndarray, ...]
    """For each mood, the rows that have it, each set alike."""

    @classmethod
    def of(cls, held: HeldOut, how: ForDiaries) -> Inputs:
        rng = np.random.default_rng(0)
        rows = []
        for mood in range(len(EMOTIONS)):
            mine = [np.flatnonzero((held.best == mood) & (held.kind == kind)) for kind in np.unique(held.kind)]
            rows.append(np.concatenate([rng.choice(part, 400) for part in mine if len(part)]))
        scores = held.adapted(how)
        return cls(scores, held.weight, held.sure(how, scores), tuple(rows))


def moments(inputs: dict[str, Inputs], seed: int) -> list[Moment]:
    """As many of each group of sources; the same for the same seed."""
    return [moment for group in GROUPS for moment in _of_group(group, inputs, np.random.default_rng(seed))]


def _of_group(group: tuple[str, ...], inputs: dict[str, Inputs], rng: np.random.Generator) -> Iterator[Moment]:
    for _ in range(MOMENTS):
        mood = int(rng.choice(len(EMOTIONS), p=PRIOR))
        moods = [mood] * len(group)
        contradicting = len(group) > 1 and rng.random() < CONTRADICTING
        if contradicting:
            others = np.where(np.arange(len(EMOTIONS)) == mood, 0, PRIOR)
            moods[int(rng.integers(len(group)))] = int(rng.choice(len(EMOTIONS), p=others / others.sum()))
        rows = [int(rng.choice(inputs[source].of_mood[each])) for source, each in zip(group, moods, strict=True)]
        yield Moment(
            group,
            np.maximum([inputs[source].scores[at] for source, at in zip(group, rows, strict=True)], 1e-6),
            np.array([inputs[source].quality[at] for source, at in zip(group, rows, strict=True)]),
            moods[int(rng.integers(len(group)))],
            contradicting,
            any(bool(inputs[source].sure[at]) for source, at in zip(group, rows, strict=True)),
        )


def fused(moment: Moment, how: Settings) -> Combined:
    """As `fusion.fuse` without an overlap."""
    weights = np.array([how.weights[source] for source in moment.sources])
    return fusion.combine(moment.scores, weights * moment.quality / how.temperature, how)


def is_sure(moment: Moment, how: Settings) -> bool:
    return moment.any_sure and fused(moment, how).is_sure(how)


def scores_of(given: Sequence[Moment], how: Settings) -> np.ndarray:
    return np.array([fused(moment, how).scores for moment in given])


def fit_contradiction(given: Sequence[Moment], how: Settings) -> tuple[float, float]:
    """The middle and the softness of the curve of doubt that tells best which moments contradict."""
    several = [moment for moment in given if len(moment.sources) > 1]
    apart = np.array([fused(moment, how).disagreement for moment in several])
    truth = np.array([moment.contradicting for moment in several])
    tried = [(middle, softness) for middle in np.arange(0.1, 4.0, 0.05) for softness in np.geomspace(0.1, 3.0, 30)]

    def loss(middle: float, softness: float) -> float:
        doubt = np.clip(fusion.doubt_of(apart, middle, softness), 1e-3, 1 - 1e-3)
        return -float(np.mean(np.log(np.where(truth, doubt, 1 - doubt))))

    middle, softness = min(tried, key=lambda pair: loss(*pair))
    return round(float(middle), 4), round(float(softness), 4)


def fit(given: Sequence[Moment], weights: dict[str, float], version: str) -> Settings:
    """The settings, chosen in turn: each step needs the one before."""
    how = Settings(version, weights, contradiction=50.0, margin=0.0)  # no doubt yet
    moods = np.array([moment.mood for moment in given])
    for _ in range(2):
        middle, softness = fit_contradiction(given, how)
        how = replace(how, contradiction=middle, softness=softness)
        tried = np.round(np.arange(1.0, 2.01, 0.1), 1)
        losses = [
            negative_log_likelihood(np.log(scores_of(given, replace(how, temperature=float(t)))), moods) for t in tried
        ]
        how = replace(how, temperature=float(tried[int(np.argmin(losses))]))
    calm = [fused(moment, how) for moment in given]
    usable = np.array([m.any_sure and one.doubt <= fusion.MOST_DOUBT for m, one in zip(given, calm, strict=True)])
    scores = np.array([one.scores for one in calm])
    return replace(how, margin=round(fit_margin(scores[usable], moods[usable], RIGHT_WHEN_SURE), 4))


def report(given: Sequence[Moment], how: Settings) -> str:
    """A row for each group of sources, and what becomes of contradicting moments."""
    lines = [HEAD]
    for group in [*GROUPS, None]:
        mine = [moment for moment in given if group in (None, moment.sources)]
        answers = [fused(moment, how) for moment in mine]
        scores, truth = np.array([one.scores for one in answers]), np.eye(len(EMOTIONS))[[m.mood for m in mine]]
        sure = np.array([is_sure(moment, how) for moment in mine])
        lines.append(row(" + ".join(group) if group else "**all**", truth, scores, sure))
    for name, wanted in (("agree", False), ("contradict", True)):
        mine = [moment for moment in given if len(moment.sources) > 1 and moment.contradicting == wanted]
        doubted = np.mean([fused(moment, how).doubt > 0.5 for moment in mine])
        sure = np.mean([is_sure(moment, how) for moment in mine])
        lines.append(
            f"\nOf {len(mine)} moments whose sources {name}: {doubted:.1%} reported as a contradiction, {sure:.1%} sure"
        )
    return "\n".join(lines)


def remaining_skill(known: float, unseen: float) -> float:
    """The share of a model's skill above chance that is left on people and recordings unlike its training."""
    return float(np.clip((unseen - CHANCE) / (known - CHANCE), 0, 1))


def inputs_of(data: Path, cache: Path, tuning: bool) -> dict[str, Inputs]:
    """The held-out inputs of every source, of one half."""
    lines = held_out.words(data / "text", cache)
    held = {
        "voice": held_out.voices(data / "speech", cache),
        "face": held_out.faces(data / "face", cache),
        "words": lines.take(np.isin(lines.kind, LINES) | _lacking(lines)),
    }
    return {source: Inputs.of(each.take(each.tuning == tuning), fitted_of(source)) for source, each in held.items()}


def _lacking(lines: HeldOut) -> np.ndarray:
    """Comments of the moods that the first-person lines hardly have."""
    rare = [EMOTIONS.index(mood) for mood in ("surprise", "disgust")]
    return np.char.startswith(lines.kind, "goemotions") & np.isin(lines.best, rare)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with text/, face/ and speech/")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the readings")
    parser.add_argument("--write", action="store_true", help=f"write {fusion.SETTINGS.name}")
    options = parser.parse_args()
    stored = json.loads(fusion.SETTINGS.read_text(encoding="utf-8"))
    weights = {source: remaining_skill(each["known"], each["stranger"]) for source, each in stored["skill"].items()}
    how = fit(moments(inputs_of(options.data, options.cache, tuning=True), seed=0), weights, "2")
    measured = {name: getattr(how, name) for name in ("version", "contradiction", "softness", "margin", "temperature")}
    print(f"{measured}\n\nthe half to report on:\n")
    print(report(moments(inputs_of(options.data, options.cache, tuning=False), seed=1), how))
    if options.write:
        stored |= {"weights": weights, **measured}
        fusion.SETTINGS.write_text(json.dumps(stored, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
