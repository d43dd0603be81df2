"""The words that a person used on the most days, from their notes: Korean nouns and English words.

No dictionary says which Korean word is a noun, so the notes themselves have to: a noun takes particles that no verb
takes (커피를, 도서관에서). A word that never takes one is left out: a wrong word looks worse than a
missing one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

import settings
from diary import korean_particles
from diary.composing import composed
from diary.entries import Entry

_MOST = 14
_DAYS_LEAST = 2
"""A word of a single day is no word of the year."""
_NOTE_MOST = 20_000
"""Characters of one note that are read: more is a pasted text."""
_WORD = re.compile(r"[가-힣]+|[A-Za-z]+(?:['’][A-Za-z]+)*")
_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*")
# No verb or adjective takes these. 는, 은, 이, 가, 도 … are no proof: 좋은, 들어가, 먹어도.
_NOUN_ONLY = re.compile(
    "을|를|과|의|에|에서|에게|에게서|한테|한테서|으로|로|까지|부터|처럼|이랑|랑|에는|에서는|에서도|에도|께|께서|마다"
)
# A noun with 하다, so that 산책했다 counts as 산책; and endings of verbs, which no noun has: 만나서, 만나고.
_DONE = re.compile("하|했|해|한|할|함")
_VERB_ENDINGS = (
    "고",
    "서",
    "면",
    "지",
    "자",
    "니",
    "던",
    "네",
    "거나",
    "지만",
    "는데",
    "려고",
    "면서",
    "게",
    "기",
    "니까",
)
_NO_NOUN_ENDS = frozenset("으있없않찮싶좋같많받앉먹읽웃걷듣늦높렇")
_FINALS, _DOUBLE_S = 28, 20
_PARTS_LEAST = 2


@dataclass(frozen=True)
class Word:
    """A word with the number of days whose notes have it."""

    text: str
    days: int


def most_used(entries: Iterable[Entry], most: int = _MOST) -> tuple[Word, ...]:
    """The words of the most days first; of equally many, in the order of the alphabet."""
    korean: dict[str, set[date]] = defaultdict(set)
    english: dict[str, set[date]] = defaultdict(set)
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        for word in _words(entry.note):
            if "가" <= word[0] <= "힣":
                korean[word].add(entry.day)
            else:
                english[key := _key(word)].add(entry.day)
                written[key][word] += 1
    found = [Word(noun, len(on)) for noun, on in _nouns(korean).items()]
    found += [Word(_as_written(written[word]), len(on)) for word, on in _singular(english, written).items()]
    often = (word for word in found if word.days >= _DAYS_LEAST)
    return tuple(sorted(often, key=lambda word: (-word.days, word.text))[:most])


@cache
def _common(language: str) -> frozenset[str]:
    """Words that say nothing about a diary: grammar, time, and the verbs of every note."""
    return frozenset((settings.ASSETS / "common_words" / f"{language}.txt").read_text(encoding="utf-8").split())


def _words(note: str) -> list[str]:
    return _WORD.findall(_ADDRESS.sub(" ", composed(note[:_NOTE_MOST])))


def _nouns(words: dict[str, set[date]]) -> dict[str, set[date]]:
    """Each noun with its days in all its forms."""
    forms: dict[str, set[str]] = defaultdict(set)
    for word in words:
        forms[word].add(word)
        for stem in korean_particles.stems(word):
            forms[stem].add(word)
    nouns = {
        noun: all_forms
        for noun, all_forms in forms.items()
        if len(noun) >= _PARTS_LEAST and noun not in _common("ko") and _is_noun(noun, all_forms, words)
    }
    for noun in list(nouns):
        if any(shorter in nouns for shorter in korean_particles.stems(noun)):
            del nouns[noun]  # 친구들 is 친구
    for word in words:
        if noun := _of_doing(word, nouns):
            nouns[noun].add(word)
    return {noun: set().union(*(words[form] for form in all_forms)) for noun, all_forms in nouns.items()}


def _is_noun(stem: str, forms: set[str], words: dict[str, set[date]]) -> bool:
    """Whether the notes prove it: more days with a particle that only nouns take than with an ending of a verb."""
    if stem[-1] in _NO_NOUN_ENDS or (ord(stem[-1]) - ord("가")) % _FINALS == _DOUBLE_S:
        return False
    proof = sum(len(words[form]) for form in forms if _NOUN_ONLY.fullmatch(form[len(stem) :]))
    against = sum(len(words.get(stem + ending, ())) for ending in _VERB_ENDINGS)
    return proof > against


def _of_doing(word: str, nouns: dict[str, set[str]]) -> str | None:
    """The noun of a word such as 산책했다."""
    for length in range(len(word) - 1, _PARTS_LEAST - 1, -1):
        if word[:length] in nouns and _DONE.match(word, length):
            return word[:length]
    return None


def _key(word: str) -> str:
    """An English word as it is counted: without case and without a possessive 's."""
    return re.sub(r"['’]s$", "", word.casefold())


def _singular(words: dict[str, set[date]], written: dict[str, Counter[str]]) -> dict[str, set[date]]:
    """The words without common ones; a plural counts with its singular if the notes have both."""
    found: dict[str, set[date]] = {}
    for word in sorted(words, key=len):
        if len(word) <= _PARTS_LEAST or word.replace("’", "'") in _common("en"):
            continue
        single = next((word[: -len(s)] for s in ("s", "es") if word.endswith(s) and word[: -len(s)] in found), word)
        found[single] = found.get(single, set()) | words[word]
    return found


def _as_written(forms: Counter[str]) -> str:
    """The word in small letters if the notes ever have it so: they never have a name so."""
    plain = [form for form in forms if form.islower()]
    form = max(plain or forms, key=forms.__getitem__)
    return re.sub(r"['’]s$", "", form)
