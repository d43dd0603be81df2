"""Reads first-person lines in three parts: to train on, to choose on, to report on.

A line belongs to a part by a hash of its text; the plain lines, which train nothing, name theirs. Their moods
are what their own authors felt (isear, enisear, lemotif), what five readers saw (korean), the hashtag of a post
(ifeel), or neutral for everyday accounts written for this purpose (plain).

The table of labels, where it is not obvious:

- lemotif: several feelings a line, in equal parts. Happy, proud, satisfied and excited are happiness; calm and bored
  are half neutral and half happiness (a quiet hour that one likes to remember is either), and so is neutral; anxious,
  afraid and awkward are fear; frustrated, angry and jealous are anger; sad, ashamed and nostalgic are sadness; confused
  and surprised are surprise.
- ifeel: `surprise` collects "amazing", "funny" and "impressed", so half of it is happiness. `love` is left out.
- enisear: shame and guilt are left out.
- korean: its `disgust` collects 난처함 and 답답함 (awkwardness, frustration) and is left out; 놀람 is surprise,
  whatever mood it stands under.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotions import EMOTIONS

HELP = (
    "folder with the tab-separated sets isear_en, enisear_en, ifeel_en, lemotif_en and korean_lines beside "
    "GoEmotions (training/words/corpora.py)"
)
PLAIN = Path(__file__).with_name("plain_lines.tsv")
EVERY_IFEEL = 5
"""One in five of the 20,000 posts is read to choose and to report on."""

_FEELINGS = {
    "happy": "happiness", "proud": "happiness", "satisfied": "happiness", "excited": "happiness",
    "confused": "surprise", "surprised": "surprise", "calm": "neutral", "bored": "neutral",
    "afraid": "fear", "anxious": "fear", "awkward": "fear", "disgusted": "disgust",
    "angry": "anger", "frustrated": "anger", "jealous": "anger",
    "sad": "sadness", "ashamed": "sadness", "nostalgic": "sadness",
}  # fmt: skip


@dataclass(frozen=True)
class FirstPersonLine:
    """A line with the shares of the moods in it."""

    text: str
    source: str
    language: str
    shares: tuple[float, ...]
    """In the order of `EMOTIONS`; any mood with a share is a right answer."""
    part: str
    """train, choose or report (`part_of`)."""

    @property
    def tuning(self) -> bool:
        """Whether it is one to choose on."""
        return self.part == "choose"


def read(data: Path, only: Container[str] | None = None) -> list[FirstPersonLine]:
    """Every line of every set, or of those that `only` has, and the plain lines."""
    readers: dict[str, tuple[str, str, Callable[[dict[str, str]], np.ndarray | None]]] = {
        "isear": ("isear_en", "en", _by_mood),
        "enisear": ("enisear_en", "en", _by_mood),
        "ifeel": ("ifeel_en", "en", _by_hashtag),
        "lemotif": ("lemotif_en", "en", diary_shares),
        "korean": ("korean_lines", "ko", _by_readers),
    }
    found: list[FirstPersonLine] = []
    for source, (file, language, shares_of) in readers.items():
        if only is not None and source not in only:
            continue
        for number, row in enumerate(rows(data / f"{file}.tsv")):
            shares, part = shares_of(row), part_of(row["text"], source)
            if shares is None or (source == "ifeel" and part != "train" and number % EVERY_IFEEL):
                continue
            found.append(FirstPersonLine(row["text"], source, language, tuple(shares.tolist()), part))
    return [*found, *plain_lines()]


def plain_lines() -> Iterator[FirstPersonLine]:
    """Everyday accounts without a feeling, written for this measurement; no model was trained on them."""
    for row in rows(PLAIN):
        part = "choose" if row["half"] == "tuning" else "report"
        yield FirstPersonLine(row["text"], "plain", row["language"], tuple(_only("neutral").tolist()), part)


def part_of(text: str, source: str) -> str:
    """The part that a line belongs to, by a hash of its text without spaces, so that equal lines share one.

    Three fifths train, a fifth chooses, a fifth reports; of the few Korean lines a quarter, a quarter and a half.
    """
    number = _number(text)
    if source == "korean":
        return "report" if number % 2 else "train" if number % 4 else "choose"
    return {1: "report", 3: "report", 0: "choose", 2: "choose"}.get(number % 10, "train")


def is_tuning(text: str) -> bool:
    """Whether a diary entry may count for the prior; no line of the reporting part does."""
    return _number(text) % 2 == 0


def _number(text: str) -> int:
    return zlib.crc32("".join(text.split()).encode())


def diary_shares(row: dict[str, str]) -> np.ndarray:
    """The shares of the moods that the author of a diary entry ticked; half of neutral may be happiness."""
    shares = ticked(row)
    calm = shares[EMOTIONS.index("neutral")] / 2
    return shares + calm * (_only("happiness") - _only("neutral"))


def ticked(row: dict[str, str]) -> np.ndarray:
    """The shares of the moods of a diary entry's feelings."""
    return np.mean([_only(_FEELINGS[feeling]) for feeling in row["said"].split(",")], axis=0)


def rows(file: Path) -> list[dict[str, str]]:
    if not file.is_file():
        raise FileNotFoundError(f"{file} is not there: give the {HELP}")
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE))


def _by_mood(row: dict[str, str]) -> np.ndarray | None:
    return _only(row["mood"]) if row["mood"] in EMOTIONS else None


def _by_hashtag(row: dict[str, str]) -> np.ndarray | None:
    found = _by_mood(row)
    return (found + _only("happiness")) / 2 if found is not None and row["mood"] == "surprise" else found


def _by_readers(row: dict[str, str]) -> np.ndarray | None:
    if row["detail"] == "놀람" and row["mood"] in ("fear", "neutral"):
        return _only("surprise")
    return None if row["mood"] in ("disgust", "neutral") else _by_mood(row)


def _only(mood: str) -> np.ndarray:
    return np.eye(len(EMOTIONS))[EMOTIONS.index(mood)]
