"""The lines that the model of written emotion is trained on, source by source.

Each source has its own class shares and its own idea of a mood; the training gives each an offset of its own, so that
the model itself learns what the text says and not how often a source says it.
"""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from training.words import corpora, events, first_person
from training.words.first_person import FirstPersonLine
from training.words.labels import PLUTCHIK, Shares
from training.words.practice import practice

CHATBOT_MOODS = Path(__file__).with_name("chatbot_moods.tsv")
"""What moods a reader saw in the lines of `chatbot_ko.tsv`, by the hash of a line."""
LICENCES: Mapping[str, str] = {
    "goemotions_en": "Apache-2.0", "goemotions_ko": "Apache-2.0", "kote": "MIT",
    "isear": "research", "enisear": "research", "ifeel": "educational and research use", "lemotif": "MIT",
    "korean": "CC BY-NC", "subtitles": "CC BY 4.0", "chatbot": "MIT",
    "events_ko": "Haru's own", "events_en": "Haru's own", "practice": "Haru's own",
}  # fmt: skip
"""The licence of each source, in the order of training."""
FREE = frozenset(name for name, terms in LICENCES.items() if terms in ("Apache-2.0", "MIT", "CC BY 4.0", "Haru's own"))
"""The sources that anybody may use, change, share and sell."""
KOTE_TESTED = 0
"""The fold of KOTE that no training reads."""
_CODES = {"H": "happiness", "S": "surprise", "N": "neutral", "F": "fear", "D": "disgust", "A": "anger", "B": "sadness"}
_SECOND = 0.35
"""The share of a second mood that a reader of a line noted."""


@dataclass(frozen=True)
class Source:
    """Lines of one origin."""

    name: str
    texts: tuple[str, ...]
    shares: np.ndarray
    """texts × 7"""
    weight: float
    repeats: int
    """How often the training sees each line, every time written a little differently."""
    fine: np.ndarray | None = None
    """texts × finer labels, 0 or 1; the head of this name learns them."""

    def some(self, most: int, seed: int) -> Source:
        """Some of the lines, once each."""
        rows = np.sort(np.random.default_rng(seed).permutation(len(self.texts))[:most])
        return replace(
            self,
            texts=tuple(self.texts[row] for row in rows),
            shares=self.shares[rows],
            repeats=1,
            fine=None if self.fine is None else self.fine[rows],
        )

    @property
    def fine_head(self) -> str | None:
        return None if self.fine is None else self.name.split("_")[0]


def read(data: Path, sentences: int = 14, seed: int = 0, free: bool = False) -> list[Source]:
    """Every source, or only the free ones; `sentences` is how many sentences each template of events gives."""
    wanted = [name for name in LICENCES if name in FREE or not free]
    lines = [line for line in first_person.read(data, wanted) if line.part == "train"]

    def of_lines(name: str, weight: float, repeats: int) -> Source:
        mine = [line for line in lines if line.source == name]
        return Source(
            name, tuple(line.text for line in mine), np.array([line.shares for line in mine]), weight, repeats
        )

    makers: dict[str, Callable[[], Source]] = {
        "goemotions_en": lambda: _goemotions("en", data),
        "goemotions_ko": lambda: _goemotions("ko", data),
        "kote": lambda: _kote(data),
        "isear": lambda: of_lines("isear", 1.0, 4),
        "enisear": lambda: of_lines("enisear", 1.0, 4),
        "ifeel": lambda: of_lines("ifeel", 0.6, 1),
        "lemotif": lambda: of_lines("lemotif", 1.0, 4),
        "korean": lambda: of_lines("korean", 1.0, 6),
        "subtitles": lambda: _subtitles(data),
        "chatbot": lambda: _chatbot(data, free),
        "events_ko": lambda: events_of("ko", sentences, seed),
        "events_en": lambda: events_of("en", sentences, seed),
        "practice": lambda: _practice(seed),
    }
    return [makers[name]() for name in wanted]


