"""Splits a clean text into words, signs and emoji in a normal form; marks negation and the tokens around a "but"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from words.negation import mark_negated
from words.text import EMOJI

_TOKEN = re.compile(
    r"(?P<emoticon>>?[:;=]['-]?[()dpo3/](?![a-z])|<3|\^_*\^|[tㅠㅜ]_+[tㅠㅜ](?![a-z])|-_+-)"
    r"|(?P<korean>[\uac00-\ud7a3]+)"
    r"|(?P<letters>[\u3131-\u3163]+)"
    r"|(?P<english>[a-z\u00df-\u024f]+(?:['’][a-z]+)*)"
    r"|(?P<number>\d+(?:[.,:]\d+)*)"
    rf"|(?P<emoji>{EMOJI.pattern})"
    r"|(?P<mark>[!?]+|\.{2,}|[.,;~…])"
)
_REPEATED = re.compile(r"(.)\1{2,}")
_CHOSEONG = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_JUNGSEONG = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_JONGSEONG = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")

_KOREAN_BUT = re.compile("^(?:그런데|근데|하지만|그러나|그래도|그치만|반면)")
_KOREAN_BUT_ENDING = re.compile("(?:지만|는데|은데|던데)$")


@dataclass
class Token:
    """One word or sign of a text."""

    form: str
    kind: str
    start: int
    end: int
    negated: bool = False
    negates: bool = False
    """Whether it negates another word (`not`, 안, 않다)."""
    before_but: bool = False
    after_but: bool = False

    @property
    def is_word(self) -> bool:
        return self.kind in ("korean", "english")


@cache
def _syllable(character: str) -> str:
    number = ord(character) - 0xAC00
    if not 0 <= number < 11172:
        return character
    return _CHOSEONG[number // 588] + _JUNGSEONG[number % 588 // 28] + _JONGSEONG[number % 28]


def jamo(text: str) -> str:
    """The text with Hangul syllables split into letters; everything else unchanged."""
    return "".join(map(_syllable, text))


def tokenize(text: str) -> list[Token]:
    """The words and signs of a clean text, in order."""
    found = [
        Token(_normal(match.group(), match.lastgroup or ""), match.lastgroup or "", match.start(), match.end())
        for match in _TOKEN.finditer(_lower(text))
    ]
    mark_negated(found)
    _mark_around_but(found)
    return found


def _lower(text: str) -> str:
    """The text in lower case and of the same length, so that spans stay valid (İ would become two characters)."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _normal(form: str, kind: str) -> str:
    if kind == "english":
        return _REPEATED.sub(r"\1\1", form).replace("’", "'")
    if kind == "letters":
        # ㅋㅋ and ㅋㅋㅋㅋㅋㅋ mean the same laugh; ㅜㅜ and ㅠㅠ the same tears.
        return _REPEATED.sub(r"\1\1", form.replace("ㅜ", "ㅠ"))
    if kind == "mark":
        if form[0] in "!?":
            return "?!" if "!" in form and "?" in form else form[:2]
        return "…" if form[:2] == ".." else form
    return "0" if kind == "number" else form


def _mark_around_but(found: list[Token]) -> None:
    """Marks the tokens before and after the last "but" of each sentence; the part after it carries the mood.

    If the "but" opens a sentence, the tokens before it are the previous sentence.
    """
    ends = [place for place, token in enumerate(found) if token.kind == "mark" and token.form not in (",", ";", "~")]
    starts = [0, *(end + 1 for end in ends)]
    for number, (start, end) in enumerate(zip(starts, [*ends, len(found)], strict=True)):
        turn = max((place for place in range(start, end) if _is_but(found[place])), default=-1)
        if turn < 0:
            continue
        opens = turn == start and number > 0 and not _KOREAN_BUT_ENDING.search(found[turn].form)
        for token in found[starts[number - 1] if opens else start : turn + 1]:
            token.before_but = True
        for token in found[turn + 1 : end]:
            token.after_but = True


def _is_but(token: Token) -> bool:
    if token.kind == "english":
        return token.form in ("but", "however")
    return token.kind == "korean" and bool(_KOREAN_BUT.search(token.form) or _KOREAN_BUT_ENDING.search(token.form))
