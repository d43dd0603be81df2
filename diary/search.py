"""Searches the notes, tags and feelings of entries, ignoring case, accents and Korean particles.

No index can contain sealed notes, so a search opens every entry. Eleven thousand take a fraction of a second
(benchmarks/page_reruns.py), and nothing that it opens stays in memory.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import feelings
from diary import entries, korean_particles
from diary.composing import composed
from diary.entries import Entry
from diary.sessions import Session

WORDS_MAX = 300
"""The most characters of a query's words: a search compares each word with every entry."""
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_ONLY_INITIALS = re.compile(f"[{_INITIALS}]+")
_SYLLABLE, _SYLLABLES_AN_INITIAL = re.compile("[가-힣]"), 588
_MAY_HAVE_ACCENTS = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")


@dataclass(frozen=True)
class Query:
    """The criteria of a search; an empty field does not narrow it."""

    words: str = ""
    moods: Collection[str] = ()
    tags: Collection[str] = ()
    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        return bool(self.words.strip() or self.moods or self.tags or self.first or self.last)


def find(session: Session, query: Query) -> list[Entry]:
    """The entries that match the whole query, newest first, without damaged ones."""
    if len(query.words) > WORDS_MAX:
        return []
    among = entries.between(session, query.first or date.min, query.last or date.max)
    tags = {fold(tag) for tag in query.tags}
    terms = _terms(query.words)
    return [
        entry
        for entry in reversed(among)
        if not entry.is_damaged
        and (not query.moods or entry.mood in query.moods)
        and (not tags or tags <= {fold(tag) for tag in entry.tags})
        and (not terms or _all_in(terms, fold(_text(entry))))
    ]


def _text(entry: Entry) -> str:
    """All words of an entry; of its feelings those in both languages."""
    return " ".join((entry.note, *entry.tags, *map(feelings.words, entry.feelings)))


def marked(words: str, text: str) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it matches one of the words."""
    text = composed(text)
    by_character = [fold(character) for character in text]
    # A character may fold into several ("ß") or into none (an accent), so each folded one needs its origin.
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
    """Text in the form in which the search compares it: composed, without case and accents."""
    if text.isascii():
        return text.lower()
    folded = composed(text).casefold()
    if _MAY_HAVE_ACCENTS.search(folded):
        letters = unicodedata.normalize("NFD", folded)
        folded = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return unicodedata.normalize("NFC", folded)


class _Term:
    """One word of a query. It also matches inside a word, with other particles, and as initial consonants."""

    def __init__(self, term: str) -> None:
        self._term = term
        self._by_initials = len(term) > 1 and _ONLY_INITIALS.fullmatch(term) is not None
        stem = korean_particles.stem(term)
        with_other_particles = rf"|(?<!\w){re.escape(stem)}{korean_particles.PARTICLE}{{0,2}}(?!\w)" if stem else ""
        self._pattern = re.compile(re.escape(term) + with_other_particles)

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


def _all_in(terms: list[_Term], folded: str) -> bool:
    return all(term.is_in(folded) for term in terms)


def _initials(folded: str) -> str:
    """Each Korean syllable as its first consonant, as people type in a hurry: 학교 → ㅎㄱ."""
    return _SYLLABLE.sub(
        lambda syllable: _INITIALS[(ord(syllable[0]) - ord("가")) // _SYLLABLES_AN_INITIAL],
        folded,
    )
