import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotions import EMOTIONS
from words.features import BLOCKS, _lexicon_pieces, features
from words.lexicon import EMOJI, EMOTICONS, EVENTS, FEELINGS
from words.tokens import tokenize


def lexicon(text):
    return {name for name, _, _ in _lexicon_pieces(tokenize(text))}


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("행복했다", "lex:happiness"),
        ("기뻤어", "lex:happiness"),
        ("안 행복했다", "lex:~happiness"),
        ("not happy", "lex:~happiness"),
        ("슬퍼서", "lex:sadness"),
        ("보고 싶다", "lex:sadness"),
        ("I was fed up with it", "lex:anger"),
        ("😱", "lex:fear"),
        (":(", "lex:sadness"),
        ("힘들었지만 뿌듯했다", "but:lex:happiness"),
        ("힘들었지만 뿌듯했다", "was:lex:sadness"),
        ("버스 번호 이십", "evt:neutral"),
        ("xyzzy", "lex:none"),
    ],
)
def test_the_lexicon_knows(text, piece):
    assert piece in lexicon(text)


def test_a_negated_feeling_is_not_that_feeling():
    assert "lex:happiness" not in lexicon("하나도 안 행복했다")


@pytest.mark.parametrize("table", [FEELINGS, EVENTS, EMOJI, EMOTICONS])
def test_the_lexicon_names_the_seven(table):
    assert set(table) == set(EMOTIONS)


@given(st.text(max_size=300))
def test_every_piece_lies_on_the_line(text):
    line = features(text)
    assert len(line.keys) == len(line.blocks) == len(line.first) == len(line.last)
    assert line.keys.dtype == np.uint32
    assert set(line.blocks.tolist()) <= set(range(len(BLOCKS)))
    assert (line.first <= line.last).all()
    if line.tokens:
        assert line.last.max() < len(line.tokens)


def test_pieces_are_the_same_in_every_process():
    command = "from words.features import features; print(int(features('오늘 so happy 😊').keys.sum(dtype='uint64')))"
    once = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True, timeout=60)
    assert int(once.stdout) == int(features("오늘 so happy 😊").keys.sum(dtype="uint64"))
