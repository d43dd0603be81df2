"""The finer words for the seven moods: their names, their moods and their places on the plane.

assets/feelings.tsv holds them, and names the published lists that they are from. An entry stores their keys.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).parent / "assets" / "feelings.tsv"

KEY = re.compile("[a-z][a-z_]{0,39}")
"""The form of every key, also of those that only a newer version of Haru knows."""


@dataclass(frozen=True)
class Feeling:
    """One finer word for a mood, or for two of them."""

    key: str
    moods: tuple[str, ...]
    ko: str
    en: str
    valence: float
    """From unpleasant (-1) to pleasant (+1), as Korean readers rated `word`."""
    arousal: float
    """From calm (-1) to excited (+1)."""
    word: str
    """The Korean word as its list has it: the dictionary form of `ko`."""
    ko_list: str
    en_list: str

    def name(self, language: str) -> str:
        """The name in Korean (`ko`) or English."""
        return self.ko if language == "ko" else self.en


def _read() -> tuple[Feeling, ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(_feeling(row) for row in rows)


def _feeling(row: dict[str, str]) -> Feeling:
    texts = {name: row[name] for name in ("key", "ko", "en", "word", "ko_list", "en_list")}
    moods = tuple(row["moods"].split(","))
    return Feeling(**texts, moods=moods, valence=float(row["valence"]), arousal=float(row["arousal"]))


FEELINGS: tuple[Feeling, ...] = _read()
BY_KEY: dict[str, Feeling] = {feeling.key: feeling for feeling in FEELINGS}


def of_mood(mood: str) -> list[Feeling]:
    """The feelings that a page offers for this mood."""
    return [feeling for feeling in FEELINGS if mood in feeling.moods]


def words(key: str) -> str:
    """All words of a feeling, in both languages, for the search; empty for a key of a newer version."""
    feeling = BY_KEY.get(key)
    return f"{feeling.ko} {feeling.word} {feeling.en}" if feeling else ""
