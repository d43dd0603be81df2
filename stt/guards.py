"""Removes what Whisper makes up: it learnt from subtitles, and writes their phrases where nobody speaks.

The figures behind the limits: `python -m benchmarks.stt_inventions`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stt import inventions

LEAST_LOG_PROBABILITY = -1.0
"""Mean log-probability of a segment's tokens; below it the text is a guess."""
MOST_COMPRESSION = 2.4
"""How well text compresses; above it the text repeats itself. Whisper's own limit."""
NO_SPEECH = 0.6
"""Whisper's probability that nobody speaks, above which an unsure segment counts as silence."""
MOST_REPEATS = 4
"""A phrase that follows itself more often than this is a loop of the decoder."""
FEW_WORDS = 2
"""A window with no more words than this may be a laugh, a sob or a gasp that Whisper wrote as "Huh?" or "Yeah"."""
SURE_OF_FEW = -0.6
"""Mean log-probability that so few words need."""
FASTEST_SPEECH = 30.0
"""Characters a second; the fastest speakers of Korean and English stay below 25."""

_SURE_WORDS = 0.6
"""The mean probability of the words that few words and short phrases need."""
_NO_LETTERS = re.compile(r"[^\w]|_", re.UNICODE)


@dataclass(frozen=True)
class Evidence:
    """What the decoder says about a segment."""

    text: str
    seconds: float
    log_probability: float
    no_speech: float
    compression: float
    word_probability: float
    """The mean probability of its words."""


def is_invented(segment: Evidence) -> bool:
    """Whether the segment is more likely made up than spoken."""
    letters = _letters(segment.text)
    return (
        not letters
        or segment.log_probability < LEAST_LOG_PROBABILITY
        or segment.compression > MOST_COMPRESSION
        or (segment.no_speech > NO_SPEECH and segment.log_probability < LEAST_LOG_PROBABILITY / 2)
        or len(letters) > FASTEST_SPEECH * max(segment.seconds, 0.5)
        or repeats(letters) > MOST_REPEATS
        or _is_a_subtitle(letters)
        or (letters in _SHORT and segment.word_probability < _SURE_WORDS)
    )


def are_a_sound(segments: Sequence[Evidence]) -> bool:
    """Whether the segments of a window, which are not invented one by one, are more likely a sound than words."""
    if sum(len(segment.text.split()) for segment in segments) > FEW_WORDS:
        return False
    return any(segment.log_probability < SURE_OF_FEW or segment.word_probability < _SURE_WORDS for segment in segments)


def repeats(letters: str) -> int:
    """How often the shortest phrase of at least two letters follows itself without a break."""
    most = 1
    for match in re.finditer(r"(.{2,30}?)\1+", letters):
        most = max(most, len(match[0]) // len(match[1]))
    return most


def _letters(text: str) -> str:
    """Without spaces, punctuation and case: the same phrase is written in many ways."""
    return _NO_LETTERS.sub("", text).casefold()


def _is_a_subtitle(letters: str) -> bool:
    """Whether little more than such a phrase is there: a real sentence may hold one."""
    return any(phrase in letters and len(letters) <= 1.5 * len(phrase) + 4 for phrase in _SUBTITLES)


_SUBTITLES = tuple(map(_letters, inventions.SUBTITLES))
_SHORT = frozenset(map(_letters, inventions.SHORT)) - {""}
