"""The feelings that a text speaks for, by the finer labels that the model has learned beside the seven moods.

The labels are those of GoEmotions and KOTE; `assets/finer_labels.tsv` says which feelings they stand for.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

import settings

_FILE = settings.ASSETS / "finer_labels.tsv"
LEAST = 1.0
"""How far a label must be above a usual line, in log odds, for its feelings to be suggested."""
_LATER = 0.25
"""How much less the second feeling of a label counts than the first."""


@cache
def table() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The feelings of each label of each head, the nearest first."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            found.setdefault(row["head"], {})[row["label"]] = tuple(row["feelings"].split(","))
    return found


def feelings_of(outputs: Mapping[str, np.ndarray], finer: Mapping[str, Mapping[str, Any]]) -> list[dict[str, float]]:
    """For each text, the feelings that it speaks for more than a usual line does, and how much, in log odds.

    `outputs` are the logits of each head; `finer` names the labels of a head and their logits for a usual line
    (`training/words/calibrate.py`).
    """
    found: list[dict[str, float]] = [{} for _ in range(len(next(iter(outputs.values()))))]
    for head, of_head in finer.items():
        above = outputs[head] - np.array(of_head["usual"])
        for text, column in np.argwhere(above >= LEAST).tolist():
            for place, feeling in enumerate(table()[head].get(of_head["labels"][column], ())):
                strength = float(above[text, column]) - _LATER * place
                found[text][feeling] = max(strength, found[text].get(feeling, 0.0))
    return found


def nearest(feelings: Mapping[str, float], offered: Sequence[str], most: int = 3) -> list[str]:
    """Of the feelings that a mood offers, those that a text speaks for most, the nearest first."""
    return sorted((key for key in offered if key in feelings), key=lambda key: -feelings[key])[:most]
