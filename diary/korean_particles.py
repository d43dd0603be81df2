"""Korean particles: removes them, so that a search for 도서관은 finds 도서관에서, and chooses them in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

# What may follow a noun: some only after a consonant, some only after a vowel.
_AFTER_CONSONANT = "으로서|으로써|이라도|으로|이랑|이나|이야|은|이|을|과"
_AFTER_VOWEL = "라도|는|가|를|와|랑|나|야"
_AFTER_EITHER = (
    "에게서|한테서|에서|에게|께서|한테|로서|로써|하고|까지|부터|마저|조차|처럼|보다|마다|밖에|대로|만큼|"
    "에|께|로|도|만|의|들"
)
# These syllables also end many nouns of two syllables: 사랑 (love) is not 사 with a particle.
_ALSO_ENDS_NOUNS = re.compile("라도|랑|나|야|이나|이야|께|로|도|만|의|들")

PARTICLE = f"(?:{_AFTER_CONSONANT}|{_AFTER_VOWEL}|{_AFTER_EITHER})"
_PARTICLES = re.compile(f"({PARTICLE}){PARTICLE}?")
_ONLY_AFTER_CONSONANT, _ONLY_AFTER_VOWEL = re.compile(_AFTER_CONSONANT), re.compile(_AFTER_VOWEL)
_SYLLABLE, _FINALS = re.compile("[가-힣]"), 28


def stem(word: str) -> str | None:
    """The noun of a word such as 도서관에서, or None. 가을 (autumn) is not 가 with 을: 을 never follows a vowel."""
    return next(stems(word), None)


def stems(word: str) -> Iterator[str]:
    """Every noun that the word may have, shortest first: 고양이를 is 고양이 with 를, or 고양 with 이 and 를."""
    for length in range(1, len(word)):
        last, particles = word[length - 1], _PARTICLES.fullmatch(word[length:])
        if not particles or not _SYLLABLE.fullmatch(last):
            continue
        ends_in_vowel = (ord(last) - ord("가")) % _FINALS == 0
        impossible = _ONLY_AFTER_CONSONANT if ends_in_vowel else _ONLY_AFTER_VOWEL
        if impossible.fullmatch(particles[1]):
            continue
        if length > 1 or not _ALSO_ENDS_NOUNS.fullmatch(particles[1]):
            yield word[:length]


_CHOICE = re.compile(r"([가-힣A-Za-z0-9])([^가-힣A-Za-z0-9]*)\((은/는|이/가|을/를|과/와)\)")
_DIGITS_IN_VOWEL = "2459"
"""이, 사, 오 and 구 end in a vowel; 영, 일, 삼, 육, 칠 and 팔 in a consonant."""


def chosen(sentence: str) -> str:
    """The sentence with each "(은/는)" replaced by the particle that fits the sound before it.

    After a Latin letter, whose sound is unknown, both remain: "Kong은(는)".
    """
    return _CHOICE.sub(_fitting, sentence)


def _fitting(found: re.Match[str]) -> str:
    last, between, pair = found.groups()
    after_consonant, after_vowel = pair.split("/")
    if _SYLLABLE.fullmatch(last):
        ends_in_vowel = (ord(last) - ord("가")) % _FINALS == 0
    elif last.isdigit():
        ends_in_vowel = last in _DIGITS_IN_VOWEL
    else:
        return f"{last}{between}{after_consonant}({after_vowel})"
    return last + between + (after_vowel if ends_in_vowel else after_consonant)
