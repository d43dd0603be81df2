"""Fits the novelty file: how a clip's distance from the training softens its scores.

    python -m training.voice.fit_novelty --data DATA --cache DIR [--out assets/weights/ser] [--look]

It uses two kinds of left-out people: every person of the corpora once (`turn:1` … `turn:10`), and whole corpora
(`corpus:…`). The figures of a corpus are fitted without it, the growth of the temperature included.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from inference import metrics
from inference.calibration import fit_temperature, is_sure, negative_log_likelihood, softmax
from inference.weights import WeightsError
from ser import members, novelty
from ser.members import FramesMember
from ser.novelty import Novelty
from ser.predict import WEIGHTS
from training.voice import fold_voices
from training.voice.left_out_scores import (
    LeftOutClips,
    add_data_options,
    data_of,
    joined,
    known_people,
    soft,
    training_directions,
    unheard,
)

USUAL, STRANGE = 0.5, 0.05
"""Quantiles: half of the clips of new people in known recordings count as usual, all but a twentieth of those in
unknown recordings as fully novel. Later limits, up to .9 and .5, were no better (ser/MODEL_CARD.md)."""
GROWTHS = np.linspace(0, 2.5, 51)


def fit(known: Sequence[LeftOutClips], unknown: Sequence[LeftOutClips], found: Novelty) -> tuple[Novelty, float]:
    """Limits by quantiles, growth by the likelihood of unknown recordings; and the temperature of known ones then."""
    everyone = [joined(known), *unknown]
    usual = float(np.quantile(everyone[0].far, USUAL))
    strange = max(float(np.mean([np.quantile(one.far, STRANGE) for one in unknown])), usual + 0.05)
    found = replace(found, usual=usual, strange=strange)

    def loss(growth: float) -> tuple[float, float]:
        mine = replace(found, growth=growth)
        temperature = fit_temperature(soft(everyone[0], mine), everyone[0].truth, everyone[0].weights)
        return float(np.mean([_loss(one, mine, temperature) for one in everyone[1:]])), temperature

    growth = min(GROWTHS, key=lambda growth: loss(growth)[0])
    return replace(found, growth=float(growth)), loss(growth)[1]


def _loss(people: LeftOutClips, found: Novelty, temperature: float) -> float:
    return negative_log_likelihood(soft(people, found), people.truth, temperature, people.weights)


def row(name: str, people: LeftOutClips, found: Novelty, temperature: float, margin: float) -> str:
    scores = softmax(soft(people, found), temperature)
    sure, right = is_sure(scores, margin), scores.argmax(1) == people.truth
    rights = [f"{right[part].mean():.0%}" if part.any() else "–" for part in (sure, ~sure)]
    return (
        f"| {name} | {np.median(people.far):.2f} | {right.mean():.1%} | {scores.max(1).mean():.1%} "
        f"| {metrics.ece(people.truth, scores):.1%} | {sure.mean():.0%} | {rights[0]} | {rights[1]} |"
    )


def report(known: Sequence[LeftOutClips], others: dict[str, LeftOutClips], found: Novelty, margin: float) -> str:
    """A table with and without the softening; each corpus with parameters fitted on the others."""
    plain = replace(found, growth=0.0)
    lines = [
        "| left-out people | median novelty | accuracy | mean top score | ECE | sure | right when sure | when not |",
        "|---" * 8 + "|",
    ]
    everyone = joined(known)
    fitted, temperature = fit(known, list(others.values()), found)
    alone = fit_temperature(everyone.logs, everyone.truth, everyone.weights)
    lines.append(row("of known corpora, temperature alone", everyone, plain, alone, margin))
    lines.append(row("of known corpora", everyone, fitted, temperature, margin))
    errors = []
    for name, people in others.items():
        without, temperature = fit(known, [one for other, one in others.items() if other != name], found)
        lines.append(row(f"{name}, never trained on, temperature alone", people, plain, alone, margin))
        lines.append(row(f"{name}, never trained on", people, without, temperature, margin))
        errors.append([_ece(people, plain, alone), _ece(people, without, temperature)])
    before, after = np.mean(errors, axis=0)
    lines.append(
        f"\nmean ECE of corpora never trained on: {before:.1%} with the temperature alone, {after:.1%} softened"
    )
    return "\n".join(lines)


def _ece(people: LeftOutClips, found: Novelty, temperature: float) -> float:
    return metrics.ece(people.truth, softmax(soft(people, found), temperature))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_options(parser)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder of the shipped weights")
    parser.add_argument("--look", action="store_true", help="report only; write nothing")
    options = parser.parse_args()
    data, recipe = data_of(options), fold_voices.SHIPPED_RECIPE
    shipped = members.load(members.files(options.out)[0])
    if not isinstance(shipped, FramesMember):
        raise WeightsError(f"{options.out} holds no network over frames; `training.voice.export` writes it.")
    train, _ = data.train_and_test(shipped.meta["left_out"], recipe)
    found = training_directions(data.clips.copies, shipped.model.committee, train)
    known, others = known_people(data, recipe), unheard(data, recipe)
    print(report(known, others, found, float(shipped.meta["margin"])))
    found, temperature = fit(known, list(others.values()), found)
    everyone = joined(known)
    found = replace(found, ease=temperature / fit_temperature(everyone.logs, everyone.truth, everyone.weights))
    print("\n" + ", ".join(f"{name} {getattr(found, name):.3f}" for name in novelty.NUMBERS))
    if not options.look:
        facts = members.describe("strangeness", "strangeness", shipped.meta["left_out"], moods=list(EMOTIONS))
        novelty.save(found, options.out / novelty.FILE, facts)


if __name__ == "__main__":
    main()
