"""Reads GoEmotions and KOTE as comments with a share of each mood."""

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

LAYOUT = (
    "folder of the text corpora: GoEmotions as goemotions_{en,ko}_{train,dev,test}.tsv with goemotions_labels.txt, "
    "KOTE as kote_val.tsv with kote_labels.txt"
)
SPLITS = ("train", "dev", "test")
_MASKED = re.compile(r"\[(?:NAME|RELIGION|이름)\]")
"""GoEmotions' placeholders for people and religions; a diary has none."""


@dataclass(frozen=True)
class Comments:
    """Texts with their labels and the share of each mood."""

    texts: tuple[str, ...]
    shares: np.ndarray
    """texts × 7, rows sum to one."""
    labels: np.ndarray
    """texts × labels of the corpus, 0 or 1, in the order of its table."""
    groups: np.ndarray
    """texts × 7: True where any label of the comment leads to the mood. Multi-label figures use it."""
    single: np.ndarray
    """True where all labels lead to one mood. Single-label figures use these comments."""
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


def goemotions(language: str, split: str, data: Path) -> Comments:
    """English (`en`) or its machine translation into Korean (`ko`); `split` is train, dev or test."""
    if language not in ("en", "ko") or split not in SPLITS:
        raise ValueError(f"GoEmotions has en and ko, in {', '.join(SPLITS)}; not {language} {split}")
    names = label_names("goemotions", data)
    rows = _rows(data / f"goemotions_{language}_{split}.tsv")
    labels = [[names[int(number)] for number in row[1].split(",")] for row in rows]
    shares = np.array([_mix((GOEMOTIONS[name], 1.0) for name in line) for line in labels])
    groups = _groups(labels, GOEMOTIONS)
    texts = tuple(_MASKED.sub("", row[0]) for row in rows)
    return Comments(
        texts,
        shares,
        _indicators(labels, names),
        groups,
        groups.sum(1) == 1,
        tuple(f"{split}/{n}" for n in range(len(rows))),
    )


def kote(data: Path) -> Comments:
    """The 5,000 Korean comments. `single` is True where one mood leads by a twentieth or more of the whole."""
    names = label_names("kote", data)
    rows = _rows(data / "kote_val.tsv")
    labels = [[names[int(number)] for number in row[2].split(",")] for row in rows]
    shares = np.array([_mix((KOTE[name], kote_weight(name)) for name in line) for line in labels])
    ordered = np.sort(shares, axis=1)
    leads = ordered[:, -1] - ordered[:, -2] >= 0.05
    return Comments(
        tuple(row[1] for row in rows),
        shares,
        _indicators(labels, names),
        _groups(labels, KOTE),
        leads,
        tuple(row[0] for row in rows),
    )


def label_names(corpus: str, data: Path) -> list[str]:
    """The finer labels of `goemotions` or `kote`, in the order of their numbers."""
    return _lines(data / f"{corpus}_labels.txt")


def folds(comments: Comments, count: int = 5) -> np.ndarray:
    """A fold for each comment, by a hash of its text without spaces, so that equal comments share one."""
    return np.array([zlib.crc32("".join(text.split()).encode()) % count for text in comments.texts])


def diary_lines(path: Path) -> list[dict[str, str]]:
    """Lines of `tests/data` with their mood. They only measure; no training may read them."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _mix(weighted: Iterable[tuple[Shares, float]]) -> list[float]:
    total = dict.fromkeys(EMOTIONS, 0.0)
    for shares, weight in weighted:
        for mood, share in shares.items():
            total[mood] += weight * share
    whole = sum(total.values())
    return [value / whole for value in total.values()]


def _indicators(labels: list[list[str]], names: list[str]) -> np.ndarray:
    return np.array([[name in line for name in names] for line in labels], np.uint8)


def _groups(labels: list[list[str]], table: dict[str, Shares]) -> np.ndarray:
    leading = {name: max(shares, key=shares.__getitem__) for name, shares in table.items()}
    return np.array([[mood in {leading[name] for name in line} for mood in EMOTIONS] for line in labels])


def _lines(path: Path) -> list[str]:
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there: give the folder of the text corpora with --data")
    # Not splitlines(): comments hold U+2028 and U+0085, which do not end a row.
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def _rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in _lines(path)]
