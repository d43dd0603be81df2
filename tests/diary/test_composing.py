from __future__ import annotations

import random
import sys
import time
import unicodedata

import pytest

from diary import composing, search
from diary.composing import composed

ACCENTS = "\u0316\u030b\u0328\u031a\u0304\u036a\u0360\u0333\u0345\u0f73\u0f75\u0f81\u3099\u05b0\U0001d165"


def test_every_accent_there_is_lies_in_the_ranges() -> None:
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        if any(map(unicodedata.combining, unicodedata.normalize("NFD", sign)[:1])):
            assert composing._MAYBE_ACCENTS.fullmatch(sign * composing._LONG_RUN), hex(code)
    assert not composing._MAYBE_ACCENTS.search("오늘은" + unicodedata.normalize("NFD", "한강에서걸었다" * 20))


def test_it_is_exactly_the_composed_text() -> None:
    dice = random.Random(7)
    letters = ACCENTS * 3 + "aé한ᄒ가ᾂ\u0344Ω가゛🌙ё가ﾞ\u0958\ufb2c" + unicodedata.normalize("NFD", "한")
    for _ in range(3000):
        text = "".join(dice.choices(letters, k=dice.randrange(120)))
        assert composed(text) == unicodedata.normalize("NFC", text)
        text = "".join(dice.choices(ACCENTS, k=dice.randrange(120)))
        assert composed("é" + text) == unicodedata.normalize("NFC", "é" + text)


@pytest.mark.parametrize("repeated", ["\u030b\u0316", "\u0f73", "\u0f81\u0f75", "\u0345\u0316\u0344"])
@pytest.mark.parametrize("use", [composed, search.fold, lambda text: search.marked("x", text)])
def test_a_letter_with_a_hundred_thousand_accents_takes_no_time(repeated: str, use) -> None:
    text = "a" + repeated * (99_999 // len(repeated))
    started = time.thread_time()
    use(text)
    assert time.thread_time() - started < 2.0  # it was 14 s and more
