"""Fits offsets and a temperature of each language, so that scores are right where every mood is equally frequent.

How frequent the moods are in a diary is another matter: inference/prior.py puts that in, once for all senses.
It also stores what the finer labels give for a usual line (words/finer.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from emotions import EMOTIONS
from inference.calibration import fit_margin, negative_log_likelihood
from training.words import corpora, free
from training.words.first_person import FirstPersonLine
from words.model import MOOD, WordsModel, calibrated
from words.parts import encode

SETS: Mapping[str, float] = {
    "lemotif": 1.0, "korean": 1.0, "plain": 1.0, "ifeel": 0.5, "isear": 0.5, "enisear": 0.25,
    "goemotions_en": 0.5, "goemotions_ko": 0.5, "chatbot": 1.0,
}  # fmt: skip
"""How much each set of lines counts within a mood. Diary entries and posts in the first person count most; comments
are no diary, but have the moods that the others hardly have."""
RIGHT_WHEN_SURE = 0.9
"""Of readings without the diarist's prior."""
FINER_HEADS = ("goemotions", "kote")
_RIDGE = 0.002
"""Holds the offsets near the start: a set has few lines of some moods."""


def calibrate(trained: WordsModel, data: Path) -> dict[str, Any]:
    """The parts `calibration`, `margin` and `finer` of the metadata, fitted on the lines to choose on."""
    meta: dict[str, Any] = {"calibration": {}}
    read, usual = [], []
    first_person = free.lines_to_choose_on(data, str(trained.meta["name"]))
    for language in ("en", "ko"):
        texts, truth, kinds = lines_to_choose_on(first_person, data, language)
        outputs = trained.outputs(encode(trained.tokenizer, texts))
        logits = outputs[MOOD]
        usual.append({head: each.mean(0) for head, each in outputs.items()})
        found = fit(logits, truth, even_weights(truth, kinds), start_of(trained, language))
        meta["calibration"][language] = found
        both = {"en": found, "ko": found}
        scores = calibrated(logits, np.zeros(len(logits)), both)
        read.append((scores, truth, even_weights(truth, kinds)))
        right = truth[np.arange(len(truth)), scores.argmax(1)] > 0
        each = ", ".join(f"{kind} {right[kinds == kind].mean():.1%}" for kind in np.unique(kinds))
        print(f"{language}: {len(texts):,} lines, right {each}; {found}")
    scores, truth, weights = (np.concatenate(part) for part in zip(*read, strict=True))
    meta["margin"] = round(fit_margin(scores, truth, RIGHT_WHEN_SURE, weights), 4)
    meta["finer"] = {
        head: {
            "labels": corpora.label_names(head, data),
            "usual": np.mean([each[head] for each in usual], axis=0).astype(float).round(3).tolist(),
        }
        for head in FINER_HEADS
    }
    return meta


def start_of(trained: WordsModel, language: str) -> np.ndarray:
    """What the training learned for its balanced source: sentences about events."""
    found = np.array(trained.meta["source_offsets"][f"events_{language}"])
    return found - found.mean()


def fit(logits: np.ndarray, truth: np.ndarray, weights: np.ndarray, start: np.ndarray) -> dict[str, Any]:
    """The offsets and the temperature with the smallest loss."""

    def loss(point: np.ndarray) -> float:
        scaled = (logits + start + point[1:]) * np.exp(point[0])
        return negative_log_likelihood(scaled, truth, 1.0, weights) + _RIDGE * float(np.square(point[1:]).sum())

    # Lines that are all right would have a temperature of zero.
    bounds = [(np.log(0.2), np.log(5)), *[(-5, 5)] * len(EMOTIONS)]
    point = minimize(loss, np.zeros(len(EMOTIONS) + 1), method="L-BFGS-B", bounds=bounds).x
    offsets = start + point[1:]
    return {
        "offsets": (offsets - offsets.mean()).round(4).tolist(),
        "temperature": round(float(np.exp(-point[0])), 4),
    }


def lines_to_choose_on(
    first_person: Sequence[FirstPersonLine], data: Path, language: str
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Texts, shares of the moods and sets."""
    lines = [line for line in first_person if line.language == language]
    dev = corpora.goemotions(language, "dev", data)
    dev = dev[dev.single]
    return (
        [line.text for line in lines] + list(dev.texts),
        np.concatenate([np.array([line.shares for line in lines]), np.eye(len(EMOTIONS))[dev.moods]]),
        np.array([line.source for line in lines] + [f"goemotions_{language}"] * len(dev)),
    )


def even_weights(truth: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """A weight for each line: every mood counts alike, and within a mood each set as `SETS` says."""
    weights, moods = np.zeros(len(truth)), truth.argmax(1)
    for mood in np.unique(moods):
        here = {str(kind): (moods == mood) & (kinds == kind) for kind in np.unique(kinds[moods == mood])}
        whole = sum(SETS[kind] for kind in here)
        for kind, rows in here.items():
            weights[rows] = SETS[kind] / whole / rows.sum()
    return weights
