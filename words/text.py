"""Cleans the text of a note, or refuses it with a named reason."""

from __future__ import annotations

import re
import unicodedata

from reading import Refusal

MAX_CHARACTERS = 100_000

# Controls, zero-width marks, text direction, variation selectors and replacement characters; not line ends.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\uffff]"
)
_HANGUL = re.compile("[\uac00-\ud7a3\u3131-\u3163]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
EMOJI = re.compile(
    "[\u203c\u2049\u2190-\u21ff\u231a-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001f3fa\U0001f400-\U0001faff]"
)
_MADE_OF_MARKS = "\u0f73\u0f75\u0f81"
"""Tibetan vowels: no marks by their class, but composing takes them apart into marks."""
_EMOTICON = re.compile(r"[:;=]['-]?[()DPpO3/]|<3|\^\^|[TㅠㅜPQ]_+[TㅠㅜPQ]|-_-")


def clean(text: str) -> str:
    """The text in composed Unicode, without invisible characters. Raises `Refusal` where no words are left."""
    if not isinstance(text, str):
        raise Refusal("not_text", f"A note must be text, not {type(text).__name__}.")
    if len(text) > MAX_CHARACTERS:
        raise Refusal(
            "too_long",
            f"The text has {len(text):,} characters; {MAX_CHARACTERS:,} can be read at once. Split it by day.",
            {"characters": len(text)},
        )
    text = unicodedata.normalize("NFC", _few_marks(_UNPRINTABLE.sub(" ", _whole_characters(text))))
    if not text.strip():
        raise Refusal("no_text", "There is no text to read. Write a line about the day.")
    hangul, latin = len(_HANGUL.findall(text)), len(_LATIN.findall(text))
    letters = sum(map(str.isalpha, text))
    if hangul + latin == 0 and not EMOJI.search(text) and not _EMOTICON.search(text):
        if letters:
            raise Refusal("unknown_language", "Only Korean and English can be read, and none was found.")
        raise Refusal("no_words", "There are no words in the text, only numbers or signs. Write a line about the day.")
    if letters > 2 * (hangul + latin):
        raise Refusal(
            "unknown_language", "Most of the text is neither Korean nor English, which is all that can be read."
        )
    return text


def korean_share(text: str) -> float:
    """The share of Korean in the Korean and Latin writing of the text; 0.5 without either."""
    hangul, latin = len(_HANGUL.findall(text)), len(_LATIN.findall(text))
    # An English word has about twice the letters that its Korean counterpart has syllables.
    return hangul / (hangul + latin / 2) if hangul + latin else 0.5


def _whole_characters(text: str) -> str:
    """Joins surrogate pairs into one character; a lone half becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _few_marks(text: str) -> str:
    """Limits each letter to two combining marks: composing long runs of them takes quadratic time."""
    if text.isascii():
        return text
    shortened, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) or character in _MADE_OF_MARKS else 0
        if run <= 2:
            shortened.append(character)
    return "".join(shortened)
