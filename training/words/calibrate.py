"""Fits offsets, temperatures and margins on the dev splits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from emotions import EMOTIONS
from inference.calibration import fit_margin, fit_temperature
from inference.metrics import accuracy, macro_f1
from reading import Refusal
from training.words import corpora
from training.words.lines import logits_of, matrix, pieces_of
from words.features import features
from words.model import WordsModel, calibrated
from words.text import clean


def fit_offsets(logits: np.ndarray, moods: np.ndarray) -> np.ndarray:
    """Offsets of the logits with the best macro-F1, by coordinate ascent.

    A third of the comments are happiness and one in seventy is disgust; without offsets the model would never choose
    the rare moods.
    """
    offsets = np.zeros(len(EMOTIONS))
    best = macro_f1(moods, logits.argmax(1), len(EMOTIONS))
    for step in (0.6, 0.3, 0.15):
        for mood in list(range(len(EMOTIONS))) * 2:
            for change in (-2 * step, -step, step, 2 * step):
                tried = offsets.copy()
                tried[mood] += change
                score = macro_f1(moods, (logits + tried).argmax(1), len(EMOTIONS))
                if score > best + 1e-5:
                    best, offsets = score, tried
    return offsets - offsets.mean()


def calibrate(logits: np.ndarray, moods: np.ndarray) -> dict[str, Any]:
    """Offsets and temperature of one language."""
    offsets = fit_offsets(logits, moods)
    return {"offsets": offsets.round(4).tolist(), "temperature": round(fit_temperature(logits + offsets, moods), 4)}


def calibrate_on_dev(trained: WordsModel, data: Path, wanted: float) -> dict[str, Any]:
    """Offsets and temperature of each language, and the margins above which readings are sure."""
    meta: dict[str, Any] = {"calibration": {}}
    parts = []
    for language in ("en", "ko"):
        dev = corpora.goemotions(language, "dev", data)
        dev = dev[dev.single]
        logits = logits_of(trained.bag, matrix(trained.vocabulary, pieces_of(dev.texts, dev.shares, language)))
        calibration = meta["calibration"][language] = calibrate(logits, dev.moods)
        scores = calibrated(logits, np.zeros(len(dev)), {"en": calibration, "ko": calibration})
        parts.append((scores, dev.moods, np.array([_denies(text) for text in dev.texts])))
        print(
            f"dev {language}: macro-F1 {macro_f1(dev.moods, scores.argmax(1), len(EMOTIONS)):.3f}, "
            f"accuracy {accuracy(dev.moods, scores.argmax(1)):.3f}, {calibration}"
        )
    scores, moods, denied = (np.concatenate(part) for part in zip(*parts, strict=True))
    meta["margin"] = round(fit_margin(scores[~denied], moods[~denied], wanted), 4)
    # One margin for all lines would be too low for lines with a negation.
    meta["margin_denied"] = round(fit_margin(scores[denied], moods[denied], wanted), 4)
    return meta


def _denies(text: str) -> bool:
    try:
        return features(clean(text)).negates
    except Refusal:
        return False
