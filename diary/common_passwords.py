"""Passwords that guessing programs try first: a repeated piece, a run of neighbouring keys, usual words with digits.

The account pages check the same while a person types (assets/account/fields.js), except the list of leaked passwords.
"""

from __future__ import annotations

import re
from functools import cache

import settings

LONGEST_PIECE = 5
"""The most characters of a piece that is refused if the password only repeats it."""
RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "1234567890qwertyuiopasdfghjklzxcvbnm",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ",
)
"""Neighbours in the alphabet or on a keyboard; a password may follow them in either direction."""
WORDS = (
    *("password", "passw0rd", "p@ssw0rd", "passphrase", "secret", "letmein", "welcome", "login", "admin", "test"),
    *("administrator", "iloveyou", "princess", "sunshine", "football", "baseball", "superman", "batman", "dragon"),
    *("monkey", "shadow", "michael", "jennifer", "starwars", "trustno", "whatever", "qwerty", "qwertyuiop", "asdf"),
    *("asdfghjkl", "zxcvbnm", "abc", "abcd", "korea", "haru", "diary", "mydiary", "하루", "일기장", "비밀번호"),
    *("사랑해", "안녕하세요", "대한민국"),
    # Where a password must change every few months, people name the season or the month.
    *("spring", "summer", "autumn", "winter", "january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december", "monday", "friday", "sunday", "여름", "가을", "겨울"),
    # 비밀번호, 하루, 사랑해 and 안녕하세요, typed on a keyboard that is set to English.
    *("qlalfqjsgh", "gkfn", "tkfkdgo", "dkssudgktpdy"),
)
"""Refused alone and together, with nothing but digits and signs between and around them."""


LEAKED = settings.ASSETS / "common_passwords.txt"
"""The most used passwords of leaks that the rules above let through; lines with # are comments."""


def is_common(password: str) -> bool:
    text = password.casefold()
    return (
        _is_repeated(text)
        or any(text in run or text[::-1] in run for run in RUNS)
        or is_made_of(text, WORDS)
        or not _leaked().isdisjoint((text, re.sub(r"^[\d\W_]+|[\d\W_]+$", "", text)))
    )


def is_made_of(text: str, words: tuple[str, ...]) -> bool:
    """Whether the text has some of the words, and besides them nothing but digits and signs."""
    rest = text
    for word in sorted(filter(None, words), key=len, reverse=True):
        rest = rest.replace(word, "\0")
    return "\0" in rest and not re.search(r"[^\d\W_]", rest)


def _is_repeated(text: str) -> bool:
    return any(text[length:] == text[:-length] for length in range(1, LONGEST_PIECE + 1))


@cache
def _leaked() -> frozenset[str]:
    return frozenset(line for line in LEAKED.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
