"""The figures of the model card, from scratch. Speakers of a fold are never heard in its training.

python -m training.voice.evaluate ravdess|emodb|nemo|korean --cache DIR  leave speakers out: the transformer's committee
python -m training.voice.evaluate ravdess --weights DIR …  the ear of each fold that `training.voice.train` wrote there
python -m training.voice.evaluate ravdess --weights DIR --together …
    that ear and the fold's committee, weighed as shipped
python -m training.voice.evaluate corpora --cache DIR [--write]             leave one corpus out, with what helps
python -m training.voice.evaluate personal --cache DIR                      what 4, 8, 16 confirmed clips bring
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.special import log_softmax

from emotions import EMOTIONS
from inference import measured, metrics, personalise
from inference.calibration import is_sure, softmax
from inference.measured import Measured
from inference.weights import read_meta
from ser import members
from ser.predict import WEIGHTS
from training.voice import teacher
from training.voice.batches import Labels
from training.voice.corpora import DATA_HELP
from training.voice.folds import MIXED, speaker_folds
from training.voice.plots import SUMMARY_HEAD, Predictions, confusion_table, join, summary
from training.voice.teacher import CommitteeOptions
from training.voice.train import committee
from training.voice.training_data import COPIES, TrainingData

CORPORA = ("ravdess", "emodb", "nemo", "korean", "tess")


def committee_predictions(
    data: TrainingData,
    fold: str,
    tag: str = "full",
    labels: Labels | None = None,
    options: CommitteeOptions = CommitteeOptions(),  # noqa: B008  (frozen)
) -> Predictions:
    """The committee trained without the fold, on the fold's clean clips."""
    _, test = data.train_and_test(fold)
    logits = teacher.predict_logits(committee(data, fold, tag, labels, options), data.copies[0], test)
    return Predictions(tuple(data.clips[index] for index in test), logits, (fold,) * len(test))


def saved_predictions(data: TrainingData, fold: str, weights: Path) -> Predictions:
    """Evaluates WEIGHTS/FOLD.safetensors of `training.voice.train --fold FOLD`, clip by clip, as the app does."""
    ear = members.load(weights / f"{fold}.safetensors")
    _, test = data.train_and_test(fold)
    logits = np.concatenate([ear.hear(data.copies[0].wave(index)).logits.numpy() for index in test])
    return Predictions(tuple(data.clips[index] for index in test), logits, (fold,) * len(test))


def together(one: Predictions, other: Predictions, share: float) -> Predictions:
    """Two opinions of the same clips, the first counting this much."""
    return replace(one, logits=share * log_softmax(one.logits, 1) + (1 - share) * log_softmax(other.logits, 1))


def shipped_share() -> float:
    """How much the image network counts in the opinion that is shipped; people of no fold decided it."""
    weights = [read_meta(file)["weight"] for file in members.files(WEIGHTS)]
    return weights[0] / sum(weights)


def speakers_table(corpus: str, outcome_of: Callable[[str], Predictions], folds: list[str]) -> str:
    whole = join([_only(outcome_of(fold), corpus) for fold in folds])
    return "\n".join([SUMMARY_HEAD, summary(whole, f"{corpus}, {len(folds)} folds"), "", confusion_table(whole)])


def _only(outcome: Predictions, corpus: str) -> Predictions:
    keep = np.array([clip.corpus == corpus for clip in outcome.clips])
    clips = tuple(clip for clip in outcome.clips if clip.corpus == corpus)
    return Predictions(clips, outcome.logits[keep], tuple(np.array(outcome.folds)[keep]))


def corpora_table(full: TrainingData, write: bool = False) -> str:
    """A corpus never trained on: the committee, then what each part of the recipe brings there (one head each)."""
    clean = replace(full, copies_used=1)
    rows = ["| recipe | " + " | ".join(CORPORA) + " | mean |", "|---" * (len(CORPORA) + 2) + "|"]
    outcomes = unknown = [committee_predictions(full, f"corpus:{corpus}") for corpus in CORPORA]
    if write:
        measured.write(WEIGHTS, [_stranger(outcomes)])
    rows.append(_corpora_row("committee of three", [uar_of(outcome) for outcome in outcomes]))
    rows.append(_corpora_row("… among the corpus's classes", [uar_of(o, shared_only=True) for o in outcomes]))
    rows.append(_corpora_row("… each speaker's mean removed", [_centred_uar(o) for o in outcomes]))
    variants: dict[str, tuple[TrainingData, Labels]] = {
        "one-head": (full, Labels.of(full.clips)),
        "no-augmentation": (clean, Labels.of(clean.clips)),
        "no-balancing": (full, Labels.of(full.clips, power=0.0)),
        "no-prior-correction": (full, Labels.of(full.clips, absent=1.0)),
    }
    for tag, (data, labels) in variants.items():
        outcomes = [
            committee_predictions(data, f"corpus:{corpus}", tag, labels, CommitteeOptions(heads=1))
            for corpus in CORPORA
        ]
        rows.append(_corpora_row(tag.replace("-", " "), [uar_of(outcome) for outcome in outcomes]))
    return "\n".join([*rows, "", *_promises(dict(zip(CORPORA, unknown, strict=True)))])


def _stranger(outcomes: list[Predictions]) -> Measured:
    """Five voices of the world that the committee never heard, with the temperature that is shipped."""
    meta = read_meta(WEIGHTS / "whisper_base.safetensors")
    told = [outcome.in_seven() for outcome in outcomes]
    scores = softmax(np.concatenate([logs for _, logs in told]), meta["temperature"])
    clips = [clip for outcome in outcomes for clip in outcome.clips if clip.mood]
    return measured.of(
        "corpora_never_heard",
        f"{meta['name']} {meta['version']}",
        "python -m training.voice.evaluate corpora",
        np.concatenate([truth for truth, _ in told]),
        scores,
        EMOTIONS,
        groups=[f"{clip.corpus} {clip.speaker}" for clip in clips],
        sure=is_sure(scores, meta["margin"]),
        parts=[clip.corpus for clip in clips],
    )


