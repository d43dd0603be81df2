"""Character and word error rates of transcripts.

English words are compared after Whisper's normaliser, as published figures are. Korean characters are compared as they
are written: a transcript with “11” where the text says “십일” has an error there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from transformers.models.whisper.english_normalizer import EnglishTextNormalizer

_normalised = EnglishTextNormalizer({})
_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
Units = Callable[[str], list[str]]


@dataclass(frozen=True)
class Errors:
    """How many units of a text are wrong in its transcript: replaced, left out or added."""

    wrong: int
    length: int
    """Units in the text that was said."""


def errors(said: str, written: str, units: Units) -> Errors:
    wanted = units(said)
    return Errors(edit_distance(wanted, units(written)), len(wanted))


def characters(text: str) -> list[str]:
    """Letters and digits; no spaces, punctuation or capitals."""
    return [letter for letter in _plain(text) if letter.isalnum()]


def words(text: str) -> list[str]:
    """Words as published figures count them: without punctuation and capitals, with digits, “it's” as “it is”."""
    return _normalised(text).split()


def words_as_written(text: str) -> list[str]:
    """Words without punctuation or capitals; an apostrophe inside a word stays (don't, o'clock)."""
    joined = re.sub(r"\bo'\s+clock", "o'clock", _plain(text))
    return re.findall(r"\w+(?:'\w+)*", joined)


def edit_distance(wanted: Sequence[Hashable], given: Sequence[Hashable]) -> int:
    """The fewest replacements, omissions and additions that turn one list into the other (Levenshtein)."""
    above = list(range(len(given) + 1))
    for row, unit in enumerate(wanted, 1):
        line = [row]
        for column, other in enumerate(given, 1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (unit != other)))
        above = line
    return above[-1]


def _plain(text: str) -> str:
    # A text may hold a Korean syllable as its letters (macOS writes file names so); NFC makes them equal.
    return unicodedata.normalize("NFC", text).translate(_APOSTROPHES).casefold()
