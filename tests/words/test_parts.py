"""Long texts are split at sentences, and nothing of a text of ordinary length is left out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.words.conftest import tiny_tokenizer
from words.parts import MOST_PARTS, PIECES, encode, parts_of, words_of

TOKENIZER = tiny_tokenizer()


def test_a_line_is_one_part() -> None:
    assert parts_of(TOKENIZER, "오늘 집에 갔다. went home!") == [(0, 20)]


def test_a_long_note_is_split_at_the_ends_of_sentences() -> None:
    text = "went home. " * 12 + "sad sad sad sad! " * 8
    parts = [text[begin:end] for begin, end in parts_of(TOKENIZER, text)]
    assert len(parts) > 1
    assert "".join(parts) == text
    assert all(part.rstrip().endswith((".", "!")) for part in parts)
    assert all(len(ids) <= PIECES + 2 for ids in encode(TOKENIZER, parts))


def test_a_long_sentence_is_cut_at_spaces() -> None:
    text = "went home " * 100
    parts = [text[begin:end] for begin, end in parts_of(TOKENIZER, text)]
    assert "".join(parts) == text
    assert {part.strip()[:4] for part in parts} <= {"went", "home"}


def test_of_a_very_long_text_parts_from_all_over_it_are_read() -> None:
    text = "went home. " * 9000
    parts = parts_of(TOKENIZER, text)
    assert len(parts) == MOST_PARTS
    assert (parts[0][0], parts[-1][1]) == (0, len(text))


@given(st.text(min_size=1, max_size=1500))
def test_parts_are_in_order_and_short_enough(text: str) -> None:
    parts = parts_of(TOKENIZER, text)
    assert all(begin < end for begin, end in parts)
    assert all(first[1] <= second[0] for first, second in pairwise(parts))
    kept = "".join(text[begin:end] for begin, end in parts)
    if len(parts) < MOST_PARTS:
        assert "".join(kept.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("오늘 안 좋았다.", ["오늘", "안", "좋았다"]),
        ("I don't know, Señor… 12:30", ["I", "don't", "know", "Señor", "12:30"]),
        ("ㅋㅋㅋ 😊😊 ㅠ_ㅠ <3", ["ㅋㅋㅋ", "😊", "😊", "ㅠ_ㅠ", "<3"]),
        ("!?…", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    found = words_of(text)
    assert [word.text for word in found] == words
    assert [text[word.start : word.end] for word in found] == words
