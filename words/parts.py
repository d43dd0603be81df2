"""Splits a text into parts that the network reads at once, and into words.

A line is one part. A long note is split at the ends of its sentences; of a very long one, as many parts are read as
fit in a second or so, spread evenly over the text. Both take linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from words.text import EMOJI

PIECES = 62
"""The most pieces of a part, without the marks of beginning and end; the training lines have up to as many."""
MOST_PARTS = 48
_SENTENCE = re.compile(r"[^.!?…\n]*(?:[.!?…]+(?=\s|$)|[.!?…]|\n|$)", re.DOTALL)
_WORD = re.compile(
    r">?[:;=]['-]?[()dpo3/](?![a-z])|<3|\^_*\^|[tㅠㅜ]_+[tㅠㅜ](?![a-z])|-_+-"
    r"|[\uac00-\ud7a3]+|[\u3131-\u3163]+|[a-z\u00df-\u024f]+(?:['’][a-z]+)*|\d+(?:[.,:]\d+)*"
    rf"|{EMOJI.pattern}",
    re.IGNORECASE,
)

_NEAREST = str.maketrans(
    "🤢🤮💩🤧🥳😸🫶🥹🤯🫢💤🧺🧹😧🫣🫨🤬🖕😾🗯🥺😿",
    "😷😷😷😷🎉😹💕😊😲😮😴🏠🏠😨😱😱😡😡😠💢😢😢",
)
"""Emoji that the published vocabulary lacks, and the nearest that it has."""


@dataclass(frozen=True)
class Word:
    """A word, number, emoticon or emoji of a text."""

    start: int
    end: int
    text: str

    @property
    def is_korean(self) -> bool:
        return "\u3131" <= self.text[0] <= "\ud7a3"

    @property
    def is_latin(self) -> bool:
        return self.text[0].isalpha() and not self.is_korean


def words_of(text: str) -> list[Word]:
    """The words and signs of a text, in order; punctuation is left out."""
    return [Word(found.start(), found.end(), found.group()) for found in _WORD.finditer(text)]


def parts_of(tokenizer: Tokenizer, text: str) -> list[tuple[int, int]]:
    """Beginning and end of each part of a clean text."""
    if len(text) <= 2 * PIECES and _length(tokenizer, text) <= PIECES:
        return [(0, len(text))]
    found: list[tuple[int, int]] = []
    start, held = 0, 0
    for begin, size in _short_sentences(tokenizer, text):
        if held and held + size > PIECES:
            found.append((start, begin))
            start, held = begin, 0
        held += size
    found.append((start, len(text)))
    found = [(begin, end) for begin, end in found if text[begin:end].strip()]
    if len(found) <= MOST_PARTS:
        return found
    chosen = np.linspace(0, len(found) - 1, MOST_PARTS).round().astype(int)
    return [found[place] for place in chosen.tolist()]


def _short_sentences(tokenizer: Tokenizer, text: str) -> Iterator[tuple[int, int]]:
    """Beginning and pieces of every sentence; one with too many pieces is cut at spaces."""
    spans = [found.span() for found in _SENTENCE.finditer(text) if found.group()]
    for (begin, end), size in zip(spans, _lengths(tokenizer, [text[b:e] for b, e in spans]), strict=True):
        if size <= PIECES:
            yield begin, size
            continue
        # Shorter than needed, because the pieces are not spread evenly.
        step = max(1, (end - begin) * PIECES * 3 // (size * 4))
        while begin < end:
            cut = min(begin + step, end)
            space = text.rfind(" ", begin + step // 2, cut)
            cut = space if space > begin and cut < end else cut
            yield begin, PIECES * 3 // 4
            begin = cut


def _length(tokenizer: Tokenizer, text: str) -> int:
    return len(tokenizer.encode(text, add_special_tokens=False).ids)


def _lengths(tokenizer: Tokenizer, texts: list[str]) -> list[int]:
    return [len(found.ids) for found in tokenizer.encode_batch(texts, add_special_tokens=False)]


def encode(tokenizer: Tokenizer, texts: list[str], longest: int = PIECES + 2) -> list[np.ndarray]:
    """The pieces of texts; one that is longer keeps its beginning and its last piece, the end mark."""
    found = [
        np.array(text.ids, np.int64) for text in tokenizer.encode_batch([text.translate(_NEAREST) for text in texts])
    ]
    return [ids if len(ids) <= longest else np.append(ids[: longest - 1], ids[-1]) for ids in found]
