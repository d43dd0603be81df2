"""Measures how strangers' scores differ from most people's, and what a correction by their confirmed moods gains.

    python -m training.voice.fit_strangers --scores FILE [--write] [--only-fit]

FILE has the readings of people by trainings without them (`training.voice.left_out_scores`). They become scores of a
diary as in the app: temperature, novelty, prior. The numbers are fitted on corpora that were left out whole.

`--write` puts the numbers into assets/weights/strangers.json (inference/strangers.py), for the shipped voice. The
printed figures of a corpus are fitted without it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from inference import personalise, strangers
from inference.calibration import softmax
from inference.personalise import Correction
from inference.prior import Adaptation
from inference.strangers import MATRICES, Strangers, without_mean
from ser import predict

CONFIRMED = (0, 4, 8, 16)
_FEWEST = 24
"""People with fewer clips are not measured: sixteen to confirm, the others to count."""
_ROUNDS = 4

Person = tuple[np.ndarray, np.ndarray]
"""The log-scores of recordings as a diary stores them (recordings, seven), and their moods."""
People = Mapping[str, list[Person]]
"""By corpus."""
Learn = Callable[[Sequence[tuple[Mapping[str, float], str]]], Correction]


def fit(people: People, model: str = "") -> Strangers:
    """Corpora count alike, so that one with many people does not decide alone."""
    centres = _centres(people)
    within = np.mean([np.mean([_spread(*one, centres) for one in persons], 0) for persons in people.values()], 0)
    between = np.mean([np.mean([_apart(*one, centres) for one in persons], 0) for persons in people.values()], 0)
    return Strangers(model, centres, _without_negative(between), within)


def measure(
    people: People, confirmed: Sequence[int] = CONFIRMED, fit_on: Sequence[str] = ()
) -> dict[str, dict[str, list[float]]]:
    """The share that is right after so many confirmed recordings, by corpus and way of learning.

    Each corpus is measured with numbers fitted on the others, or on those of `fit_on` without it.
    """
    names = fit_on or list(people)
    found: dict[str, dict[str, list[float]]] = {}
    for corpus, mine in people.items():
        fitted = fit({name: people[name] for name in names if name != corpus})
        ways: dict[str, Learn] = {"offsets": personalise.learn, "difference": _by(fitted)}
        found[corpus] = {
            way: [_right_after(mine, count, max(confirmed), learn) for count in confirmed]
            for way, learn in ways.items()
        }
    return found


def stored_logs(logs: np.ndarray, distances: np.ndarray, voice: predict.Recogniser) -> np.ndarray:
    """Log-scores before the temperature → log-scores as a diary stores them (ser/predict.py)."""
    novelty = voice.novelty
    factors = novelty.temperature_factor(distances) if novelty else np.ones(len(logs))
    strange = novelty.strangeness(distances) if novelty else np.zeros(len(logs))
    scores = softmax(logs / (voice.temperature * factors)[:, None])
    if voice.for_diaries is not None:
        usual, other = (voice.for_diaries.adaptations[name] for name in ("all", "strange"))
        scores = np.array([_between(usual, other, part, row) for part, row in zip(strange, scores, strict=True)])
    return np.log(np.maximum(scores, personalise.LEAST))


def _between(usual: Adaptation, strange: Adaptation, part: float, scores: np.ndarray) -> np.ndarray:
    return usual.mixed(strange, float(part)).apply(scores)


def people_of(
    corpora: np.ndarray, speakers: np.ndarray, moods: np.ndarray, logs: np.ndarray
) -> dict[str, list[Person]]:
    """Everybody whose recordings suffice; a recording that the app refuses has NaN."""
    usable = np.isfinite(logs).all(1)
    found: dict[str, list[Person]] = {}
    for corpus in dict.fromkeys(corpora.tolist()):
        rows = [
            np.flatnonzero((corpora == corpus) & (speakers == one) & usable)
            for one in np.unique(speakers[corpora == corpus])
        ]
        if enough := [(logs[each], moods[each]) for each in rows if len(each) >= _FEWEST]:
            found[corpus] = enough
    return found


def _centres(people: People) -> np.ndarray:
    size = len(EMOTIONS)
    sums, weights = np.zeros((size, size)), np.zeros(size)
    for persons in people.values():
        logs, moods = (np.concatenate(parts) for parts in zip(*persons, strict=True))
        for mood in np.unique(moods):
            sums[mood] += without_mean(logs)[moods == mood].mean(0)
            weights[mood] += 1
    seen = weights > 0
    centres = sums / np.maximum(weights, 1)[:, None]
    # A mood that no corpus has: its own score leads as those of the others do on average.
    centres[~seen] = without_mean(np.eye(size))[~seen] * (np.diag(centres)[seen].mean() * size / (size - 1))
    return centres


def _residuals(logs: np.ndarray, moods: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return without_mean(logs) - centres[moods]


def _spread(logs: np.ndarray, moods: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return np.cov(_residuals(logs, moods, centres), rowvar=False)


def _apart(logs: np.ndarray, moods: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """A person's mean difference as a matrix, without what chance adds to it."""
    rest = _residuals(logs, moods, centres)
    mean = rest.mean(0)
    return np.outer(mean, mean) - np.cov(rest, rowvar=False) / len(rest)


