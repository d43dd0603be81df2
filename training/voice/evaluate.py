"""Measures the figures of the model card; no training uses the speakers of its fold. Each needs --data and --cache.

python -m training.voice.evaluate ravdess|emodb|ased|…        the committee, with speakers left out
python -m training.voice.evaluate ravdess --weights DIR       DIR/FOLD.safetensors, as `training.voice.train` writes it
python -m training.voice.evaluate ravdess --weights DIR --together    with the fold's committee, weighed as shipped
python -m training.voice.evaluate corpora [--write]           one corpus left out, with and without parts of the recipe
python -m training.voice.evaluate personal                    after 4, 8, 16 confirmed clips of a person
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
from training.voice.folds import MIXED, SAME_SENTENCES, speaker_folds
from training.voice.known_corpora import KNOWN
from training.voice.plots import SUMMARY_HEAD, Predictions, confusion_table, join, summary
from training.voice.teacher import CommitteeOptions
from training.voice.train import committee
from training.voice.training_data import COPIES, TrainingData

CORPORA = ("ravdess", "emodb", "nemo", "korean", "tess")
"""Those that the shipped committee learnt from, each left out once in `corpora` and `personal`."""
CROSS_VALIDATED = tuple(name for name in KNOWN if name != "tess")
"""TESS has two speakers, who fill no fold."""


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
    model = members.load(weights / f"{fold}.safetensors")
    _, test = data.train_and_test(fold)
    logits = np.concatenate([model.forward(data.copies[0].wave(index)).logits.numpy() for index in test])
    return Predictions(tuple(data.clips[index] for index in test), logits, (fold,) * len(test))


def together(one: Predictions, other: Predictions, share: float) -> Predictions:
    """Predictions of two models on the same clips; `share` is the weight of the first."""
    return replace(one, logits=share * log_softmax(one.logits, 1) + (1 - share) * log_softmax(other.logits, 1))


def shipped_share() -> float:
    """The weight of the image network in the shipped pair.

    It was fitted on the ten speakers left out of the shipped weights; four of them are also RAVDESS test speakers here.
    """
    weights = [read_meta(file)["weight"] for file in members.files(WEIGHTS)]
    return weights[0] / sum(weights)


def speakers_table(corpus: str, predictions_of: Callable[[str], Predictions], folds: list[str]) -> str:
    whole = join([_only(predictions_of(fold), corpus) for fold in folds])
    rows = [SUMMARY_HEAD, summary(whole, f"{corpus}, {len(folds)} folds")]
    same = _chosen(whole, [clip.speaker in SAME_SENTENCES for clip in whole.clips])
    if same.clips:
        rows.append(summary(same, "of these, who say the same sentences in all moods"))
    return "\n".join([*rows, "", confusion_table(whole)])


def _only(one: Predictions, corpus: str) -> Predictions:
    return _chosen(one, [clip.corpus == corpus for clip in one.clips])


def _chosen(one: Predictions, keep: list[bool]) -> Predictions:
    clips = tuple(clip for clip, kept in zip(one.clips, keep, strict=True) if kept)
    return Predictions(clips, one.logits[np.array(keep)], tuple(np.array(one.folds)[keep]))


def corpora_table(full: TrainingData, write: bool = False) -> str:
    """Each corpus with a committee not trained on it, then without parts of the recipe (one head each)."""
    clean = replace(full, copies_used=1)
    rows = ["| recipe | " + " | ".join(CORPORA) + " | mean |", "|---" * (len(CORPORA) + 2) + "|"]
    predictions = unknown = [committee_predictions(full, f"corpus:{corpus}") for corpus in CORPORA]
    if write:
        measured.write(WEIGHTS, [_unseen_corpora(predictions)])
    rows.append(_corpora_row("committee of three", [uar_of(one) for one in predictions]))
    rows.append(_corpora_row("… among the corpus's classes", [uar_of(o, shared_only=True) for o in predictions]))
    rows.append(_corpora_row("… each speaker's mean removed", [_centred_uar(o) for o in predictions]))
    variants: dict[str, tuple[TrainingData, Labels]] = {
        "one-head": (full, Labels.of(full.clips)),
        "no-augmentation": (clean, Labels.of(clean.clips)),
        "no-balancing": (full, Labels.of(full.clips, power=0.0)),
        "no-prior-correction": (full, Labels.of(full.clips, absent=1.0)),
    }
    for tag, (data, labels) in variants.items():
        predictions = [
            committee_predictions(data, f"corpus:{corpus}", tag, labels, CommitteeOptions(heads=1))
            for corpus in CORPORA
        ]
        rows.append(_corpora_row(tag.replace("-", " "), [uar_of(one) for one in predictions]))
    return "\n".join([*rows, "", *_calibration_rows(dict(zip(CORPORA, unknown, strict=True)))])


def _unseen_corpora(predictions: list[Predictions]) -> Measured:
    """Figures on the five corpora, each with a committee not trained on it, with the shipped temperature."""
    meta = read_meta(WEIGHTS / "whisper_base.safetensors")
    pairs = [one.in_seven() for one in predictions]
    scores = softmax(np.concatenate([logs for _, logs in pairs]), meta["temperature"])
    clips = [clip for one in predictions for clip in one.clips if clip.mood]
    return measured.of(
        "corpora_never_heard",
        f"{meta['name']} {meta['version']}",
        "python -m training.voice.evaluate corpora --data DATA --cache DIR",
        np.concatenate([truth for truth, _ in pairs]),
        scores,
        EMOTIONS,
        groups=[f"{clip.corpus} {clip.speaker}" for clip in clips],
        sure=is_sure(scores, meta["margin"]),
        parts=[clip.corpus for clip in clips],
    )


def _calibration_rows(predictions: dict[str, Predictions]) -> list[str]:
    """Calibration with the shipped temperature and margin on corpora that the committee was not trained on."""
    meta = read_meta(WEIGHTS / "whisper_base.safetensors")
    rows = ["| with the shipped temperature | ECE | sure | right when sure | right when not |", "|---|---|---|---|---|"]
    for corpus, one in predictions.items():
        truth, logs = one.in_seven()
        scores = softmax(logs, meta["temperature"])
        sure, right = is_sure(scores, meta["margin"]), scores.argmax(1) == truth
        rows.append(
            f"| {corpus} | {metrics.ece(truth, scores):.1%} | {sure.mean():.0%} | {right[sure].mean():.0%} | "
            f"{right[~sure].mean():.0%} |"
        )
    return rows


def _corpora_row(name: str, values: list[float]) -> str:
    return f"| {name} | " + " | ".join(f"{value:.1%}" for value in [*values, np.mean(values)]) + " |"


def uar_of(one: Predictions, shared_only: bool = False) -> float:
    truth, scores = one.in_seven(shared_only)
    return metrics.uar(truth, scores.argmax(1), len(EMOTIONS))


def _centred_uar(one: Predictions) -> float:
    """With each speaker's mean score removed: an upper bound for a personal correction without labels."""
    truth, scores = one.in_seven()
    speakers = np.array([clip.speaker for clip in one.clips if clip.mood])
    for speaker in np.unique(speakers):
        scores[speakers == speaker] -= scores[speakers == speaker].mean(0)
    return metrics.uar(truth, scores.argmax(1), len(EMOTIONS))


