"""Measures the figures of the model card; no training uses the people of its fold. Each needs --data and --cache.

python -m training.voice.evaluate ravdess|emodb|ased|…        the shipped recipe, every person of a corpus left out once
python -m training.voice.evaluate ravdess --weights DIR       DIR/FOLD.safetensors, as `training.voice.train` writes it
python -m training.voice.evaluate corpora [--write]           one corpus left out in turn

`training.voice.frame_cache` comes first. `training.voice.recipes` compares recipes on corpora left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from inference import measured, metrics
from inference.calibration import is_sure, softmax
from inference.measured import Measured
from ser import members, predict
from ser.predict import WEIGHTS
from training.voice import fold_voices
from training.voice.fold_voices import FrameData, Recipe, predictions
from training.voice.folds import SAME_SENTENCES, speaker_folds, turns_with
from training.voice.known_corpora import KNOWN
from training.voice.left_out_scores import UNHEARD, add_data_options, data_of, left_out_clips, soft
from training.voice.plots import SUMMARY_HEAD, Predictions, chosen, confusion_table, join, only, summary
from training.voice.training_data import TrainingData

CROSS_VALIDATED = tuple(name for name in KNOWN if name != "tess")
"""TESS has two speakers, who fill no fold."""


def saved_predictions(data: TrainingData, fold: str, weights: Path) -> Predictions:
    """Evaluates WEIGHTS/FOLD.safetensors of `training.voice.train --fold FOLD`, clip by clip, as the app does."""
    model = members.load(weights / f"{fold}.safetensors")
    _, test = data.train_and_test(fold)
    logits = np.concatenate([model.forward(data.copies[0].wave(index)).logits.numpy() for index in test])
    return Predictions(tuple(data.clips[index] for index in test), logits, (fold,) * len(test))


def speakers_table(corpus: str, predictions_of: Callable[[str], Predictions], folds: list[str]) -> str:
    whole = join([only(predictions_of(fold), corpus) for fold in folds])
    rows = [SUMMARY_HEAD, summary(whole, f"{corpus}, {len(folds)} folds")]
    same = chosen(whole, [clip.speaker in SAME_SENTENCES for clip in whole.clips])
    if same.clips:
        rows.append(summary(same, "of these, who say the same sentences in all moods"))
    return "\n".join([*rows, "", confusion_table(whole)])


def corpora_table(data: FrameData, recipe: Recipe) -> str:
    """Each corpus heard by a voice that never learnt from it."""
    found = {corpus: predictions(data, f"corpus:{corpus}", recipe) for corpus in UNHEARD}
    twice = [predictions(data, f"corpus:{corpus}", recipe, copies=(0, 1)) for corpus in UNHEARD]
    rows = {
        "as shipped, among seven": [uar_of(one) for one in found.values()],
        "… among the corpus's classes": [uar_of(one, shared_only=True) for one in found.values()],
        "… each speaker's mean removed": [centred_uar(one) for one in found.values()],
        "… with a varied copy heard as well": [uar_of(one, shared_only=True) for one in twice],
        "the networks alone": [uar_of(one, shared_only=True) for one in _each(data, replace(recipe, share=1.0))],
        "the committee alone": [uar_of(one, shared_only=True) for one in _each(data, replace(recipe, share=0.0))],
    }
    head = ["| | " + " | ".join(UNHEARD) + " | mean |", "|---" * (len(UNHEARD) + 2) + "|"]
    return "\n".join([*head, *(row(name, values) for name, values in rows.items())])


def _each(data: FrameData, recipe: Recipe) -> list[Predictions]:
    return [predictions(data, f"corpus:{corpus}", recipe) for corpus in UNHEARD]


def unheard_measured(data: FrameData, recipe: Recipe) -> Measured:
    """Figures on the corpora left out, softened as the shipped voice softens them."""
    shipped = predict.load(WEIGHTS)
    people = [left_out_clips(data, f"corpus:{corpus}", recipe) for corpus in UNHEARD]
    scores = np.concatenate([softmax(soft(one, shipped.novelty), shipped.temperature) for one in people])
    return measured.of(
        "corpora_never_heard",
        shipped.model,
        "python -m training.voice.evaluate corpora --write --data DATA --cache DIR",
        np.concatenate([one.truth for one in people]),
        scores,
        EMOTIONS,
        groups=[data.clips.clips[index].speaker for one in people for index in one.index],
        sure=is_sure(scores, float(shipped.members[0].meta["margin"])),
        parts=[corpus for corpus, one in zip(UNHEARD, people, strict=True) for _ in one.truth],
    )


def row(name: str, values: Sequence[float]) -> str:
    return f"| {name} | " + " | ".join(f"{value:.1%}" for value in [*values, np.mean(values)]) + " |"


def uar_of(one: Predictions, shared_only: bool = False) -> float:
    truth, scores = one.in_seven(shared_only)
    return metrics.uar(truth, scores.argmax(1), len(EMOTIONS))


def centred_uar(one: Predictions) -> float:
    """With each speaker's mean score removed: an upper bound for a personal correction without labels."""
    truth, scores = one.in_seven(shared_only=True)
    speakers = np.array([clip.speaker for clip in one.clips if clip.mood])
    for speaker in np.unique(speakers):
        scores[speakers == speaker] -= scores[speakers == speaker].mean(0)
    return metrics.uar(truth, scores.argmax(1), len(EMOTIONS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=[*CROSS_VALIDATED, "corpora"])
    add_data_options(parser)
    parser.add_argument("--weights", type=Path, help="measure the models of the folds in this folder")
    parser.add_argument("--write", action="store_true", help="corpora: also write measured.json beside the weights")
    options = parser.parse_args()
    data = data_of(options)
    clips = data.clips.clips
    if options.what in KNOWN and not any(clip.corpus == options.what for clip in clips):
        parser.error(f"{options.cache} holds no clips of {options.what}; make a cache with --corpora ten")
    if options.what == "corpora":
        print(corpora_table(data, fold_voices.SHIPPED_RECIPE))
        if options.write:
            measured.write(WEIGHTS, [unheard_measured(data, fold_voices.SHIPPED_RECIPE)])
    elif options.weights:
        trained = {file.stem for file in options.weights.glob("*.safetensors")}
        folds = [fold for fold in speaker_folds(options.what, clips) if fold in trained]
        print(speakers_table(options.what, lambda fold: saved_predictions(data.clips, fold, options.weights), folds))
    else:
        folds = turns_with(options.what, clips)
        print(speakers_table(options.what, lambda fold: predictions(data, fold, fold_voices.SHIPPED_RECIPE), folds))


if __name__ == "__main__":
    main()
