"""Tables of the model card from out-of-fold logits: means, intervals, confusion, calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emotions import EMOTIONS
from inference import metrics
from inference.calibration import fit_temperature, negative_log_likelihood, softmax
from ser.members import WITH_CONTEMPT, log_seven
from training.voice.corpora import Clip


@dataclass(frozen=True)
class Predictions:
    """Logits of clips whose speakers the models were not trained on."""

    clips: tuple[Clip, ...]
    logits: np.ndarray
    """(clips, nine or ten)."""
    folds: tuple[str, ...]
    """The fold of each clip."""

    @property
    def speakers(self) -> np.ndarray:
        return np.array([clip.speaker for clip in self.clips])

    def in_corpus_classes(self) -> tuple[np.ndarray, np.ndarray, list[str]]:
        """Truth and guess among the classes that the corpus has (eight for RAVDESS, boredom for EMO-DB)."""
        names = [name for name in WITH_CONTEMPT if any(clip.label == name for clip in self.clips)]
        columns = [WITH_CONTEMPT.index(name) for name in names]
        truth = np.array([names.index(clip.label) for clip in self.clips])
        return truth, self.logits[:, columns].argmax(1), names

    def in_seven(self, shared_only: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Truth and log-scores in the diary's seven (or those of them that the corpus has), without boredom."""
        known = np.array([clip.mood is not None for clip in self.clips])
        truth = np.array([EMOTIONS.index(clip.mood) for clip in self.clips if clip.mood])
        scores = log_seven(self.logits[known])
        if shared_only:
            absent = np.setdiff1d(np.arange(len(EMOTIONS)), truth)
            scores[:, absent] = -1e9
        return truth, scores


def join(parts: Sequence[Predictions]) -> Predictions:
    return Predictions(
        tuple(clip for predictions in parts for clip in predictions.clips),
        np.concatenate([predictions.logits for predictions in parts]),
        tuple(fold for predictions in parts for fold in predictions.folds),
    )


def chosen(one: Predictions, keep: Sequence[bool]) -> Predictions:
    clips = tuple(clip for clip, kept in zip(one.clips, keep, strict=True) if kept)
    return Predictions(clips, one.logits[np.array(keep)], tuple(np.array(one.folds)[np.array(keep)]))


def only(one: Predictions, corpus: str) -> Predictions:
    """The clips of one corpus."""
    return chosen(one, [clip.corpus == corpus for clip in one.clips])


def summary(predictions: Predictions, name: str) -> str:
    """One Markdown row: UAR over all clips with its interval by speaker, mean and spread over folds, F1."""
    truth, guess, names = predictions.in_corpus_classes()
    interval = metrics.bootstrap(lambda i: metrics.uar(truth[i], guess[i], len(names)), predictions.speakers.tolist())
    folds = np.array(predictions.folds)
    each = [
        metrics.uar(truth[folds == fold], guess[folds == fold], len(names)) for fold in dict.fromkeys(predictions.folds)
    ]
    f1 = metrics.macro_f1(truth, guess, len(names))
    return (
        f"| {name} | {len(names)} | {len(truth)} | {interval} | {np.mean(each):.1%} ± {np.std(each):.1%} | "
        f"{f1:.1%} | {metrics.accuracy(truth, guess):.1%} |"
    )


SUMMARY_HEAD = (
    "| left-out speakers | classes | clips | UAR [95 % by speaker] | mean ± sd over folds | macro-F1 | accuracy |\n"
    "|---|---|---|---|---|---|---|"
)


def confusion_table(predictions: Predictions) -> str:
    """Markdown: a row a true class, in per cent of it."""
    truth, guess, names = predictions.in_corpus_classes()
    return percent_table(metrics.confusion(truth, guess, len(names)), names)


def percent_table(counts: np.ndarray, names: Sequence[str]) -> str:
    rows = ["| truth ↓ reading → | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for name, row in zip(names, counts, strict=True):
        if row.sum():
            rows.append(f"| **{name}** | " + " | ".join(f"{share:.0%}" for share in row / row.sum()) + " |")
    return "\n".join(rows)


SHARES = tuple(np.round(np.arange(0, 1.01, 0.1), 1))
"""Weights of the image network to try beside the transformer."""


@dataclass(frozen=True)
class PairCalibration:
    """Weights and temperature of a pair of models, fitted on left-out speakers."""

    share: float
    """Weight of the first model; the second has the rest."""
    temperature: float
    crossed: np.ndarray
    """Scores of each speaker's clips with share and temperature fitted on the other speakers, for the report."""


def pool(first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray:
    """Log-scores of the pair, before temperature."""
    return share * first + (1 - share) * second


def calibrate(
    first: np.ndarray, second: np.ndarray, truth: np.ndarray, speakers: np.ndarray, weights: np.ndarray
) -> PairCalibration:
    """Fits a pair on log-scores (clips, seven); `weights` make every corpus count alike."""
    crossed = np.empty_like(first)
    for speaker in np.unique(speakers):
        mine = speakers == speaker
        share, temperature = _fit(first[~mine], second[~mine], truth[~mine], weights[~mine])
        crossed[mine] = softmax(pool(first[mine], second[mine], share), temperature)
    return PairCalibration(*_fit(first, second, truth, weights), crossed)


def calibrate_one(
    logs: np.ndarray, truth: np.ndarray, speakers: np.ndarray, weights: np.ndarray
) -> tuple[float, np.ndarray]:
    """The temperature of one model, and scores of each speaker's clips with the temperature of the others."""
    crossed = np.empty_like(logs)
    for speaker in np.unique(speakers):
        mine = speakers == speaker
        others = ~mine if (~mine).any() else mine
        crossed[mine] = softmax(logs[mine], fit_temperature(logs[others], truth[others], weights[others]))
    return fit_temperature(logs, truth, weights), crossed


def _fit(first: np.ndarray, second: np.ndarray, truth: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    found = []
    for share in SHARES:
        pooled = pool(first, second, share)
        temperature = fit_temperature(pooled, truth, weights)
        found.append((negative_log_likelihood(pooled, truth, temperature, weights), float(share), temperature))
    _, share, temperature = min(found)
    return share, temperature


def reliability_table(truth: np.ndarray, scores: np.ndarray, bins: int = 10) -> str:
    table = metrics.reliability(truth, scores, bins)
    rows = ["| top score | clips | mean score | accuracy |", "|---|---|---|---|"]
    for low, high, count, promised, kept in zip(
        table.edges[:-1], table.edges[1:], table.counts, table.promised, table.kept, strict=True
    ):
        if count:
            rows.append(f"| {low:.0%}–{high:.0%} | {count} | {promised:.0%} | {kept:.0%} |")
    return "\n".join(rows)


def by_corpus(clips: Sequence[Clip]) -> np.ndarray:
    """A weight a clip, so that every corpus counts alike."""
    corpora = np.array([clip.corpus for clip in clips])
    _, member, counts = np.unique(corpora, return_inverse=True, return_counts=True)
    return 1.0 / counts[member]
