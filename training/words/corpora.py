"""The corpora of `../shared/data/text` as comments with a share of each mood. For training and measuring only."""

from __future__ import annotations

import csv
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from training.words.labels import GOEMOTIONS, KOTE, Shares, kote_weight

DATA = Path("../shared/data/text")
SPLITS = ("train", "dev", "test")
_MASKED = re.compile(r"\[(?:NAME|RELIGION|이름)\]")
"""GoEmotions hides people and religions behind these; a diary never holds them."""


@dataclass(frozen=True)
class Comments:
    """Texts, the share of each mood in each of them, and which have one mood alone."""

    texts: tuple[str, ...]
    shares: np.ndarray
    """texts × 7, rows sum to one."""
    labels: np.ndarray
    """texts × labels of the corpus, 0 or 1, in the order of its table."""
    groups: np.ndarray
    """texts × 7: True where any label of the comment leads to the mood. What multi-label figures are measured on."""
    single: np.ndarray
    """True where the labels lead to one mood: the comments that single-label figures are measured on."""
    ids: tuple[str, ...]

    @property
    def moods(self) -> np.ndarray:
        """The leading mood of each comment as an index into `EMOTIONS`."""
        return self.shares.argmax(axis=1)

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, rows: np.ndarray) -> Comments:
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows
        return Comments(
            tuple(self.texts[row] for row in rows),
            self.shares[rows],
            self.labels[rows],
            self.groups[rows],
            self.single[rows],
            tuple(self.ids[row] for row in rows),
        )


def goemotions(language: str, split: str, data: Path = DATA) -> Comments:
    """English (`en`) or its machine translation into Korean (`ko`); `split` is train, dev or test."""
    if language not in ("en", "ko") or split not in SPLITS:
        raise ValueError(f"GoEmotions is here as en and ko, in {', '.join(SPLITS)}; asked for {language} {split}")
    names = _lines(data / "goemotions_labels.txt")
    rows = _rows(data / f"goemotions_{language}_{split}.tsv")
    given = [[names[int(number)] for number in row[1].split(",")] for row in rows]
    shares = np.array([_mix((GOEMOTIONS[name], 1.0) for name in line) for line in given])
    groups = _groups(given, GOEMOTIONS)
    texts = tuple(_MASKED.sub("", row[0]) for row in rows)
    return Comments(
        texts,
        shares,
        _marked(given, names),
        groups,
        groups.sum(1) == 1,
        tuple(f"{split}/{n}" for n in range(len(rows))),
    )


def kote(data: Path = DATA) -> Comments:
    """The 5,000 real Korean comments. `single` is where one mood leads by a twentieth or more of the whole."""
    names = _lines(data / "kote_labels.txt")
    rows = _rows(data / "kote_val.tsv")
    given = [[names[int(number)] for number in row[2].split(",")] for row in rows]
    shares = np.array([_mix((KOTE[name], kote_weight(name)) for name in line) for line in given])
    ordered = np.sort(shares, axis=1)
    leads = ordered[:, -1] - ordered[:, -2] >= 0.05
    return Comments(
        tuple(row[1] for row in rows),
        shares,
        _marked(given, names),
        _groups(given, KOTE),
        leads,
        tuple(row[0] for row in rows),
    )


def folds(comments: Comments, count: int = 5) -> np.ndarray:
    """A fold for each comment, by a hash of its text without spaces: equal comments never part."""
    return np.array([zlib.crc32("".join(text.split()).encode()) % count for text in comments.texts])


def diary_lines(path: Path) -> list[dict[str, str]]:
    """Lines of `tests/data` with their mood: written to measure, so nothing that trains may call this."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _mix(weighted: Iterable[tuple[Shares, float]]) -> list[float]:
    total = dict.fromkeys(EMOTIONS, 0.0)
    for shares, weight in weighted:
        for mood, share in shares.items():
            total[mood] += weight * share
    whole = sum(total.values())
    return [value / whole for value in total.values()]


def _marked(given: list[list[str]], names: list[str]) -> np.ndarray:
    return np.array([[name in line for name in names] for line in given], np.uint8)


def _groups(given: list[list[str]], table: dict[str, Shares]) -> np.ndarray:
    leading = {name: max(shares, key=shares.__getitem__) for name, shares in table.items()}
    return np.array([[mood in {leading[name] for name in line} for mood in EMOTIONS] for line in given])


def _lines(path: Path) -> list[str]:
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there: give the folder that holds the text corpora with --data")
    # Not splitlines(): comments hold U+2028 and U+0085, which are no ends of rows.
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def _rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in _lines(path)]
