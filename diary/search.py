"""Finding an entry by one's own words: opened in memory, compared as people read, not as bytes.

Sealed words cannot be indexed, so all of them are opened; eleven thousand take a fraction of a second
(benchmarks/tracker.py). Nothing opened is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from diary import entries, korean_particles
from diary.composing import composed
from diary.entries import Entry
from diary.sessions import Session

WORDS_MAX = 300
"""Characters of what is looked for; each word is looked for on its own, in every entry."""
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_ONLY_INITIALS = re.compile(f"[{_INITIALS}]+")
_SYLLABLE, _SYLLABLES_AN_INITIAL = re.compile("[가-힣]"), 588
_MAY_HAVE_ACCENTS = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")


@dataclass(frozen=True)
class Query:
    """What somebody looks for; what is left empty does not narrow anything."""

    words: str = ""
    moods: Collection[str] = ()
    tags: Collection[str] = ()
    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        return bool(self.words.strip() or self.moods or self.tags or self.first or self.last)


def find(session: Session, wanted: Query) -> list[Entry]:
    """The entries that fit everything wanted, newest first; damaged ones have no words to find."""
    if len(wanted.words) > WORDS_MAX:
        return []
    among = entries.between(session, wanted.first or date.min, wanted.last or date.max)
    tags = {fold(tag) for tag in wanted.tags}
    terms = _terms(wanted.words)
    return [
        entry
        for entry in reversed(among)
        if not entry.is_damaged
        and (not wanted.moods or entry.mood in wanted.moods)
        and (not tags or tags <= {fold(tag) for tag in entry.tags})
        and (not terms or _fits(terms, fold(" ".join((entry.note, *entry.tags)))))
    ]


def marked(words: str, text: str) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is one of the places where the words were found."""
    text = composed(text)
    by_character = [fold(character) for character in text]
    # One letter may fold into several ("ß") or into none (an accent): every folded one knows where it came from.
    origin = [place for place, folded in enumerate(by_character) for _ in folded]
    folded = "".join(by_character)
    found = {origin[place] for term in _terms(words) for span in term.spans(folded) for place in range(*span)}
    pieces: list[tuple[str, bool]] = []
    for place, character in enumerate(text):
        if pieces and pieces[-1][1] == (place in found):
            pieces[-1] = (pieces[-1][0] + character, pieces[-1][1])
        else:
            pieces.append((character, place in found))
    return pieces


def fold(text: str) -> str:
    """Text as it is compared: however it was composed, whatever its case and accents."""
    if text.isascii():
        return text.lower()
    folded = composed(text).casefold()
    if _MAY_HAVE_ACCENTS.search(folded):
        letters = unicodedata.normalize("NFD", folded)
        folded = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return unicodedata.normalize("NFC", folded)


class _Term:
    """One word that is looked for: anywhere in a word, with another particle, or by its initial consonants."""

    def __init__(self, term: str) -> None:
        self._term = term
        self._by_initials = len(term) > 1 and _ONLY_INITIALS.fullmatch(term) is not None
        stem = korean_particles.stem(term)
        with_any = rf"|(?<!\w){re.escape(stem)}{korean_particles.PARTICLE}{{0,2}}(?!\w)" if stem else ""
        self._pattern = re.compile(re.escape(term) + with_any)

    def is_in(self, folded: str) -> bool:
        if self._by_initials and self._term in _initials(folded):
            return True
        return self._pattern.search(folded) is not None

    def spans(self, folded: str) -> Iterator[tuple[int, int]]:
        for match in self._pattern.finditer(folded):
            yield match.span()
        if self._by_initials:
            for match in re.finditer(self._term, _initials(folded)):
                yield match.span()


def _terms(words: str) -> list[_Term]:
    return [_Term(term) for term in fold(words).replace("#", " ").split()]


def _fits(terms: list[_Term], folded: str) -> bool:
    return all(term.is_in(folded) for term in terms)


def _initials(folded: str) -> str:
    """Every Korean syllable by its first consonant, as people type who are in a hurry: 학교 → ㅎㄱ."""
    return _SYLLABLE.sub(
        lambda syllable: _INITIALS[(ord(syllable[0]) - ord("가")) // _SYLLABLES_AN_INITIAL],
        folded,
    )
