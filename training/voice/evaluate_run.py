"""Measures and calibrates a voice model of your own on the people left out of its training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from inference import measured, metrics
from inference.calibration import fit_margin, is_sure
from ser import audio, members
from training.voice.corpora import Clip, ClipStore
from training.voice.plots import Predictions, by_corpus, calibrate_one, confusion_table, reliability_table
from training.voice.training_data import TrainingData

SURE = 0.95
"""How often a reading called sure should be right, on left-out people."""
FEWEST_PEOPLE, FEWEST_CLIPS = 3, 50
"""With fewer left-out people or clips the margin cannot be measured; the model is then never sure."""
MEASURED = 2000
"""Clips of left-out speakers to measure at most, drawn at random."""


def measure(file: Path, data: TrainingData, test: np.ndarray, known: bool = True) -> str:
    """Reads left-out clips as the app does, writes temperature and margin into the file, and returns the figures.

    `known` is False where the data do not name the speakers.
    """
    model = members.load(file)
    test = np.sort(np.random.default_rng(0).permutation(test)[:MEASURED])
    store = ClipStore(data.cache, data.root)
    outputs = [model.forward(store.wave(int(index))[: 10 * audio.SAMPLE_RATE]) for index in test]
    predictions = Predictions(
        tuple(data.clips[index] for index in test),
        np.stack([output.logits[0].numpy() for output in outputs]),
        (model.meta["left_out"],) * len(test),
    )
    lines = [_all_classes(predictions), "", confusion_table(predictions), ""]
    truth, logs = predictions.in_seven()
    with_mood = [clip for clip in predictions.clips if clip.mood]
    if len(set(truth)) > 1:
        speakers = np.array([clip.speaker for clip in with_mood])
        temperature, crossed = calibrate_one(logs, truth, speakers, by_corpus(with_mood))
        margin = fit_margin(crossed, truth, SURE) if _enough(speakers) else 1.0
        members.save(model, file, temperature=round(temperature, 4), margin=round(margin, 4))
        found = measured.of(
            "left_out_people" if known else "left_out_clips",
            f"{model.meta['name']} {model.meta['version']}",
            "python -m training.cli voice",
            truth,
            crossed,
            EMOTIONS,
            groups=speakers.tolist() if known else None,
            sure=is_sure(crossed, margin) & (margin < 1),
            parts=[clip.corpus for clip in with_mood],
        )
        measured.write(file, [found])
        lines += _seven(truth, crossed, speakers, margin, temperature)
        lines += _against_raters(with_mood, crossed)
    planes = [output.plane[0].numpy() for output in outputs if output.plane is not None]
    if planes:
        lines += _plane(predictions.clips, np.stack(planes))
    return "\n".join(lines)


def _enough(speakers: np.ndarray) -> bool:
    """Whether these clips are enough to fit the margin."""
    return len(set(speakers)) >= FEWEST_PEOPLE and len(speakers) >= FEWEST_CLIPS


def _all_classes(predictions: Predictions) -> str:
    truth, guess, names = predictions.in_corpus_classes()
    uar = metrics.bootstrap(lambda i: metrics.uar(truth[i], guess[i], len(names)), predictions.speakers.tolist())
    return (
        f"All its {len(names)} classes ({len(truth)} clips of {len(set(predictions.speakers))} people): UAR {uar} "
        f"(95 % by person), macro-F1 {metrics.macro_f1(truth, guess, len(names)):.1%}, accuracy "
        f"{metrics.accuracy(truth, guess):.1%}; recall of each, in per cent:"
    )


def _seven(truth: np.ndarray, scores: np.ndarray, speakers: np.ndarray, margin: float, temperature: float) -> list[str]:
    sure, right = is_sure(scores, margin) & (margin < 1), scores.argmax(1) == truth
    crossed = "cross-fitted by person" if len(set(speakers)) > 1 else "fitted on the same person"
    uar = metrics.bootstrap(lambda i: metrics.uar(truth[i], scores[i].argmax(1), len(EMOTIONS)), speakers.tolist())
    share = f"{right[sure].mean():.0%}" if sure.any() else "none"
    why = f"at no lead are {SURE:.0%} of its readings right" if _enough(speakers) else "too few clips to fit the margin"
    return [
        f"The diary's seven ({len(truth)} clips of {len(set(speakers))} people): UAR {uar} (95 % by person)",
        f"temperature {temperature:.3f}, ECE {metrics.ece(truth, scores):.1%} ({crossed})",
        f"sure from a lead of {margin:.3f} on: {sure.mean():.0%} of clips, {share} of them right"
        if margin < 1
        else f"never sure, so the diary always asks: {why}",
        "",
        reliability_table(truth, scores),
    ]


def _against_raters(clips: Sequence[Clip], scores: np.ndarray) -> list[str]:
    """The UAR against the majority of raters' votes, and how often that majority agrees with the actor."""
    voted = [place for place, clip in enumerate(clips) if clip.votes]
    if not voted:
        return []
    majority = [max(clips[place].shares, key=clips[place].shares.__getitem__) for place in voted]
    known = [(place, EMOTIONS.index(mood)) for place, mood in zip(voted, majority, strict=True) if mood in EMOTIONS]
    places, votes = (np.array(part) for part in zip(*known, strict=True))
    uar = metrics.uar(votes, scores[places].argmax(1), len(EMOTIONS))
    agreed = np.mean([clips[place].label == mood for place, mood in zip(voted, majority, strict=True)])
    return [
        "",
        f"against the raters' majority: UAR {uar:.1%}; the majority agrees with the actor in {agreed:.0%} of clips",
    ]


def _plane(clips: Sequence[Clip], planes: np.ndarray) -> list[str]:
    known = [place for place, clip in enumerate(clips) if clip.plane]
    if len(known) < 3:
        return []
    truth = np.array([clips[place].plane for place in known])
    found = [metrics.concordance(truth[:, axis], planes[known][:, axis]) for axis in (0, 1)]
    return ["", f"valence and arousal, concordance (CCC) on {len(known)} clips: {found[0]:.2f} and {found[1]:.2f}"]