def _promises(outcomes: dict[str, Predictions]) -> list[str]:
    """What the shipped temperature and margin are worth on a corpus that the committee was not trained on."""
    meta = read_meta(WEIGHTS / "whisper_base.safetensors")
    rows = ["| with the shipped temperature | ECE | sure | right when sure | right when not |", "|---|---|---|---|---|"]
    for corpus, outcome in outcomes.items():
        truth, logs = outcome.in_seven()
        scores = softmax(logs, meta["temperature"])
        sure, right = is_sure(scores, meta["margin"]), scores.argmax(1) == truth
        rows.append(
            f"| {corpus} | {metrics.ece(truth, scores):.1%} | {sure.mean():.0%} | {right[sure].mean():.0%} | "
            f"{right[~sure].mean():.0%} |"
        )
    return rows


def _corpora_row(name: str, values: list[float]) -> str:
    return f"| {name} | " + " | ".join(f"{value:.1%}" for value in [*values, np.mean(values)]) + " |"


def uar_of(outcome: Predictions, shared_only: bool = False) -> float:
    truth, scores = outcome.in_seven(shared_only)
    return metrics.uar(truth, scores.argmax(1), len(EMOTIONS))


def _centred_uar(outcome: Predictions) -> float:
    """If a stranger's average were known (without labels): an upper mark for what a personal correction can do."""
    truth, scores = outcome.in_seven()
    speakers = np.array([clip.speaker for clip in outcome.clips if clip.mood])
    for speaker in np.unique(speakers):
        scores[speakers == speaker] -= scores[speakers == speaker].mean(0)
    return metrics.uar(truth, scores.argmax(1), len(EMOTIONS))


def personal_table(data: TrainingData, rounds: int = 20, confirmed: tuple[int, ...] = (0, 4, 8, 16)) -> str:
    """Left-out speakers confirm some clips; their other clips are read with the correction learnt from those."""

    kinds = {
        "speakers of known corpora": [(f"mixed:{n + 1}", c) for n in range(MIXED) for c in CORPORA[:4]],
        "speakers of a corpus never trained on": [(f"corpus:{c}", c) for c in CORPORA],
    }
    rows = ["| | " + " | ".join(f"{n} confirmed" for n in confirmed) + " |", "|---" * (len(confirmed) + 1) + "|"]
    for name, folds in kinds.items():
        outcomes = [_only(committee_predictions(data, fold), corpus) for fold, corpus in folds]
        people = [person for outcome in outcomes for person in _people(outcome)]
        means = []
        for count in confirmed:
            rng = np.random.default_rng(count)
            means.append(np.mean([_accuracy_after(*person, count, rng, rounds) for person in people]))
        rows.append(f"| {name} ({len(people)}) | " + " | ".join(f"{mean:.1%}" for mean in means) + " |")
    return "\n".join(rows)


def _people(outcome: Predictions) -> list[tuple[np.ndarray, np.ndarray]]:
    truth, scores = outcome.in_seven()
    speakers = np.array([clip.speaker for clip in outcome.clips if clip.mood])
    return [(truth[speakers == one], softmax(scores[speakers == one], 1.0)) for one in np.unique(speakers)]


def _accuracy_after(truth: np.ndarray, scores: np.ndarray, count: int, rng, rounds: int) -> float:
    """Of the clips that were not confirmed, the share that is right; mean over random choices of confirmed ones."""
    right = []
    for _ in range(rounds):
        order = rng.permutation(len(truth))
        known, rest = order[:count], order[max(16, count) :]
        entries = [(dict(zip(EMOTIONS, scores[i], strict=True)), EMOTIONS[truth[i]]) for i in known]
        offset = np.array(personalise.learn(entries).offset)
        right.append(np.mean((np.log(scores[rest] + 1e-4) + offset).argmax(1) == truth[rest]))
    return float(np.mean(right))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=[*CORPORA[:4], "corpora", "personal"])
    parser.add_argument("--cache", type=Path, required=True, help="folder made by `python -m training.voice.cache`")
    parser.add_argument("--data", type=Path, required=True, help=DATA_HELP)
    parser.add_argument("--weights", type=Path, help="measure the ears of the folds in this folder, not the committees")
    parser.add_argument("--together", action="store_true", help="with --weights: beside the fold's committee")
    parser.add_argument("--copies", type=int, default=COPIES - 1, help="variations of each clip that were learned from")
    parser.add_argument("--write", action="store_true", help="corpora: also write measured.json beside the weights")
    options = parser.parse_args()
    if options.together and not options.weights:
        parser.error("--together needs --weights, the folder of the folds' ears")
    data = TrainingData(options.cache, options.data, 1 + options.copies)
    if options.what == "corpora":
        print(corpora_table(data, options.write))
    elif options.what == "personal":
        print(personal_table(data))
    elif options.weights:
        trained = {file.stem for file in options.weights.glob("*.safetensors")}
        folds = [fold for fold in speaker_folds(options.what, data.clips) if fold in trained]

        def outcome_of(fold: str) -> Predictions:
            heard = saved_predictions(data, fold, options.weights)
            return together(heard, committee_predictions(data, fold), shipped_share()) if options.together else heard

        print(speakers_table(options.what, outcome_of, folds))
    else:
        folds = speaker_folds(options.what, data.clips)
        print(speakers_table(options.what, lambda fold: committee_predictions(data, fold), folds))


if __name__ == "__main__":
    main()
