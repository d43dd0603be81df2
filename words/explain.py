"""Explains a reading of a note: how far each word moved the score of one mood, and which mood it spoke for.

Each word is left out once, and the rest is read again: what the score loses is what the word did. Negations and "but"
need no rules, because the model reads the whole sentence each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from emotions import EMOTIONS
from words.parts import Word, encode, parts_of, words_of
from words.predict import Recogniser
from words.text import clean, korean_share

_MOST_WORDS = 120
"""Words of a long note that are left out in turn: those of the parts that spoke most for the mood."""


@dataclass(frozen=True)
class Span:
    """A word or sign, and how far it moved each mood."""

    start: int
    end: int
    text: str
    weights: Mapping[str, float]
    """In logits, against the mean of the seven: a positive weight speaks for the mood."""
    effect: float
    """How far it moved the logarithm of the score of the explained mood: negative where it spoke against it."""

    @property
    def mood(self) -> str:
        """The mood with the largest weight."""
        return max(self.weights, key=self.weights.__getitem__)


@dataclass(frozen=True)
class WordsExplanation:
    """A clean text and its spans, in order."""

    text: str
    """The text that `start` and `end` count in: composed Unicode, without invisible characters."""
    spans: tuple[Span, ...]
    mood: str
    """The mood that the effects are about."""


def explain(recogniser: Recogniser, text: str, mood: str | None = None) -> WordsExplanation:
    """What each word did, for `mood` or for the best mood of the text.

    Raises `Refusal` where there is nothing to read.
    """
    text = clean(text)
    tokenizer, model = recogniser.words_model.tokenizer, recogniser.words_model
    spans, korean = parts_of(tokenizer, text), np.array([korean_share(text)])
    pieces = encode(tokenizer, [text[begin:end] for begin, end in spans])
    each = model.logits(pieces)
    share = np.array([len(part) for part in pieces]) / sum(map(len, pieces))
    whole = share @ each
    scores = recogniser.scores(whole[None], korean)[0]
    chosen = EMOTIONS.index(mood) if mood else int(scores.argmax())
    left_out = _words_to_leave_out(text, spans, share * (each[:, chosen] - each.mean(1)))
    rest_of = [text[spans[part][0] : word.start] + text[word.end : spans[part][1]] for part, word in left_out]
    without = model.logits(encode(tokenizer, rest_of)) if rest_of else each[:0]
    parts = np.array([part for part, _ in left_out], int)
    moved = share[parts, None] * (each[parts] - without)
    rest = recogniser.scores(whole - moved, np.repeat(korean, len(moved))) if len(moved) else scores[None][:0]
    effects = np.log(scores[chosen]) - np.log(rest[:, chosen])
    moved -= moved.mean(1, keepdims=True)
    found = {word: (row, effect) for (_, word), row, effect in zip(left_out, moved, effects, strict=True)}
    nothing = np.zeros(len(EMOTIONS)), 0.0
    return WordsExplanation(
        text,
        tuple(_span(word, *found.get(word, nothing)) for word in words_of(text)),
        EMOTIONS[chosen],
    )


def _words_to_leave_out(text: str, parts: list[tuple[int, int]], spoke_for: np.ndarray) -> list[tuple[int, Word]]:
    """Words with their part, from the parts that spoke most for the mood on."""
    words, found = words_of(text), []
    for part in np.argsort(-spoke_for, kind="stable").tolist():
        begin, end = parts[part]
        inside = [(part, word) for word in words if begin <= word.start and word.end <= end]
        if found and len(found) + len(inside) > _MOST_WORDS:
            break
        found += inside
    return found


def _span(word: Word, moved: np.ndarray, effect: float) -> Span:
    return Span(word.start, word.end, word.text, dict(zip(EMOTIONS, moved.tolist(), strict=True)), float(effect))
