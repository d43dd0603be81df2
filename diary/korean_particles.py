"""Korean particles: removes them from a noun, so that a search for 도서관은 finds 도서관에서."""

from __future__ import annotations

import re

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
    for length in range(1, len(word)):
        last, particles = word[length - 1], _PARTICLES.fullmatch(word[length:])
        if not particles or not _SYLLABLE.fullmatch(last):
            continue
        ends_in_vowel = (ord(last) - ord("가")) % _FINALS == 0
        impossible = _ONLY_AFTER_CONSONANT if ends_in_vowel else _ONLY_AFTER_VOWEL
        if impossible.fullmatch(particles[1]):
            continue
        if length > 1 or not _ALSO_ENDS_NOUNS.fullmatch(particles[1]):
            return word[:length]
    return None