def personal_table(data: TrainingData, rounds: int = 20, confirmed: tuple[int, ...] = (0, 4, 8, 16)) -> str:
    """Accuracy on the clips of left-out speakers after a correction learnt from some confirmed clips."""

    kinds = {
        "speakers of known corpora": [(f"mixed:{n + 1}", c) for n in range(MIXED) for c in CORPORA[:4]],
        "speakers of a corpus never trained on": [(f"corpus:{c}", c) for c in CORPORA],
    }
    rows = ["| | " + " | ".join(f"{n} confirmed" for n in confirmed) + " |", "|---" * (len(confirmed) + 1) + "|"]
    for name, folds in kinds.items():
        predictions = [_only(committee_predictions(data, fold), corpus) for fold, corpus in folds]
        people = [person for one in predictions for person in _people(one)]
        means = []
        for count in confirmed:
            rng = np.random.default_rng(count)
            means.append(np.mean([_accuracy_after(*person, count, rng, rounds) for person in people]))
        rows.append(f"| {name} ({len(people)}) | " + " | ".join(f"{mean:.1%}" for mean in means) + " |")
    return "\n".join(rows)


def _people(one: Predictions) -> list[tuple[np.ndarray, np.ndarray]]:
    truth, scores = one.in_seven()
    speakers = np.array([clip.speaker for clip in one.clips if clip.mood])
    return [(truth[speakers == one], softmax(scores[speakers == one], 1.0)) for one in np.unique(speakers)]


def _accuracy_after(truth: np.ndarray, scores: np.ndarray, count: int, rng, rounds: int) -> float:
    """The share of unconfirmed clips that is right, averaged over random choices of confirmed clips."""
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
    parser.add_argument("what", choices=[*CROSS_VALIDATED, "corpora", "personal"])
    parser.add_argument("--cache", type=Path, required=True, help="folder made by `python -m training.voice.cache`")
    parser.add_argument("--data", type=Path, required=True, help=DATA_HELP)
    parser.add_argument(
        "--weights", type=Path, help="measure the models of the folds in this folder, not the committees"
    )
    parser.add_argument("--together", action="store_true", help="with --weights: combined with the fold's committee")
    parser.add_argument("--copies", type=int, default=COPIES - 1, help="variations of each clip in the training")
    parser.add_argument("--write", action="store_true", help="corpora: also write measured.json beside the weights")
    options = parser.parse_args()
    if options.together and not options.weights:
        parser.error("--together needs --weights, the folder of the folds' models")
    data = TrainingData(options.cache, options.data, 1 + options.copies)
    if options.what in KNOWN and not any(clip.corpus == options.what for clip in data.clips):
        parser.error(f"{options.cache} holds no clips of {options.what}; make a cache with --corpora ten")
    if options.what == "corpora":
        print(corpora_table(data, options.write))
    elif options.what == "personal":
        print(personal_table(data))
    elif options.weights:
        trained = {file.stem for file in options.weights.glob("*.safetensors")}
        folds = [fold for fold in speaker_folds(options.what, data.clips) if fold in trained]

        def predictions_of(fold: str) -> Predictions:
            saved = saved_predictions(data, fold, options.weights)
            return together(saved, committee_predictions(data, fold), shipped_share()) if options.together else saved

        print(speakers_table(options.what, predictions_of, folds))
    else:
        folds = speaker_folds(options.what, data.clips)
        print(speakers_table(options.what, lambda fold: committee_predictions(data, fold), folds))


if __name__ == "__main__":
    main()