def _without_negative(matrix: np.ndarray) -> np.ndarray:
    """The nearest covariance: what chance took away may have left a direction below zero."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.maximum(values, 0)) @ vectors.T


def _by(fitted: Strangers) -> Learn:
    return lambda entries: personalise.learn(entries, fitted)


def _right_after(persons: Sequence[Person], count: int, most: int, learn: Learn) -> float:
    """Mean over people and random choices of the confirmed recordings; the recordings that are judged stay the same."""
    right = []
    for number, (logs, moods) in enumerate(persons):
        rng = np.random.default_rng(number)
        for _ in range(_ROUNDS):
            order = rng.permutation(len(moods))
            known, rest = order[:count], order[most:]
            entries = [
                (dict(zip(EMOTIONS, softmax(logs[row]).tolist(), strict=True)), EMOTIONS[moods[row]]) for row in known
            ]
            offset = np.array(learn(entries).offset)
            right.append(np.mean((logs[rest] + offset).argmax(1) == moods[rest]))
    return float(np.mean(right))


def table(people: People, figures: Mapping[str, Mapping[str, Sequence[float]]]) -> str:
    """Markdown of what `measure` found."""
    rows = ["| people of | way | " + " | ".join(f"{count} confirmed" for count in CONFIRMED) + " |"]
    rows.append("|---" * (len(CONFIRMED) + 2) + "|")
    for corpus, ways in figures.items():
        for way, values in ways.items():
            name = f"{corpus} ({len(people[corpus])})"
            rows.append(f"| {name} | {way} | " + " | ".join(f"{value:.1%}" for value in values) + " |")
    return "\n".join(rows)


def write(fitted: Strangers, source: str = "voice", file: Path = strangers.FILE) -> None:
    """Puts the numbers into the file, beside those of other sources."""
    matrices = {name: getattr(fitted, name).round(4).tolist() for name in MATRICES}
    found = {**strangers.read(file), source: {"model": fitted.model, **matrices}}
    file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    strangers.read.cache_clear()


KNOWN = "known "
"""Before the corpora of people who were left out while others of their corpus were trained on."""


def people_in(file: Path, voice: predict.Recogniser) -> dict[str, list[Person]]:
    with np.load(file) as stored:
        logs = stored_logs(stored["logs"], stored["distance"], voice)
        corpora = np.where(stored["kind"] == "known", np.char.add(KNOWN, stored["corpus"]), stored["corpus"])
        return people_of(corpora, stored["speaker"], stored["mood"], logs)


def add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scores", type=Path, required=True, help="made by `python -m training.voice.left_out_scores`")


def inputs(options: argparse.Namespace) -> tuple[dict[str, list[Person]], list[str], str]:
    """The people, the corpora to fit on, and the name of the shipped voice."""
    voice = predict.load(predict.WEIGHTS)
    people = people_in(options.scores, voice)
    return people, [name for name in people if not name.startswith(KNOWN)], voice.model


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_inputs(parser)
    parser.add_argument("--write", action="store_true", help=f"write {strangers.FILE.name}")
    parser.add_argument("--only-fit", action="store_true", help="no figures, which take minutes")
    options = parser.parse_args(arguments)
    people, fit_on, model = inputs(options)
    if options.write:
        write(fit({name: people[name] for name in fit_on}, model))
    if not options.only_fit:
        print(table(people, measure(people, fit_on=fit_on)))


if __name__ == "__main__":
    main()
