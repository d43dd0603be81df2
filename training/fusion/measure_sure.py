"""Measures how often readings are right and sure on inputs like a diary's that no parameter was fitted on.

    python -m training.fusion.measure_sure --data DATA --cache DIR [--only words …]

For each recogniser and each set of the half to report on (training/fusion/held_out.py): how many readings are right,
the UAR of the moods that occur, the calibration error, the share that is sure and how many of these are right. `before`
is the same model without the diarist's prior (inference/prior.py), with the margin of its own training.
For sets whose moods have shares no diary has, `all, by the prior` weights the moods as diaries do.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from fer import predict as face_model
from inference import metrics, prior
from inference.prior import PRIOR, ForDiaries
from ser import predict as voice_model
from training.fusion import held_out
from training.fusion.fit_prior import by_set
from training.fusion.held_out import HeldOut, by_class
from training.words import corpora
from training.words.evaluate import DIARY, NEGATION
from words import predict as words_model

HEAD = "| set | inputs | right | UAR | ECE | sure | right when sure |\n|---|---|---|---|---|---|---|"


def row(name: str, truth: np.ndarray, scores: np.ndarray, sure: np.ndarray, weights: np.ndarray | None = None) -> str:
    """One line of the table; `truth` has shares, and any mood with a share is right."""
    weight = np.ones(len(scores)) if weights is None else weights
    guess, best = scores.argmax(1), truth.argmax(1)
    right = truth[np.arange(len(truth)), guess] > 0
    weight = weight / weight.sum()
    share_sure = float(weight[sure].sum())
    when_sure = f"{float((weight * right)[sure].sum()) / share_sure:.1%} of {int(sure.sum())}" if share_sure else "–"
    return (
        f"| {name} | {len(scores)} | {float((weight * right).sum()):.1%} "
        f"| {metrics.uar(best, guess, len(EMOTIONS)):.1%} "
        f"| {calibration_error(right, scores, weight):.1%} | {share_sure:.1%} | {when_sure} |"
    )


def calibration_error(right: np.ndarray, scores: np.ndarray, weights: np.ndarray, bins: int = 15) -> float:
    """The expected calibration error of the best score, where several moods may be right."""
    top = scores.max(1)
    place = np.clip((top * bins).astype(int), 0, bins - 1)
    gaps = [abs(float((weights * (top - right))[place == number].sum())) for number in range(bins)]
    return sum(gaps)


@dataclass(frozen=True)
class Way:
    """How raw scores become readings: with the prior, or as the model's own training left them."""

    how: ForDiaries
    with_prior: bool

    def read(self, held: HeldOut) -> tuple[np.ndarray, np.ndarray]:
        """The scores, and which are sure."""
        if self.with_prior:
            scores = held.adapted(self.how)
            return scores, held.sure(self.how, scores)
        ordered = np.sort(held.scores, axis=1)
        return held.scores, (ordered[:, -1] - ordered[:, -2] >= self.how.margins["all"]) & (held.weight > 0)


def table(held: HeldOut, way: Way, weights_of: Callable[[HeldOut], np.ndarray], name: str) -> str:
    """A row for each set, and one for all of them together."""
    scores, sure = way.read(held)
    lines = [f"\n{name}\n", HEAD]
    for kind in np.unique(held.kind):
        here = held.kind == kind
        lines.append(row(str(kind), held.truth[here], scores[here], sure[here]))
    lines.append(row("**all**, weighted", held.truth, scores, sure, weights_of(held)))
    return "\n".join(lines)


def diary_lines() -> Iterator[tuple[str, HeldOut]]:
    """The lines of tests/data, by language; nothing is chosen on them."""
    for name, file in (("diary lines", DIARY), ("negation lines", NEGATION)):
        rows = corpora.diary_lines(file)
        held = held_out.read_lines(
            [(each["text"], np.eye(len(EMOTIONS))[EMOTIONS.index(each["mood"])], name, False) for each in rows]
        )
        yield name, held
        for language, mine in (("Korean", held.korean > 0.5), ("English", held.korean <= 0.5)):
            yield f"{name}, {language}", held.take(mine)


def fitted_of(source: str) -> ForDiaries:
    """What was fitted for the shipped weights of a source."""
    found = prior.of(source, _model_and_margins(source)[0])
    if found is None:
        raise SystemExit(f"{prior.FILE.name} lacks these weights: run `python -m training.fusion.fit_prior` first.")
    return found


def _model_and_margins(source: str) -> tuple[str, dict[str, float]]:
    """The model's name in prior.json, and the margins of its own training."""
    if source == "words":
        model = words_model.load().words_model
        return model.name, {"all": model.meta["margin"]}
    if source == "face":
        facts = json.loads((face_model.WEIGHTS / "ensemble.json").read_text(encoding="utf-8"))
        return f"{facts['name']} {facts['version']}", {"all": float(facts["margin"])}
    members = voice_model.load().members
    return voice_model.model_of(members), {"all": float(members[0].meta["margin"])}


def ways(source: str) -> dict[str, Way]:
    margins = _model_and_margins(source)[1]
    return {
        f"{source}, before": Way(ForDiaries("none", {}, margins), with_prior=False),
        source: Way(fitted_of(source), with_prior=True),
    }


def report(source: str, data: Path, cache: Path) -> None:
    """Prints the tables of one source."""
    held = {
        "words": lambda: held_out.words(data / "text", cache),
        "face": lambda: held_out.faces(data / "face", cache),
        "voice": lambda: held_out.voices(data / "speech", cache),
    }[source]()
    weights_of = by_set if source == "words" else lambda part: by_class(part, PRIOR)
    for name, way in ways(source).items():
        print(table(held.take(~held.tuning), way, weights_of, name))
        for line_name, lines in diary_lines() if source == "words" else ():
            print(row(line_name, lines.truth, *way.read(lines)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with text/, face/ and speech/")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the readings")
    parser.add_argument("--only", nargs="+", choices=("words", "face", "voice"), default=("words", "face", "voice"))
    options = parser.parse_args()
    for source in options.only:
        report(source, options.data, options.cache)


if __name__ == "__main__":
    main()