def _goemotions(language: str, data: Path) -> Source:
    comments = corpora.goemotions(language, "train", data)
    labels = comments.labels.astype(np.float32)
    return Source(f"goemotions_{language}", comments.texts, comments.shares, 0.7, 1, labels)


def _kote(data: Path) -> Source:
    comments = corpora.kote(data)
    comments = comments[corpora.folds(comments) != KOTE_TESTED]
    return Source("kote", comments.texts, comments.shares, 1.0, 6, comments.labels.astype(np.float32))


def _practice(seed: int) -> Source:
    texts, shares = practice(12_000, seed)
    return Source("practice", tuple(texts), shares, 0.7, 1)


def _subtitles(data: Path) -> Source:
    rows = [row for row in first_person.rows(data / "subtitles_en.tsv") if sum(map(str.isalpha, row["text"])) > 3]
    # A half of the plain lines, which say least.
    rows = [row for number, row in enumerate(rows) if row["moods"] != "neutral" or number % 2]
    shares = np.array([np.mean([vector(PLUTCHIK[label]) for label in row["moods"].split(",")], axis=0) for row in rows])
    return Source("subtitles", tuple(row["text"] for row in rows), shares, 0.4, 1)


def line_key(text: str) -> str:
    """A short hash that stands for a line whose text is not in this repository."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def chatbot_lines(data: Path) -> list[FirstPersonLine]:
    """The short Korean lines with the moods that a reader saw in them; the parts count only where `free` is said."""
    with CHATBOT_MOODS.open(encoding="utf-8", newline="") as file:
        codes = {row["line"]: row["moods"] for row in csv.DictReader(file, delimiter="\t")}
    texts = dict.fromkeys(row["text"] for row in first_person.rows(data / "chatbot_ko.tsv"))
    return [
        FirstPersonLine(text, "chatbot", "ko", tuple(_noted(code).tolist()), first_person.part_of(text, "chatbot"))
        for text in texts
        if (code := codes.get(line_key(text), "x")) != "x"
    ]


def _chatbot(data: Path, free: bool) -> Source:
    lines = [line for line in chatbot_lines(data) if not (free and line.part == "choose")]
    return Source("chatbot", tuple(line.text for line in lines), np.array([line.shares for line in lines]), 1.0, 1)


def _noted(codes: str) -> np.ndarray:
    moods = [_CODES[code] for code in codes]
    return vector({moods[0]: 0.9, "neutral": 0.1} if len(moods) == 1 else {moods[0]: 1 - _SECOND, moods[1]: _SECOND})


def events_of(language: str, sentences: int, seed: int) -> Source:
    """The sentences of the templates, up to so many of each; three times as many of plain ones.

    Most lines of a diary are plain, and to read a feeling into them is the worst mistake.
    """
    rng = random.Random(seed)
    made = [
        (text, template.shares)
        for template in events.templates(language)
        for text in sorted(template.sentences(sentences * (3 if template.is_plain else 1), rng))
    ]
    return Source(f"events_{language}", tuple(text for text, _ in made), np.array([vector(s) for _, s in made]), 1.0, 1)


def vector(shares: Shares) -> np.ndarray:
    """Shares in the order of `EMOTIONS`, with the sum one."""
    found = np.array([shares.get(mood, 0.0) for mood in EMOTIONS])
    return found / found.sum()


def written_differently(text: str, rng: random.Random) -> str:
    """The line as another person might type it: without capitals, without the last mark, with a space forgotten."""
    if rng.random() < 0.2:
        text = text.lower()
    if rng.random() < 0.3:
        text = text.rstrip(" .!")
    spaces = [at for at, letter in enumerate(text) if letter == " "]
    if spaces and rng.random() < 0.1 and _is_korean(text):
        at = rng.choice(spaces)
        text = text[:at] + text[at + 1 :]
    return text or "."


def _is_korean(text: str) -> bool:
    return any("\uac00" <= letter <= "\ud7a3" for letter in text[:20])
